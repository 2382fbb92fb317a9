"""Accords and executions as tests try them: what is refused leaves nothing, and rows come back from backups."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import models
from web_stories import Prepared

from ciment.canon import CimentError, decode, encode
from ciment_web.blobs import store
from ciment_web.decisions.actions.approve import approve_decision
from ciment_web.decisions.actions.execute import execute_decision
from ciment_web.decisions.models import Approval, Decision, Packet
from ciment_web.decisions.subjects import Subject
from ciment_web.inquiries.actions.prepare import subject_of
from ciment_web.inquiries.keys import open_key
from ciment_web.inquiries.models import Document
from ciment_web.project.demonstration import Demonstration
from ciment_web.quorum.trust import trusted_roster
from ciment_web.register.models import Leaf


def approve(demonstration: Demonstration, prepared: Prepared, login: str) -> Approval:
    return approve_decision(demonstration.people[login], current(prepared), demonstration.passphrase)


def execute(demonstration: Demonstration, prepared: Prepared, login: str = "dg") -> Packet:
    return execute_decision(demonstration.people[login], current(prepared), demonstration.passphrase)


def current(prepared: Prepared) -> Decision:
    return Decision.objects.select_related("institution").get(pk=prepared.decision.pk)


def subject(demonstration: Demonstration, prepared: Prepared) -> Subject:
    return subject_of(prepared.inquiry, open_key(demonstration.people["dg"], prepared.inquiry))


def refuse_execution(
    demonstration: Demonstration, prepared: Prepared, kind: type[CimentError], login: str = "dg"
) -> CimentError:
    """Check that execution is refused, and that nothing of it stays: no packet, no file, no entry, no letter."""
    before = traces()
    with pytest.raises(kind) as caught:
        execute(demonstration, prepared, login)
    assert traces() == before
    return caught.value


def traces() -> tuple[Any, ...]:
    return (
        set(Packet.objects.values_list("pk", flat=True)),
        set(store.names()),
        Leaf.objects.count(),
        Document.objects.filter(kind="reply").count(),
    )


def rows_of(model: type[models.Model], **which: Any) -> list[dict[str, Any]]:
    return list(model._default_manager.filter(**which).values())


def put_back(model: type[models.Model], rows: list[dict[str, Any]]) -> None:
    """Write rows again as a backup would: those that are there are overwritten, those that are gone come back."""
    for row in rows:
        columns = {name: value for name, value in row.items() if name != "id"}
        if not model._default_manager.filter(pk=row["id"]).update(**columns):
            model._default_manager.bulk_create([model(**row)])


def swap_fields(signed: bytes, change: Callable[[dict[str, Any]], None]) -> bytes:
    fields: Any = decode(signed)
    change(fields)
    return encode(fields)


def roster_of(demonstration: Demonstration) -> Any:
    return trusted_roster(demonstration.people["dg"]).roster
