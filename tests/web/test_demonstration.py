"""The stories of the demonstration say what the messages of `examples/` say."""

import json
from pathlib import Path

from ciment.vault import AgeIdentity
from ciment_web.inquiries.actions.qualify import latest_qualification
from ciment_web.project.demonstration import Demonstration
from ciment_web.project.stories import Stories

EXAMPLES = Path(__file__).parents[2] / "examples"
LETTER = "2-prosecutor-46bis1.eml"


def test_what_the_prosecutor_asked_is_what_the_referent_qualifies(demonstration: Demonstration) -> None:
    asked = json.loads((EXAMPLES / "expected.json").read_text("utf-8"))[LETTER]["wanted"]
    said: list[str] = []
    stories = Stories(demonstration, EXAMPLES, said.append)
    request = stories.message_arrives(LETTER)
    stories.prepared(request, AgeIdentity.generate().recipient.text)
    qualification = latest_qualification(request)
    assert qualification is not None
    assert set(qualification.facts["category"]) == set(asked)
    assert {verdict["verdict"] for verdict in qualification.answer["verdicts"].values()} == {"must"}
    assert any("pour l’identité, l’adresse et la composition du ménage" in line for line in said)
