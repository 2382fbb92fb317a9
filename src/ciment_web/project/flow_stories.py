"""Flows and mission acts of the demonstration, played through the very actions that the pages call."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from ciment_web.decisions.actions.adopt import adopt_decision
from ciment_web.decisions.actions.approve import approve_decision
from ciment_web.flows.actions.agree import advise_on_flow, submit_flow
from ciment_web.flows.actions.note import NewCommunication, note_communication
from ciment_web.flows.actions.propose import NewFlow, propose_flow
from ciment_web.flows.models import Communication, Flow
from ciment_web.inquiries.documents import today
from ciment_web.journal.actions import NewAct, record_act
from ciment_web.project.demonstration import Demonstration


def proposed_flow(demonstration: Demonstration, **changes: Any) -> Flow:
    """The referent proposes a flow to a fictitious service; `changes` replace what is proposed."""
    people = demonstration.people
    new = NewFlow(
        outside=False,
        requester="social_security_institution",
        categories=("identity", "aid"),
        rule="be.flow",
        service="Mutualité de l’Exemple, service des indemnités",
        channel="portal",
        address="portail.exemple.invalid, boîte « indemnités »",
        verified="Répertoire de l’institution, relu le jour de la proposition",
        purpose="Ouvrir les droits de la personne sans qu’elle doive répéter ce que l’institution atteste déjà.",
        owner=people["travailleur"].member,
        until=today(demonstration.institution) + timedelta(days=300),
        sample=10,
    )
    return propose_flow(people["referent"], replace(new, **changes))


def advised_flow(demonstration: Demonstration, **changes: Any) -> Flow:
    """The data protection officer gives an opinion on it."""
    flow = proposed_flow(demonstration, **changes)
    text = "Finalité précise, informations limitées ; à revoir au terme."
    advise_on_flow(demonstration.people["dpo"], flow, favourable=True, text=text)
    flow.refresh_from_db()
    return flow


def adopted_flow(demonstration: Demonstration, **changes: Any) -> Flow:
    """Two signatories give their accords, and one puts the flow into force."""
    flow = advised_flow(demonstration, **changes)
    adopt_flow(demonstration, flow)
    return flow


def adopt_flow(demonstration: Demonstration, flow: Flow) -> None:
    """Ask for the accords on a flow whose opinion is there, give two of them, and put it into force."""
    people, passphrase = demonstration.people, demonstration.passphrase
    decision = submit_flow(people["referent"], flow)
    for login in ("dg", "president"):
        approve_decision(people[login], decision, passphrase)
    adopt_decision(people["dg"], decision, passphrase)
    flow.refresh_from_db()


def noted(demonstration: Demonstration, flow: Flow, login: str = "travailleur", **changes: Any) -> Communication:
    """Somebody notes a communication within the flow."""
    new = NewCommunication(
        sent_on=today(demonstration.institution),
        categories=("aid",),
        about="Camille Exemple",
        kept_at="Classeur A, pièce 12",
        exactly=True,
    )
    return note_communication(demonstration.people[login], flow, replace(new, **changes))


def seed_flows(demonstration: Demonstration) -> None:
    """One flow in force with a few notes, one proposed, one exchange declared, and lines in the journal."""
    flow = adopted_flow(demonstration)
    noted(demonstration, flow)
    noted(demonstration, flow, "referent", about="Dominique Modèle", categories=("identity", "aid"))
    proposed_flow(
        demonstration,
        requester="other_centre",
        categories=("identity",),
        service="CPAS de Clairval (fictif), service social",
        channel="encrypted_mail",
        address="accueil@clairval.invalid",
        purpose="Ne pas aider deux fois au même titre.",
    )
    proposed_flow(
        demonstration,
        outside=True,
        categories=("identity", "household"),
        service="Réseau d’échange de l’Exemple (fictif)",
        address="échange entre serveurs, sans écran",
        purpose="Consultation automatisée, sous la responsabilité de l’institution.",
    )
    worker, day = demonstration.people["travailleur"], today(demonstration.institution)
    for kind, told_to in (("health_fund", "social_security_institution"), ("committee", "councillor")):
        record_act(worker, NewAct(kind, day, told_to, "Camille Exemple"))
