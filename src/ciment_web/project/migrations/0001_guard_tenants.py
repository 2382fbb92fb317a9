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
        ("arrivals", "0001_initial"),
        ("desk", "0001_initial"),
        ("mailbox", "0001_initial"),
        ("necessity", "0001_initial"),
    ]

    operations = [
        GuardTenants(
            [
                ("arrivals_arrivalkey", "opened_by_id", "members_member"),
                ("arrivals_arrivalshare", "key_id", "arrivals_arrivalkey"),
                ("arrivals_arrivalshare", "member_id", "members_member"),
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
                ("desk_filing", "follows_id", "desk_filing"),
                ("desk_filing", "inquiry_id", "inquiries_inquiry"),
                ("desk_filing", "key_id", "arrivals_arrivalkey"),
                ("desk_filingfile", "filing_id", "desk_filing"),
                ("inquiries_attachment", "inquiry_id", "inquiries_inquiry"),
                ("inquiries_document", "inquiry_id", "inquiries_inquiry"),
                ("inquiries_draft", "first_id", "inquiries_draft"),
                ("inquiries_draft", "member_id", "members_member"),
                ("inquiries_inquiry", "decision_id", "decisions_decision"),
                ("inquiries_inquiry", "recorded_by_id", "members_member"),
                ("inquiries_inquirykey", "inquiry_id", "inquiries_inquiry"),
                ("inquiries_inquirykey", "member_id", "members_member"),
                ("inquiries_qualification", "inquiry_id", "inquiries_inquiry"),
                ("inquiries_qualification", "qualified_by_id", "members_member"),
                ("inquiries_recusalstatement", "inquiry_id", "inquiries_inquiry"),
                ("inquiries_recusalstatement", "member_id", "members_member"),
                ("mailbox_message", "inquiry_id", "inquiries_inquiry"),
                ("mailbox_message", "key_id", "arrivals_arrivalkey"),
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
