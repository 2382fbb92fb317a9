"""What a received message becomes: values only, whose printing never shows their content."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from ciment.canon import CimentError

Kind = Literal["email", "pdf", "image", "text"]


class UnreadableMessage(CimentError):  # noqa: N818 - the class names the refusal, as in the core
    """The bytes cannot be read as a message; `code` says why and `explain` puts it in a sentence."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class IncomingAttachment:
    """A file carried by a message: a name safe to show and to store, a type seen in the bytes, the bytes."""

    name: str = field(repr=False)
    media_type: str
    data: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class IncomingMessage:
    """A message as read: texts are NFC, without control or direction-changing characters.

    `date` is in UTC, None when absent or unreadable. `attachments` holds what the message carries, those of
    messages forwarded inside it included; a PDF or an image received alone carries nothing. `forwarded` holds
    the messages attached as messages, outermost first; their texts are already part of `body_text`.
    `warnings` are codes that `explain` knows.
    """

    kind: Kind
    sender_name: str = field(default="", repr=False)
    sender_address: str = field(default="", repr=False)
    date: datetime | None = None
    subject: str = field(default="", repr=False)
    body_text: str = field(default="", repr=False)
    attachments: tuple[IncomingAttachment, ...] = ()
    warnings: tuple[str, ...] = ()
    forwarded: tuple["IncomingMessage", ...] = ()


@dataclass(frozen=True, slots=True)
class Suggestion:
    """What the six fields of the record may start from; the worker may change everything.

    `requester` and `wanted` use the vocabulary of the law packs; `requester` and `about` are None when nothing
    in the message says it plainly. Never a ground, an offence or a judgement.
    """

    requester: str | None
    form: Literal["written"]
    name: str = field(repr=False)
    reach: str = field(repr=False)
    about: str | None = field(repr=False)
    wanted: tuple[str, ...]
    text: str = field(repr=False)
