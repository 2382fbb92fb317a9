"""Where folders that may not know one another are put together."""

from ciment_web.access.reminding import remind
from ciment_web.decisions.stops import register_stop
from ciment_web.decisions.subjects import register_handler
from ciment_web.desk.channel import Desk
from ciment_web.flows.subjects import FlowSubjects
from ciment_web.freezes.reopening import FreezeSubjects
from ciment_web.freezes.standing import is_at_work, is_stopped
from ciment_web.inquiries.actions.prepare import InquirySubjects
from ciment_web.inquiries.channels import register_channels
from ciment_web.inquiries.reminders import register_reminders
from ciment_web.institutions.holds import register_holds
from ciment_web.mailbox.channel import Mailbox
from ciment_web.members.answering import register_answer, register_door
from ciment_web.quorum.trust import answers_for
from ciment_web.seizures.queries import holds_erasure


def register() -> None:
    """Name decisions' matters, who answers for members, what stops, what comes in and back, what holds erasure."""
    register_handler("release", InquirySubjects())
    register_handler("flow", FlowSubjects())
    register_handler("reopen", FreezeSubjects())
    register_answer(answers_for)
    register_door(is_at_work)
    register_stop(is_stopped)
    register_reminders(remind)
    register_holds(holds_erasure)
    register_channels(Desk(), Mailbox())
