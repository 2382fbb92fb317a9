"""How somebody becomes a member through the pages: invited, enrolled, answered for, with the paper typed."""

import html
import re
from collections.abc import Callable
from typing import Any

from django.test import Client
from web_stories import PASSPHRASE

from ciment_web.members.models import Member
from ciment_web.project.demonstration import Demonstration, roster_fingerprint

SignIn = Callable[..., Client]
DOOR = "/i/demo/invitation/"
NEWCOMER: dict[str, Any] = {
    "login": "nouvelle",
    "name": "Maude Nouvelle",
    "function": "assistante sociale",
    "roles": ["worker"],
    "title": "other",
    "mail": "",
}


def invite(sign_in: SignIn, **changes: Any) -> str:
    """Let the administrator invite somebody; return the code that the page shows."""
    answer = sign_in("admin").post("/i/demo/membres/inviter/", {**NEWCOMER, **changes})
    assert answer.status_code == 200, answer.content.decode()
    return code_of(answer.content.decode())


def code_of(page: str) -> str:
    """Return the code on the page that shows it once."""
    shown = re.search(r'<code class="wrap">((?:[^\W\d_]+-){11}[^\W\d_]+)</code>', page)
    assert shown is not None, page
    return html.unescape(shown[1])


def accept(code: str, phrase: str = PASSPHRASE, again: str | None = None, address: str = "127.0.0.1") -> Any:
    """Let somebody without an account give the code and a passphrase."""
    given = {"code": code, "phrase": phrase, "phrase_again": phrase if again is None else again}
    return Client(REMOTE_ADDR=address).post(DOOR, given)


def enrol(sign_in: SignIn, **changes: Any) -> Member:
    """Invite somebody who accepts; nobody has answered for the new member yet."""
    answer = accept(invite(sign_in, **changes))
    assert answer.status_code == 200, answer.content.decode()
    return Member.objects.get(login=changes.get("login", NEWCOMER["login"]))


def answer_for(client: Client, member: Member, phrase: str = PASSPHRASE) -> Any:
    """Let a signatory answer for what the page shows."""
    where = f"/i/demo/accords/membres/{member.id}/"
    page = client.get(where).content.decode()
    seen = re.search(r'name="seen" value="([0-9a-f]{64})"', page)
    assert seen is not None, page
    return client.post(where, {"seen": seen[1], "phrase": phrase})


def type_paper(demonstration: Demonstration, client: Client) -> None:
    """Let somebody copy the fingerprint of the ceremony from paper."""
    mark = roster_fingerprint(demonstration.people["dg"])
    assert client.post("/i/demo/accords/empreinte/", {"fingerprint": mark[:20]}).status_code == 302
