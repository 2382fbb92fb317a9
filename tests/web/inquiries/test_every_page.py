"""Every page as every member sees it: closed headers, nothing inline, in French; errors repeat nothing typed."""

from collections.abc import Callable, Iterator
from html.parser import HTMLParser
from typing import Any

import pytest
from desk_stories import file, open_desk
from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from invitations import enrol, invite
from person_stories import stated
from web_stories import DUTY, prepare_release, qualify, record, silenced, uploaded

from ciment_web.access.models import PersonRequest
from ciment_web.decisions.actions.approve import object_to_decision
from ciment_web.desk.models import Filing
from ciment_web.drills.casebook import all_cases
from ciment_web.flows.models import Communication, Flow
from ciment_web.freezes.actions import freeze_inquiry
from ciment_web.freezes.models import Freeze
from ciment_web.inquiries.actions.answer import answer_inquiry, withdraw_inquiry
from ciment_web.inquiries.actions.open import read_inquiry, state_recusal
from ciment_web.inquiries.actions.refuse import refuse_inquiry
from ciment_web.inquiries.documents import today
from ciment_web.inquiries.models import Inquiry
from ciment_web.mailbox.models import Message
from ciment_web.mailbox.receiving import receive_message
from ciment_web.members.models import Member
from ciment_web.necessity.actions import NewStatement, record_necessity
from ciment_web.necessity.models import Necessity
from ciment_web.pressure.actions import NewReport, tell_report
from ciment_web.pressure.models import Report
from ciment_web.project.demonstration import CAST, Demonstration
from ciment_web.project.flow_stories import adopted_flow, noted
from ciment_web.seizures.actions import add_fact, open_seizure
from ciment_web.seizures.inventory import make_inventory
from ciment_web.seizures.models import Seizure
from ciment_web.seizures.sealing import Photo, Words

SignIn = Callable[..., Client]
CANARY = "Zyxwvut-Canari"
POLICY = {
    "default-src": "'none'",
    "base-uri": "'none'",
    "frame-ancestors": "'none'",
    **dict.fromkeys(("script-src", "style-src", "img-src", "font-src", "connect-src", "form-action"), "'self'"),
}
HEADERS = {
    "X-Frame-Options": "DENY",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
}
# Seen at work elsewhere: tests/web/founding (before the ceremony), tests/web/access (mandate, packet, letter).
ELSEWHERE = {
    "founding-teams", "founding-team", "hand-over",
    "person-mandate", "person-packet", "telling-letter", "telling-proof",
}  # fmt: skip
# Published for the world to keep: the one thing a cache may hold.
CACHED = {"log"}


