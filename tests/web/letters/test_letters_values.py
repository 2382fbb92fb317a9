"""What can enter the folder at all: words, dates and numbers, never a file or another folder."""

import ast
import dataclasses
import datetime as dt
import inspect
import typing
from pathlib import Path

import ciment_web.letters
from ciment_web.letters import Letterhead, RefusalLetter, RelayCertificate, Verification, render_refusal

WORDS = {str, tuple[str, ...], dt.date, Letterhead}
FOLDER = Path(ciment_web.letters.__file__).parent


def test_a_refusal_has_no_field_able_to_carry_a_file_or_a_dossier() -> None:
    for letter in (RefusalLetter, Letterhead):
        hints = typing.get_type_hints(letter)
        names = {field.name for field in dataclasses.fields(letter)}
        assert names == set(hints)
        assert all(hint in WORDS for hint in hints.values()), hints
        assert not any(word in name for name in names for word in ("file", "dossier", "document", "item", "body"))


def test_a_refusal_is_rendered_from_nothing_else() -> None:
    (only,) = inspect.signature(render_refusal).parameters.values()
    assert only.annotation is RefusalLetter


def test_a_certificate_has_no_place_for_the_person_concerned_or_a_requesters_name() -> None:
    assert {field.name for field in dataclasses.fields(RelayCertificate)} == {
        "letterhead",
        "reference",
        "received_at",
        "form",
        "requester_kind",
        "recorded_by",
        "sentence",
        "verification",
    }
    assert {field.name for field in dataclasses.fields(Verification)} == {
        "url",
        "log_origin",
        "entry_index",
        "key_fingerprint",
        "proof_name",
    }


def test_the_folder_knows_neither_django_nor_its_neighbours() -> None:
    for source in FOLDER.glob("*.py"):
        for node in ast.walk(ast.parse(source.read_text(encoding="utf-8"))):
            names: list[str] = []
            if isinstance(node, ast.Import):
                names = [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom):
                names = [node.module or ""]
            for name in names:
                assert not name.startswith("django"), (source.name, name)
                assert not name.startswith("ciment.") or name == "ciment.canon", (source.name, name)
                assert not name.startswith("ciment_web.") or name.startswith("ciment_web.letters"), (source.name, name)
