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
        ("seizures", "0001_initial"),
        ("pressure", "0001_initial"),
    ]

    operations = [
        GuardTenants(
            [
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
                ("pressure_confidence", "report_id", "pressure_report"),
                ("pressure_envelope", "member_id", "members_member"),
                ("pressure_envelope", "report_id", "pressure_report"),
                ("quorum_ceremonymessage", "ceremony_id", "quorum_ceremony"),
                ("quorum_ceremonymessage", "member_id", "members_member"),
                ("quorum_sealedshare", "member_id", "members_member"),
                ("seizures_fact", "noted_by_id", "members_member"),
                ("seizures_fact", "seizure_id", "seizures_seizure"),
                ("seizures_inventory", "made_by_id", "members_member"),
                ("seizures_inventory", "seizure_id", "seizures_seizure"),
                ("seizures_seizure", "opened_by_id", "members_member"),
                ("seizures_seizurekey", "member_id", "members_member"),
                ("seizures_seizurekey", "seizure_id", "seizures_seizure"),
            ]
        )
    ]
