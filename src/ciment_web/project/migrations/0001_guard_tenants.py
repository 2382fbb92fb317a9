from django.db import migrations

from ciment_web.institutions.tenancy import GuardTenants


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("institutions", "0001_initial"),
        ("register", "0001_initial"),
        ("members", "0001_initial"),
        ("quorum", "0001_initial"),
        ("governance", "0001_initial"),
        ("decisions", "0001_initial"),
        ("inquiries", "0001_initial"),
        ("necessity", "0001_initial"),
        ("flows", "0001_initial"),
        ("freezes", "0001_initial"),
        ("journal", "0001_initial"),
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
                ("flows_communication", "decision_id", "decisions_decision"),
                ("flows_communication", "flow_id", "flows_flow"),
                ("flows_communication", "noted_by_id", "members_member"),
                ("flows_communicationkey", "communication_id", "flows_communication"),
                ("flows_communicationkey", "member_id", "members_member"),
                ("flows_flow", "decision_id", "decisions_decision"),
                ("flows_flow", "proposed_by_id", "members_member"),
                ("flows_flowkey", "flow_id", "flows_flow"),
                ("flows_flowkey", "member_id", "members_member"),
                ("flows_review", "communication_id", "flows_communication"),
                ("flows_review", "reviewed_by_id", "members_member"),
                ("flows_suspension", "decision_id", "decisions_decision"),
                ("flows_suspension", "flow_id", "flows_flow"),
                ("flows_suspension", "suspended_by_id", "members_member"),
                ("freezes_freeze", "decision_id", "decisions_decision"),
                ("freezes_freeze", "frozen_by_id", "members_member"),
                ("freezes_freezekey", "freeze_id", "freezes_freeze"),
                ("freezes_freezekey", "member_id", "members_member"),
                ("governance_alert", "raised_by_id", "members_member"),
                ("governance_alert", "seen_by_id", "members_member"),
                ("governance_delivery", "alert_id", "governance_alert"),
                ("governance_delivery", "member_id", "members_member"),
                ("governance_settingrecord", "signed_by_id", "members_member"),
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
                ("journal_missionact", "recorded_by_id", "members_member"),
                ("journal_missionactkey", "act_id", "journal_missionact"),
                ("journal_missionactkey", "member_id", "members_member"),
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
