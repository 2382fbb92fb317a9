"""A centre that the host has just founded, and the ways its first people take through the pages."""

import html
import re
from dataclasses import dataclass, field
from typing import Any

from django.test import Client
from invitations import code_of
from web_stories import PASSPHRASE

from ciment_web.founding.establishing import found_by_host
from ciment_web.institutions.models import Institution
from ciment_web.law import pin_demonstration_key
from ciment_web.members.actions import NewMember
from ciment_web.members.models import Member, Role

SLUG = "neuf"
HERE = f"/i/{SLUG}/"
LETTERHEAD = {"name": "CPAS neuf", "address": "Rue Neuve 1\n0000 Neufbourg", "contact": "081 00 00 00", "place": "Neuf"}
_SHEET = re.compile(r'<section class="card stack sheet">(.*?)</section>', re.DOTALL)


@dataclass
class Centre:
    """A founded institution, and the sessions of those who entered."""

    institution: Institution
    code: str = field(repr=False)
    clients: dict[str, Client] = field(default_factory=dict)

    def enter(self, login: str, code: str) -> Client:
        """Let somebody accept an invitation and sign in."""
        given = {"code": code, "phrase": PASSPHRASE, "phrase_again": PASSPHRASE}
        answer = Client().post(f"{HERE}invitation/", given)
        assert answer.status_code == 200, answer.content.decode()
        return self.sign_in(login)

    def sign_in(self, login: str) -> Client:
        client = Client()
        answer = client.post(f"{HERE}connexion/", {"identifiant": login, "phrase": PASSPHRASE})
        assert answer.status_code == 302, answer.content.decode()
        self.clients[login] = client
        return client

    def member(self, login: str) -> Member:
        return Member.objects.get(institution=self.institution, login=login, active=True)

    def invite(self, login: str, roles: list[str], title: str = "other") -> Client:
        """Let the founder invite somebody, who enters."""
        asked = {"login": login, "name": f"Personne {login}", "function": "x", "roles": roles, "title": title}
        answer = self.clients["fondatrice"].post(f"{HERE}membres/inviter/", asked)
        return self.enter(login, code_of(answer.content.decode()))

    def hold_ceremony(self, *logins: str) -> str:
        """Let signatories pass three times each; return the fingerprint that one of them prints."""
        assert self.clients[logins[0]].post(f"{HERE}accords/ceremonie/", {"threshold": "2"}).status_code == 302
        for _round in range(3):
            for login in logins:
                assert self.clients[login].post(f"{HERE}accords/ceremonie/etape/").status_code == 302
        page = self.clients[logins[0]].get(f"{HERE}fondation/empreinte/").content.decode()
        shown = re.search(r'<code class="wrap">([0-9a-f ]+)</code>', page)
        assert shown is not None
        return shown[1]

    def answer(self, by: str, login: str) -> Any:
        return confirm(self.clients[by], f"{HERE}accords/membres/{self.member(login).id}/")

    def hand_over(self, by: str, login: str, phrase: str = PASSPHRASE) -> Any:
        return confirm(self.clients[by], f"{HERE}accords/registre/{self.member(login).id}/", phrase)

    def pin(self, login: str, mark: str) -> None:
        typed = {"fingerprint": " ".join(mark.split()[:5])}
        assert self.clients[login].post(f"{HERE}accords/empreinte/", typed).status_code == 302

    def steps(self, login: str) -> str:
        """Return the checklist as somebody reads it."""
        page = self.clients[login].get(f"{HERE}fondation/").content.decode()
        return html.unescape(page).replace("\N{NO-BREAK SPACE}", " ")


def confirm(client: Client, where: str, phrase: str = PASSPHRASE) -> Any:
    """Give the passphrase for exactly what a page shows."""
    page = client.get(where)
    seen = re.search(r'name="seen" value="([0-9a-f]{64})"', page.content.decode())
    assert seen is not None, page.content.decode()
    return client.post(where, {"seen": seen[1], "phrase": phrase})


def sheets_of(page: str) -> dict[str, str]:
    """Return the code of each login on the printed sheets."""
    found = {}
    for sheet in _SHEET.findall(page):
        login = re.search(r"<dd>([a-z0-9-]+)</dd>", sheet)
        assert login is not None, sheet
        found[login[1]] = code_of(sheet)
    return found


def found(*, dpo: bool = False) -> Centre:
    """Found a centre as the command does; its founder has entered."""
    roles = (Role.ADMINISTRATOR, Role.DPO) if dpo else (Role.ADMINISTRATOR,)
    institution = Institution(slug=SLUG, name="CPAS neuf")
    code = found_by_host(institution, NewMember("fondatrice", "Fanny Fondatrice", "administratrice", roles))
    pin_demonstration_key(institution)
    centre = Centre(institution, code)
    centre.enter("fondatrice", code)
    return centre
