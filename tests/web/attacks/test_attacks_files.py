"""Done 4 of the main job, for files: a byte changed, a file cut, exchanged or taken away is refused when it is read."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.db import models
from hypothesis import given, settings
from hypothesis import strategies as st
from stored import (
    World,
    build_world,
    expect_refusal,
    read_attachment,
    read_filed,
    read_mail,
    read_mandate_picture,
    read_reading,
    read_seizure_photo,
    run_execution,
)

from ciment.canon import CimentError
from ciment_web.access.models import PersonRequest
from ciment_web.blobs import store
from ciment_web.decisions.actions.execute import read_packet
from ciment_web.decisions.models import Packet, ReleaseCopy
from ciment_web.desk.models import FilingFile
from ciment_web.inquiries.actions.draft import take_draft
from ciment_web.inquiries.actions.prepare import subject_of
from ciment_web.inquiries.keys import open_key
from ciment_web.inquiries.models import Attachment, Draft
from ciment_web.mailbox.models import Message
from ciment_web.project.demonstration import Demonstration
from ciment_web.seizures.models import Fact

pytestmark = pytest.mark.slow


@pytest.fixture
def world(demonstration: Demonstration) -> World:
    return build_world(demonstration)


@dataclass
class Filed:
    """A column that names a file, its row, and how the application reads it."""

    rows: models.QuerySet[Any]
    column: str
    read: Callable[[World], Any]

    @property
    def name(self) -> str:
        return str(getattr(self.rows.get(), self.column))

    @property
    def path(self) -> Path:
        root: Path = django_settings.CIMENT_BLOBS
        return root / self.name[:2] / self.name


def read_served_packet(world: World) -> bytes:
    packet = Packet.objects.select_related("decision", "institution").get(decision_id=world.released.decision.id)
    inquiry = world.released.inquiry
    return read_packet(world.person("dg"), packet, subject_of(inquiry, open_key(world.person("dg"), inquiry)))


def filed(world: World) -> dict[str, Filed]:
    copies = ReleaseCopy.objects.filter(decision=world.prepared.decision)
    packets = Packet.objects.filter(decision=world.released.decision)
    return {
        "inquiries.Attachment.blob": Filed(Attachment.objects.filter(inquiry=world.attached), "blob", read_attachment),
        "inquiries.Draft.blob": Filed(
            Draft.objects.filter(id=world.draft.id), "blob", lambda w: take_draft(w.person("travailleur"), w.draft.id)
        ),
        "decisions.ReleaseCopy.blob": Filed(copies, "blob", run_execution),
        "decisions.ReleaseCopy.reading_blob": Filed(copies, "reading_blob", read_reading),
        "desk.FilingFile.blob": Filed(FilingFile.objects.all(), "blob", read_filed),
        "mailbox.Message.blob": Filed(Message.objects.all(), "blob", read_mail),
        "access.PersonRequest.mandate_blob": Filed(
            PersonRequest.objects.filter(state="open"), "mandate_blob", read_mandate_picture
        ),
        "seizures.Fact.blob": Filed(Fact.objects.filter(seizure=world.seizure, position=2), "blob", read_seizure_photo),
        "decisions.Packet.blob": Filed(packets, "blob", read_served_packet),
    }


def test_every_column_that_names_a_file_is_read_here(world: World) -> None:
    from django.apps import apps  # noqa: PLC0415 - for the inventory alone

    columns = {
        f"{model._meta.app_label}.{model.__name__}.{field.name}"
        for model in apps.get_models()
        for field in model._meta.concrete_fields
        if field.name.endswith("blob") and isinstance(field, models.CharField)
    }
    assert columns == set(filed(world))


def test_any_changed_byte_of_a_file_is_refused(world: World) -> None:
    for name, file in filed(world).items():
        file.read(world)
        _change_bytes(world, name, file)


def _change_bytes(world: World, name: str, file: Filed) -> None:
    original = file.path.read_bytes()
    # Header, commitment and chunk boundaries are met often, anything in between too.
    places = st.one_of(
        st.sampled_from([0, 5, 8, 40, 80, 96, 100, len(original) - 17, len(original) - 1]),
        st.integers(0, len(original) - 1),
    )

    @settings(max_examples=20, database=None)
    @given(place=places, bit=st.integers(0, 7))
    def change(place: int, bit: int) -> None:
        changed = original[:place] + bytes([original[place] ^ 1 << bit]) + original[place + 1 :]
        file.path.write_bytes(changed)
        try:
            expect_refusal(file.read, world, f"{name}: bit {bit} of byte {place} of {len(original)}")
        finally:
            file.path.write_bytes(original)

    change()
    file.read(world)


def test_a_file_of_another_length_is_refused(world: World) -> None:
    for name, file in filed(world).items():
        original, path = file.path.read_bytes(), file.path
        half = len(original) // 2
        for changed in (b"", original[:1], original[:half], original[:-1], original + b"\0", original + original):
            path.write_bytes(changed)
            expect_refusal(file.read, world, f"{name}: {len(changed)} bytes instead of {len(original)}")
        path.unlink()
        expect_refusal(file.read, world, f"{name}: no file")
        path.write_bytes(original)
        file.read(world)


def test_a_file_under_another_name_is_refused(world: World) -> None:
    """Every file is put in the place of every other one, in the store and in the row."""
    found = filed(world)
    contents = {name: file.path.read_bytes() for name, file in found.items()}
    for name, file in found.items():
        path, own = file.path, file.name
        for other, content in contents.items():
            if other == name:
                continue
            path.write_bytes(content)
            expect_refusal(file.read, world, f"{name}: the bytes of {other}")
        path.write_bytes(contents[name])
        for other in _names_elsewhere(own):
            file.rows.update(**{file.column: other})
            expect_refusal(file.read, world, f"{name}: named {other!r}")
        file.rows.update(**{file.column: own})
        file.read(world)


def _names_elsewhere(own: str) -> list[str]:
    # A copy of another file under a name of its own, since no two rows may name one; and names that are none.
    mine = b"".join(store.read(own))
    source = next(content for name in store.names() if (content := b"".join(store.read(name))) != mine)
    copied = store.write([source]).name
    return [copied, "0" * 32, "", "..", "../keys/pepper", "/etc/hostname", own.upper(), f"{own[:-1]}/"]


def test_two_files_exchanged_are_both_refused(world: World) -> None:
    first = filed(world)["inquiries.Attachment.blob"]
    second = filed(world)["inquiries.Draft.blob"]
    contents = first.path.read_bytes(), second.path.read_bytes()
    first.path.write_bytes(contents[1])
    second.path.write_bytes(contents[0])
    for file in (first, second):
        with pytest.raises(CimentError):
            file.read(world)


def test_a_refused_file_is_never_half_sent(world: World) -> None:
    """Nothing of a file whose end is missing reaches the packet: execution leaves neither packet nor file behind."""
    copy = filed(world)["decisions.ReleaseCopy.blob"]
    copy.path.write_bytes(copy.path.read_bytes()[:-1])
    before = set(store.names()), Packet.objects.count()
    expect_refusal(run_execution, world, "a copy without its end")
    assert (set(store.names()), Packet.objects.count()) == before
