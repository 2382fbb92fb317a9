"""Where folders that may not know one another are put together."""

from ciment_web.decisions.subjects import register_handler
from ciment_web.desk.channel import Desk
from ciment_web.inquiries.actions.prepare import InquirySubjects
from ciment_web.inquiries.channels import register_channels
from ciment_web.mailbox.channel import Mailbox
from ciment_web.members.answering import register_answer
from ciment_web.quorum.trust import answers_for


def register() -> None:
    """Name inquiries as what decisions are about, the roster as what answers for members, and the ways in."""
    register_handler(InquirySubjects())
    register_answer(answers_for)
    register_channels(Desk(), Mailbox())
