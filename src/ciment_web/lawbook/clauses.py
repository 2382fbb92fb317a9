"""One situation told in a sentence, as one would tell it to somebody who knows no list of facts."""

from django.utils.text import capfirst
from django.utils.translation import gettext as _

from ciment.law import Facts
from ciment_web.law import word_for


def tell_situation(facts: Facts) -> str:
    """Return who asks what, how and why, then what else is established; no danger is said to be none."""
    given = {name: value for name, value in facts.values.items() if name not in facts.assumed}
    asked = {
        "offence": _take(given, "offence"),
        "who": _requesters()[given["requester"]],
        "form": _take(given, "form"),
        "ground": _take(given, "ground"),
        "what": ", ".join(_wanted()[category] for category in facts.categories),
    }
    opening = (
        _("%(offence)s %(who)s envisage de dire d’initiative%(ground)s %(what)s")
        if given.pop("requester") == "nobody"
        else _("%(offence)s %(who)s demande%(form)s%(ground)s %(what)s")
    )
    clauses = [_clauses()[name, given.pop(name)] for name in tuple(given) if (name, given[name]) in _clauses()]
    clauses += [_state(name, value) for name, value in given.items()]
    if facts.values["danger"] == "none":
        clauses.append(_("aucun danger n’est établi"))
    first, separator = capfirst((opening % asked).strip()), _(" ; ")
    return f"{first}. {capfirst(separator.join(clauses))}." if clauses else f"{first}."


def tell_verdict(verdict: str) -> str:
    """Return what the institution then does, as a sentence goes on after a comma."""
    return {
        "silence": _("l’institution se tait"),
        "may": _("l’institution peut le dire, sans y être tenue"),
        "must": _("l’institution doit le dire"),
        "may_testify": _("le témoin choisit de parler ou de se taire"),
        "do_not_obstruct": _("l’institution ne s’oppose pas"),
        "own_right": _("la personne exerce son droit"),
    }[verdict]


def _state(name: str, value: str) -> str:
    """Return one attribute in the words of the pack's labels: what is asked, and unless that is all, its value."""
    attribute = word_for("attribute", name)
    if value == "yes":
        return attribute
    return _("%(name)s : « %(value)s »") % {"name": attribute, "value": word_for(name, value)}


def _take(given: dict[str, str], name: str) -> str:
    """Return what is said of one attribute in the opening, and count it as told."""
    told = _reasons().get((name, given.get(name, "")), "")
    if told:
        del given[name]
    return told


def _requesters() -> dict[str, str]:
    return {
        "nobody": _("l’institution"),
        "police": _("la police"),
        "police_for_judge": _("la police, sur mission d’un juge,"),
        "prosecutor": _("le procureur du Roi"),
        "labour_auditor": _("l’auditeur du travail"),
        "investigating_judge": _("le juge d’instruction"),
        "court": _("un tribunal"),
        "parliamentary_inquiry": _("une commission d’enquête parlementaire"),
        "intelligence_service": _("un service de renseignement"),
        "immigration_office": _("l’Office des étrangers"),
        "social_inspection": _("l’inspection sociale"),
        "tax_administration": _("l’administration fiscale"),
        "social_security_institution": _("un organisme de sécurité sociale"),
        "municipality": _("la commune"),
        "other_centre": _("un autre CPAS"),
        "partner_service": _("un service partenaire"),
        "councillor": _("un conseiller de l’action sociale"),
        "union_delegate": _("un délégué syndical"),
        "bailiff": _("un huissier de justice"),
        "lawyer_of_person": _("l’avocat de la personne"),
        "guardian_or_administrator": _("l’administrateur ou le tuteur de la personne"),
        "other_lawyer": _("l’avocat de quelqu’un d’autre"),
        "housing": _("le propriétaire du logement"),
        "employer": _("l’employeur"),
        "school": _("l’école"),
        "health_professional": _("un professionnel de la santé"),
        "emergency_services": _("le 112"),
        "youth_protection": _("l’aide à la jeunesse"),
        "supervisory_authority": _("l’autorité de tutelle"),
        "relative": _("un proche"),
        "press": _("un journaliste"),
        "person_concerned": _("la personne elle-même"),
    }


def _wanted() -> dict[str, str]:
    return {
        "existence": _("si une personne est connue"),
        "identity": _("l’identité d’une personne"),
        "address": _("l’adresse d’une personne"),
        "household": _("la composition d’un ménage"),
        "contact": _("le téléphone ou le courriel d’une personne"),
        "attendance": _("les présences et rendez-vous d’une personne"),
        "aid": _("l’aide que reçoit une personne"),
        "bank": _("le compte bancaire d’une personne"),
        "documents": _("les documents d’un dossier"),
        "confidence": _("les confidences d’une personne"),
        "third_party": _("des informations sur d’autres personnes"),
        "medical": _("les informations médicales d’une personne"),
    }


def _reasons() -> dict[tuple[str, str], str]:
    return {
        ("form", "written"): _(" par écrit"),
        ("form", "written_reasoned"): _(" par un écrit motivé"),
        ("ground", "terrorism_administrative_data"): _(", comme « renseignement administratif »,"),
        ("ground", "terrorism_serious_indications"): _(", devant des indices sérieux,"),
        ("offence", "terrorism"): _("à propos d’une infraction terroriste,"),
        ("offence", "listed_458bis"): _("à propos d’une infraction grave sur un mineur ou une personne vulnérable,"),
        ("offence", "social_fraud"): _("à propos d’une fraude sociale,"),
        ("offence", "other"): _("à propos d’une infraction ordinaire,"),
    }


def _clauses() -> dict[tuple[str, str], str]:
    return {
        ("authenticated", "yes"): _("l’auteur de la demande est bien identifié"),
        ("person_role", "author"): _("la personne en serait l’auteur"),
        ("person_role", "victim_only_contact"): _(
            "la personne en est la victime, et l’institution n’est en contact qu’avec elle"
        ),
        ("consent", "withdrawn"): _("la personne a retiré son accord"),
        ("consent", "informed"): _("la personne a donné un accord éclairé"),
        ("consent", "express_specific_written"): _("la personne y consent par écrit, expressément et précisément"),
        ("setting", "urgent_danger"): _("tout se joue maintenant"),
        ("setting", "search_or_seizure"): _("c’est une perquisition ou une saisie"),
        ("setting", "sworn_testimony"): _("un témoin est entendu sous serment"),
        ("setting", "case_conference"): _("c’est une concertation de cas"),
        ("recipient", "prosecutor"): _("l’information irait au procureur du Roi"),
        ("recipient", "other_authority"): _("l’information irait à une autre autorité"),
        ("danger", "serious_and_real"): _("le danger est sérieux et réel"),
        ("danger", "grave_and_imminent"): _("le danger est grave et imminent"),
        ("danger_to", "person"): _("il menace la personne concernée"),
        ("danger_to", "identified_other"): _("il menace quelqu’un d’autre"),
        ("other_means", "exhausted"): _("rien d’autre ne peut l’éviter"),
        ("protected_interest", "equal_or_higher"): _("ce qui est à sauver vaut au moins le secret"),
        ("self_created", "no"): _("l’institution ne l’a pas créé elle-même"),
    }
