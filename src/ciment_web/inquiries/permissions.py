"""Who may do what with an inquiry. Each answer is a plain yes or no; the default is no."""

from ciment.disclosure.states import Act, Lane, State, possible_acts
from ciment_web.decisions.stops import is_stopped
from ciment_web.inquiries.models import Inquiry
from ciment_web.inquiries.recusals import has_stated, is_recused_by_setting, is_untied
from ciment_web.members.actor import Actor
from ciment_web.members.answering import parsed_enrolment
from ciment_web.members.models import Role, Title


def can_record(actor: Actor) -> bool:
    """Anybody who may be asked: every member except an administrator or auditor without another role."""
    return actor.holds(Role.WORKER, Role.TEAM_LEAD, Role.REFERENT, Role.SIGNATORY)


def must_state_recusal(actor: Actor, inquiry: Inquiry) -> bool:
    """Referents and signatories say whether they are tied before they see names or do anything.

    Whoever is recused by setting is asked nothing.
    """
    asked = actor.holds(Role.REFERENT, Role.SIGNATORY) and not has_stated(inquiry, actor.member)
    return asked and not is_recused_by_setting(actor, inquiry)


def is_frozen(inquiry: Inquiry) -> bool:
    """Whether the request, or the whole institution, is frozen: then nobody reads it and nothing is done with it."""
    return is_stopped(inquiry.institution_id, str(inquiry.id))


def is_recused(actor: Actor, inquiry: Inquiry) -> bool:
    """Whether a setting recuses the actor, the actor declared a tie, or the statement kept of the actor fails."""
    declared = has_stated(inquiry, actor.member) and not is_untied(inquiry, actor.member, actor.keys.public)
    return declared or is_recused_by_setting(actor, inquiry)


def is_fit(actor: Actor, inquiry: Inquiry) -> bool:
    """Whether the actor answered the question where it is asked, has no tie, and nothing is frozen."""
    return not is_frozen(inquiry) and _has_no_tie(actor, inquiry)


def may_read(actor: Actor, inquiry: Inquiry) -> bool:
    """Whoever may hand it over, while nothing is frozen."""
    return not is_frozen(inquiry) and may_hand_over(actor, inquiry)


def may_hand_over(actor: Actor, inquiry: Inquiry) -> bool:
    """Whoever is fit, frozen or not: a freeze never stops a judge.

    Its recorder too before the question is answered: the words are the recorder's own. Not where it came in at the
    desk: whoever took it over has read nothing yet.
    """
    noted = inquiry.recorded_by_id == actor.member.id and inquiry.channel != "desk"
    return _has_no_tie(actor, inquiry) or (noted and not is_recused(actor, inquiry))


def _has_no_tie(actor: Actor, inquiry: Inquiry) -> bool:
    return not must_state_recusal(actor, inquiry) and not is_recused(actor, inquiry)


def can_recuse(actor: Actor, inquiry: Inquiry) -> bool:
    """A tie that shows once names are read may still be declared."""
    return actor.holds(Role.REFERENT, Role.SIGNATORY) and not is_recused(actor, inquiry)


def can_qualify(actor: Actor, inquiry: Inquiry) -> bool:
    """A referent who is not recused, while the inquiry waits for it."""
    return _acts(inquiry, Act.QUALIFY) and actor.holds(Role.REFERENT) and is_fit(actor, inquiry)


def can_silence_duty(actor: Actor) -> bool:
    """Only the director general may silence what the law says must be answered, and takes the risk on record.

    The title is that of the enrolment somebody answers for, not that of the row.
    """
    return bool(actor.roles) and parsed_enrolment(bytes(actor.member.enrolment)).title == Title.DIRECTOR_GENERAL


def can_override(actor: Actor, inquiry: Inquiry) -> bool:
    """The director general, as a signatory who is not recused, stays silent on a duty that is qualified already."""
    qualified = State(inquiry.state) is State.QUALIFIED and _acts(inquiry, Act.QUALIFY)
    return qualified and can_silence_duty(actor) and actor.holds(Role.SIGNATORY) and is_fit(actor, inquiry)


def can_refuse(actor: Actor, inquiry: Inquiry) -> bool:
    """One signatory, not recused, in the lane of silence."""
    return _acts(inquiry, Act.REFUSE) and actor.holds(Role.SIGNATORY) and is_fit(actor, inquiry)


def can_prepare(actor: Actor, inquiry: Inquiry) -> bool:
    """A referent who is not recused, in the lane of release, while no decision is open."""
    free = inquiry.decision_id is None
    return free and _acts(inquiry, Act.PREPARE) and actor.holds(Role.REFERENT) and is_fit(actor, inquiry)


def can_answer(actor: Actor, inquiry: Inquiry) -> bool:
    """A referent or signatory sends what was decided."""
    return _acts(inquiry, Act.ANSWER) and actor.holds(Role.REFERENT, Role.SIGNATORY) and is_fit(actor, inquiry)


def can_close(actor: Actor, inquiry: Inquiry) -> bool:
    """A referent closes what is answered, or what is not answered by letter."""
    return _acts(inquiry, Act.CLOSE) and actor.holds(Role.REFERENT) and is_fit(actor, inquiry)


def can_withdraw(actor: Actor, inquiry: Inquiry) -> bool:
    """A referent, not recused, withdraws what is not decided yet."""
    return _acts(inquiry, Act.WITHDRAW) and actor.holds(Role.REFERENT) and is_fit(actor, inquiry)


def _acts(inquiry: Inquiry, act: Act) -> bool:
    lane = Lane(inquiry.lane) if inquiry.lane else None
    return act in possible_acts(State(inquiry.state), lane)
