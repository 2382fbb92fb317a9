from django.db import migrations

from ciment_web.institutions.tenancy import GuardTenants


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("institutions", "0001_initial"),
        ("register", "0001_initial"),
        ("members", "0001_initial"),
        ("quorum", "0001_initial"),
        ("decisions", "0001_initial"),
        ("inquiries", "0001_initial"),
        ("necessity", "0001_initial"),
        ("access", "0001_initial"),
    ]

    operations = [
        GuardTenants(
            [
                ("access_personcheck", "member_id", "members_member"),
                ("access_personcheck", "request_id", "access_personrequest"),
                ("access_personkey", "member_id", "members_member"),
                ("access_personkey", "request_id", "access_personrequest"),
                ("access_personrequest", "recorded_by_id", "members_member"),
                ("access_personstatement", "handed_by_id", "members_member"),
                ("access_personstatement", "made_by_id", "members_member"),
                ("access_personstatement", "request_id", "access_personrequest"),
                ("access_telling", "inquiry_id", "inquiries_inquiry"),
                ("access_tellingkey", "inquiry_id", "inquiries_inquiry"),
                ("access_tellingkey", "member_id", "members_member"),
                ("decisions_approval", "decision_id", "decisions_decision"),
                ("decisions_approval", "member_id", "members_member"),
                ("decisions_decision", "prepared_by_id", "members_member"),
                ("decisions_objection", "decision_id", "decisions_decision"),
                ("decisions_objection", "member_id", "members_member"),
                ("decisions_packet", "decision_id", "decisions_decision"),
                ("decisions_packet", "executed_by_id", "members_member"),
                ("decisions_readingkey", "copy_id", "decisions_releasecopy"),
                ("decisions_readingkey", "member_id", "members_member"),
                ("decisions_releasecopy", "added_by_id", "members_member"),
                ("decisions_releasecopy", "decision_id", "decisions_decision"),
                ("inquiries_attachment", "inquiry_id", "inquiries_inquiry"),
                ("inquiries_document", "inquiry_id", "inquiries_inquiry"),
                ("inquiries_draft", "member_id", "members_member"),
                ("inquiries_inquiry", "decision_id", "decisions_decision"),
                ("inquiries_inquiry", "recorded_by_id", "members_member"),
                ("inquiries_inquirykey", "inquiry_id", "inquiries_inquiry"),
                ("inquiries_inquirykey", "member_id", "members_member"),
                ("inquiries_qualification", "inquiry_id", "inquiries_inquiry"),
                ("inquiries_qualification", "qualified_by_id", "members_member"),
                ("inquiries_recusalstatement", "inquiry_id", "inquiries_inquiry"),
                ("inquiries_recusalstatement", "member_id", "members_member"),
                ("members_invitation", "invited_by_id", "members_member"),
                ("members_member", "countersigned_by_id", "members_member"),
                ("members_memberrole", "member_id", "members_member"),
                ("members_registerkey", "member_id", "members_member"),
                ("necessity_necessity", "recorded_by_id", "members_member"),
                ("necessity_necessitykey", "member_id", "members_member"),
                ("necessity_necessitykey", "necessity_id", "necessity_necessity"),
                ("necessity_statement", "necessity_id", "necessity_necessity"),
                ("necessity_statement", "stated_by_id", "members_member"),
                ("quorum_ceremonymessage", "ceremony_id", "quorum_ceremony"),
                ("quorum_ceremonymessage", "member_id", "members_member"),
                ("quorum_sealedshare", "member_id", "members_member"),
            ]
        )
    ]
