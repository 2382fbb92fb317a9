"""Where folders that may not know one another are put together."""

from ciment_web.decisions.subjects import register_handler
from ciment_web.flows.subjects import FlowSubjects
from ciment_web.inquiries.actions.prepare import InquirySubjects
from ciment_web.members.answering import register_answer
from ciment_web.quorum.trust import answers_for


def register() -> None:
    """Name inquiries and flows as what decisions are about, and the roster as what answers for members."""
    register_handler("release", InquirySubjects())
    register_handler("flow", FlowSubjects())
    register_answer(answers_for)
