"""State a setting: signed by a holder of a seat, whose passphrase is asked again, and in the register."""

import uuid

from django.db import transaction
from django.utils import timezone

from ciment_web.governance.gateway import GATEWAY, NewGateway, draft_gateway, keep_key
from ciment_web.governance.kinds import Setting, SettingRefused, Value
from ciment_web.governance.models import SettingRecord
from ciment_web.governance.permissions import can_state
from ciment_web.governance.queries import last_records, value_before
from ciment_web.governance.statements import Statement, digest_of, sign_statement
from ciment_web.institutions.models import Institution
from ciment_web.members.actions import confirm_passphrase
from ciment_web.members.actor import Actor
from ciment_web.members.refusals import require
from ciment_web.members.tracing import record
from ciment_web.quorum.trust import hold_to_roster


def state_setting(
    actor: Actor, setting: Setting[Value], value: Value, passphrase: str, seen: int | None = None
) -> SettingRecord:
    """Put `value` in the place of what counted; `seen` is the generation that the actor's page showed.

    A statement that does not hold is replaced like any other: it stays in the chain, and counts for nothing.

    Raises:
        NotAllowed: unless the actor holds the seat that the setting asks for.
        WrongPassphrase, TooManyAttempts: from the passphrase.
        SettingRefused: for a value the setting does not take, a change its author may not make (`check` names it),
            or `moved`, when somebody stated another one since the page was shown.
    """
    require(can_state(actor, reserved=setting.reserved))
    # Read back from what will be signed: the value that everybody will read is the one that is checked.
    stated = setting.dump(value)
    parsed = setting.parse(stated)
    keys = confirm_passphrase(actor, passphrase)
    with transaction.atomic():
        hold_to_roster(actor)
        # The institution's row orders the statements of all settings: two at once would fork a chain.
        institution = Institution.objects.select_for_update().get(pk=actor.institution.pk)
        before = next(iter(last_records(institution, setting.name)), None)
        generation = before.generation if before else 0
        if seen is not None and seen != generation:
            raise SettingRefused("moved")
        setting.check(value_before(setting, before, institution), parsed, actor.id)
        statement = Statement(
            institution=str(institution.id),
            name=setting.name,
            value=stated,
            generation=generation + 1,
            previous=digest_of(bytes(before.statement), bytes(before.signature)) if before else b"",
            author=actor.id,
            at=int(timezone.now().timestamp() * 1000),
        )
        encoded, signature = statement.encode(), sign_statement(statement, keys.sign)
        row = SettingRecord.objects.create(
            id=uuid.uuid4(),
            institution=institution,
            name=setting.name,
            generation=statement.generation,
            statement=encoded,
            signature=signature,
            signed_by=actor.member,
        )
        record(
            actor,
            "setting.stated",
            {
                "setting": setting.name,
                "generation": statement.generation,
                "statement": digest_of(encoded, signature).hex(),
            },
        )
    return row


def state_gateway(actor: Actor, url: str, passphrase: str, seen: int | None = None) -> NewGateway:
    """Send alerts to another gateway, under a fresh key; the file of the key and the setting come together.

    Raises:
        NotAllowed, WrongPassphrase, TooManyAttempts, SettingRefused: as `state_setting`.
    """
    made = draft_gateway(url)
    with transaction.atomic():
        state_setting(actor, GATEWAY, made.gateway, passphrase, seen)
        keep_key(actor.institution, made)
    return made
