"""Where folders that may not know one another are put together."""

from ciment_web.decisions.subjects import register_handler
from ciment_web.inquiries.actions.prepare import InquirySubjects


def register() -> None:
    """Name inquiries as what decisions are about."""
    register_handler(InquirySubjects())
