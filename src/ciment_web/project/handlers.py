"""Where folders that may not know one another are put together."""

from ciment_web.access.reminding import remind
from ciment_web.decisions.subjects import register_handler
from ciment_web.inquiries.actions.prepare import InquirySubjects
from ciment_web.inquiries.reminders import register_reminders
from ciment_web.members.answering import register_answer
from ciment_web.quorum.trust import answers_for


def register() -> None:
    """Name what decisions are about, what answers for members, and what comes back on the home page."""
    register_handler(InquirySubjects())
    register_answer(answers_for)
    register_reminders(remind)
