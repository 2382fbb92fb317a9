"""What was approved is what leaves: a copy exchanged or added after freezing is refused or left out."""

from typing import Any

import pytest
from deciding import (
    approve,
    refuse_execution,
)
from web_stories import Prepared, prepare_release

from ciment.canon import CimentError
from ciment.vault import open_packet
from ciment_web.blobs import store
from ciment_web.decisions.models import Approval, ReleaseCopy
from ciment_web.project.demonstration import Demonstration


@pytest.fixture
def prepared(demonstration: Demonstration) -> Prepared:
    return prepare_release(demonstration, b"la fiche")


@pytest.mark.parametrize("column", ["category", "media_type", "size", "whole", "negative", "blob", "reading_blob"])
def test_a_copy_exchanged_after_freezing_is_not_what_was_approved(
    demonstration: Demonstration, prepared: Prepared, column: str
) -> None:
    other = prepare_release(demonstration, b"autre fiche")
    approve(demonstration, prepared, "dg")
    mine = ReleaseCopy.objects.get(decision=prepared.decision)
    foreign = ReleaseCopy.objects.get(decision=other.decision)
    changed: dict[str, Any] = {
        "category": "household",
        "media_type": "application/pdf",
        "size": mine.size + 1,
        "whole": not mine.whole,
        "negative": not mine.negative,
        "blob": foreign.blob,
        "reading_blob": foreign.blob,
    }
    if column == "blob":
        ReleaseCopy.objects.filter(pk=foreign.pk).update(blob="f" * 32)
    ReleaseCopy.objects.filter(pk=mine.pk).update(**{column: changed[column]})
    with pytest.raises(CimentError):
        approve(demonstration, prepared, "president")
    refuse_execution(demonstration, prepared, CimentError)
    assert Approval.objects.count() == 1


def test_a_copy_added_to_a_frozen_decision_does_not_leave(demonstration: Demonstration, prepared: Prepared) -> None:
    other = prepare_release(demonstration, b"autre fiche")
    ReleaseCopy.objects.filter(decision=other.decision).update(decision=prepared.decision, position=9)
    packet = prepared.release(demonstration)
    files = open_packet(b"".join(store.read(packet.blob)), prepared.recipient)
    assert b"autre fiche" not in files.values()
    refuse_execution(demonstration, other, CimentError)