class Page(HTMLParser):
    """A rendered page, with what a strict policy would block, and what a reader without eyes would miss."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.blocked: list[str] = []
        self.languages: list[str | None] = []
        self.titles = 0
        self.drawn = 0
        self.headings = 0
        self.inside = ""
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.inside = tag
        # A drawing has a title of its own, for whoever does not see it.
        self.drawn += tag == "svg"
        self.titles += tag == "title" and not self.drawn
        self.headings += tag == "h1"
        if tag == "html":
            self.languages.append(given.get("lang"))
        inline = [name for name in given if name == "style" or name.startswith("on")]
        # Only a source of law is a link elsewhere; nothing is loaded from elsewhere, or sent there.
        where = ("/", "#", "?", "https://", "http://", "tel:") if tag == "a" else ("/", "#", "?")
        remote = [
            f"{name}={value}"
            for name, value in given.items()
            if name in ("src", "href", "action", "formaction", "hx-post", "hx-get")
            if value and (value.startswith("//") or not value.startswith(where))
        ]
        if tag in ("style", "iframe", "object", "embed", "base") or (tag == "script" and "src" not in given):
            self.blocked.append(tag)
        self.blocked += [f"{tag} {what}" for what in (*inline, *remote)]

    def handle_data(self, data: str) -> None:
        if self.inside == "script" and data.strip():
            self.blocked.append("words inside a script")

    def handle_endtag(self, tag: str) -> None:
        self.drawn -= tag == "svg"
        self.inside = ""


def require_closed(answer: HttpResponse, name: str = "") -> None:
    """Hold an answer against the rules of every answer."""
    given = dict(part.strip().split(" ", 1) for part in answer["Content-Security-Policy"].split(";"))
    assert given == POLICY
    assert {header: answer[header] for header in HEADERS} == HEADERS
    assert name in CACHED or "no-store" in answer["Cache-Control"].split(", ")
    if not answer.streaming and answer.content and answer["Content-Type"].startswith("text/html"):
        page = Page(answer.content.decode())
        assert page.blocked == []
        assert (page.languages, page.titles, page.headings) == (["fr"], 1, 1)


def addresses(world: Demonstration) -> Iterator[tuple[str, str]]:
    """Return (name, path) of every address, once for each inquiry and decision there is."""
    necessity = Necessity.objects.filter(institution=world.institution).first()
    seizure = Seizure.objects.filter(institution=world.institution).first()
    report = Report.objects.filter(institution=world.institution).first()
    filing = Filing.objects.filter(institution=world.institution, inquiry=None).first()
    message = Message.objects.filter(institution=world.institution).first()
    flow = Flow.objects.filter(institution=world.institution).first()
    sent = Communication.objects.filter(institution=world.institution).first()
    freeze = Freeze.objects.filter(institution=world.institution).first()
    asked = PersonRequest.objects.filter(institution=world.institution).first()
    slug, nowhere = world.institution.slug, "00000000-0000-4000-8000-000000000000"
    waiting = Member.objects.get(institution=world.institution, login="nouvelle").id
    for pattern in _patterns(get_resolver().url_patterns):
        wanted = set(pattern.pattern.converters)
        for inquiry in Inquiry.objects.filter(institution=world.institution).select_related("decision"):
            decision = inquiry.decision
            copy = decision.copies.first() if decision else None
            given = {
                "slug": slug,
                "inquiry_id": inquiry.id,
                "decision_id": decision.id if decision else nowhere,
                "copy_id": copy.id if copy else nowhere,
                "filing_id": filing.id if filing else nowhere,
                "message_id": message.id if message else nowhere,
                "necessity_id": necessity.id if necessity else nowhere,
                "seizure_id": seizure.id if seizure else nowhere,
                "report_id": report.id if report else nowhere,
                "flow_id": flow.id if flow else nowhere,
                "communication_id": sent.id if sent else nowhere,
                "freeze_id": freeze.id if freeze else nowhere,
                "request_id": asked.id if asked else nowhere,
                "found_id": inquiry.id,
                "case_slug": next(iter(all_cases())),
                "choice": 1,
                "year": today(world.institution).year,
                "step": "piece",
                "number": 1,
                "kind": "certificate",
                # A piece counts from nought, what is noted of a seizure from one.
                "position": 1 if "seizure_id" in wanted else 0,
                "index": 0,
                "resource": "checkpoint",
                "member_id": waiting,
                "invitation_id": nowhere,
                "rule_id": "be.secret",
                "bill": "every-offence",
                "team": "trois",
            }
            kwargs = {name: given[name] for name in wanted | _slug_of(pattern)}
            yield str(pattern.name), reverse(str(pattern.name), kwargs=kwargs)


def _patterns(patterns: list[Any]) -> Iterator[URLPattern]:
    for pattern in patterns:
        yield from _patterns(pattern.url_patterns) if isinstance(pattern, URLResolver) else [pattern]


def _slug_of(pattern: URLPattern) -> set[str]:
    return set() if pattern.name == "index" else {"slug"}


@pytest.fixture
def busy(demonstration: Demonstration, sign_in: SignIn) -> Demonstration:
    """A centre with a request in every state, somebody invited and somebody to answer for."""
    enrol(sign_in)
    invite(sign_in, login="suivante")
    referent, dg = demonstration.people["referent"], demonstration.people["dg"]
    record(demonstration)
    silenced(demonstration)
    qualify(demonstration, record(demonstration, requester="prosecutor", form="written"), DUTY)
    prepare_release(demonstration, b"en attente", reading=True)
    prepare_release(demonstration, b"partie").release(demonstration)
    refused = prepare_release(demonstration, b"non")
    for login in ("dg", "president"):
        object_to_decision(demonstration.people[login], refused.decision, "trop large")
    for act in (answer_inquiry, withdraw_inquiry):
        inquiry = silenced(demonstration)
        if act is answer_inquiry:
            state_recusal(dg, inquiry, recused=False)
            refuse_inquiry(dg, read_inquiry(dg, inquiry))
        inquiry.refresh_from_db()
        act(referent, inquiry)
    state_recusal(referent, record(demonstration), recused=True)
    worker = demonstration.people["travailleur"]
    record_necessity(worker, NewStatement())
    seizure = open_seizure(worker)
    shown = Photo.of("titre.png", uploaded(b"\x89PNG\r\n\x1a\n", "titre.png").keep())
    add_fact(worker, seizure, Words("title", {"title": "warrant"}, shown))
    add_fact(worker, seizure, Words("end"))
    make_inventory(worker, seizure)
    tell_report(worker, NewReport({"what": "Dis-le."}, readers=frozenset({referent.member.id})))
    noted(demonstration, adopted_flow(demonstration))
    stated(demonstration)
    freeze_inquiry(referent, record(demonstration), "Un doute.")
    open_desk(demonstration, "desk", "mail")
    file()
    receive_message(demonstration.institution, b"From: a@exemple.invalid\n\nBonjour\n")
    return demonstration


@pytest.mark.slow
def test_every_page_of_every_member_is_closed(busy: Demonstration, sign_in: SignIn) -> None:
    paths = sorted(set(addresses(busy)))
    answered: dict[str, set[int]] = {}
    for client in [Client(), *(sign_in(login) for login in ("nouvelle", *(newcomer.login for newcomer in CAST)))]:
        for name, path in paths:
            answer = client.get(path)
            assert answer.status_code < 500, path
            answered.setdefault(name, set()).add(answer.status_code)
            require_closed(answer, name)  # type: ignore[arg-type]
    # Every address was seen at work, here or elsewhere, or takes nothing but a form.
    idle = {name for name, statuses in answered.items() if not statuses & {200, 302}}
    idle -= ELSEWHERE
    assert {name for name in idle if 405 not in answered[name]} == set()


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("get", f"/i/demo/demandes/{CANARY}/", 404),
        ("post", "/i/demo/accords/ceremonie/", 403),
        ("get", f"/i/{CANARY.lower()}/", 404),
        ("post", "/i/demo/demandes/00000000-0000-4000-8000-000000000000/refus/", 404),
        ("post", "/i/demo/registre/", 405),
        ("get", "/i/demo/deconnexion/", 405),
    ],
)
def test_an_error_says_what_to_do_and_nothing_that_was_typed(
    demonstration: Demonstration, sign_in: SignIn, method: str, path: str, status: int
) -> None:
    assert demonstration.institution.slug == "demo"
    answer = getattr(sign_in("travailleur"), method)(path, {"text": CANARY, "threshold": "2"})
    assert answer.status_code == status
    require_closed(answer)
    # Somebody who went astray finds a page with a way back, never a blank one.
    assert b"<h1" in answer.content
    assert CANARY.encode() not in answer.content


def test_more_fields_than_any_form_has_are_refused_in_french(demonstration: Demonstration, sign_in: SignIn) -> None:
    assert demonstration.institution.slug == "demo"
    fields = {f"champ{number}": CANARY for number in range(250)}
    answer = sign_in("travailleur").post("/i/demo/demandes/nouvelle/", fields)
    assert answer.status_code == 400
    require_closed(answer)  # type: ignore[arg-type]
    assert CANARY not in answer.content.decode()


def test_our_own_fault_is_a_plain_page(
    demonstration: Demonstration, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    def fail(*_given: object) -> None:
        raise RuntimeError(CANARY)

    client = sign_in("travailleur")
    client.raise_request_exception = False
    monkeypatch.setattr("ciment_web.inquiries.views.recording.work_of", fail)
    answer = client.get("/i/demo/", {"text": CANARY})
    assert answer.status_code == 500
    require_closed(answer)  # type: ignore[arg-type]
    assert CANARY not in answer.content.decode()
    assert CANARY not in "".join(capfd.readouterr())
    assert demonstration.institution.slug == "demo"


def test_the_preview_is_a_piece_of_page_that_stores_nothing(demonstration: Demonstration, sign_in: SignIn) -> None:
    inquiry = record(demonstration, requester="prosecutor", form="written", categories=("identity",))
    where = f"/i/demo/demandes/{inquiry.id}/"
    referent = sign_in("referent")
    referent.post(f"{where}recusation/", {"tied": "no"})
    facts = {**{name: value for name, value in DUTY.items() if name != "category"}, "categories": ["identity"]}
    answer = referent.post(f"{where}qualification/apercu/", facts, headers={"HX-Request": "true"})
    text = answer.content.decode()
    page = Page(text)
    assert (answer.status_code, page.blocked, page.languages, page.headings) == (200, [], [], 0)
    assert "Obligation" in text
    # Without JavaScript the same verdict comes with the whole page, and nothing is stored either.
    whole = referent.post(f"{where}qualification/", {**facts, "preview": "1"})
    assert "Obligation" in whole.content.decode()
    require_closed(whole)  # type: ignore[arg-type]
    for wrong in ({}, {**facts, "ground": CANARY}, {**facts, "categories": [CANARY]}):
        assert referent.post(f"{where}qualification/apercu/", wrong).status_code == 200
    assert not inquiry.qualifications.exists()
    assert referent.get(f"{where}qualification/apercu/").status_code == 405
