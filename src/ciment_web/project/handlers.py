"""Where folders that may not know one another are put together."""

from ciment_web.decisions.subjects import register_handler
from ciment_web.inquiries.actions.prepare import InquirySubjects
from ciment_web.institutions.holds import register_holds
from ciment_web.members.answering import register_answer
from ciment_web.quorum.trust import answers_for
from ciment_web.seizures.queries import holds_erasure


def register() -> None:
    """Name what decisions are about, what answers for members, and what holds erasure back."""
    register_handler(InquirySubjects())
    register_answer(answers_for)
    register_holds(holds_erasure)
