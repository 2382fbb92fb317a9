"""Thirteen synthetic messages in the shapes people really send, and the three stories of the examples."""

import json
from pathlib import Path
from typing import Any

import pytest

from ciment.law import VOCABULARY
from ciment_web.inquiries.incoming import CODES, IncomingMessage, explain, read_message, suggest

MESSAGES = Path(__file__).with_name("messages")
EXAMPLES = Path(__file__).parents[3] / "examples"
STORIES: dict[str, dict[str, Any]] = json.loads((EXAMPLES / "expected.json").read_text())


def read(path: Path) -> IncomingMessage:
    return read_message(path.read_bytes(), path.name)


def suggested(message: IncomingMessage) -> dict[str, Any]:
    found = suggest(message)
    return {
        "requester": found.requester,
        "form": found.form,
        "name": found.name,
        "reach": found.reach,
        "about": found.about,
        "wanted": list(found.wanted),
    }


@pytest.mark.parametrize("path", sorted(MESSAGES.glob("*.eml")), ids=lambda path: path.stem)
def test_each_message_reads_as_expected(path: Path) -> None:
    message = read(path)
    assert {
        "sender_name": message.sender_name,
        "sender_address": message.sender_address,
        "date": message.date.isoformat() if message.date else None,
        "subject": message.subject,
        "body_text": message.body_text,
        "attachments": [[a.name, a.media_type, len(a.data)] for a in message.attachments],
        "warnings": list(message.warnings),
        "suggestion": suggested(message),
    } == json.loads(path.with_suffix(".json").read_text())
    assert set(message.warnings) <= CODES


@pytest.mark.parametrize("name", [name for name in STORIES if name.endswith(".eml")])
def test_each_story_starts_as_its_expectation_says(name: str) -> None:
    message = read(EXAMPLES / name)
    expected = STORIES[name]
    assert suggested(message) == {key: expected[key] for key in suggested(message)}
    assert message.subject == expected["subject"]
    assert message.date is not None
    assert message.date.isoformat() == expected["date"]
    assert [a.name for a in message.attachments] == expected["attachments"]
    assert message.warnings == ()


def test_the_oral_story_is_a_whole_record() -> None:
    oral = json.loads((EXAMPLES / "1-police-oral.json").read_text())
    assert {key: value for key, value in oral.items() if key != "text"} == STORIES["1-police-oral.json"]
    assert oral["text"]


def test_stories_use_the_words_of_the_law() -> None:
    for story in STORIES.values():
        assert story["requester"] in VOCABULARY["requester"]
        assert story["form"] in VOCABULARY["form"]
        assert set(story["wanted"]) <= set(VOCABULARY["category"])


def test_the_letter_of_the_prosecutor_is_the_attachment_and_reads_alone() -> None:
    letter = EXAMPLES / "2-prosecutor-letter.pdf"
    [attachment] = read(EXAMPLES / "2-prosecutor-46bis1.eml").attachments
    assert attachment.data == letter.read_bytes()
    alone = read(letter)
    assert (alone.kind, alone.warnings) == ("pdf", ())
    assert suggested(alone) == {
        "requester": "prosecutor",
        "form": "written",
        "name": "",
        "reach": "",
        "about": "Camille Exemple",
        "wanted": ["identity", "address", "household"],
    }


@pytest.mark.parametrize("path", [*MESSAGES.glob("*.eml"), *EXAMPLES.glob("*.eml")], ids=lambda path: path.stem)
def test_addresses_are_reserved_for_examples(path: Path) -> None:
    domain = read(path).sender_address.rpartition("@")[2]
    assert domain.endswith((".example.org", ".example.net")) or domain in {"example.org", "example.net"}


def test_nothing_shows_in_a_printed_message() -> None:
    printed = repr(read(EXAMPLES / "3-landlord.eml")) + repr(suggest(read(EXAMPLES / "3-landlord.eml")))
    assert "Camille" not in printed
    assert "dominique" not in printed.lower()


def test_every_code_has_its_sentence() -> None:
    assert all(explain(code).endswith(".") for code in CODES)
