"""The values of each document. Nothing here can carry a file: letters are written from words alone.

Every string is plain text; ``ciment_web.letters.ink`` makes it printable. Lines are tuples of strings, one line each.
"""

import datetime as dt
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Letterhead:
    """The institution as it heads its letters; ``language`` is a tag that has a file in ``sentences/``.

    ``sentence`` is the institution's own, below the signature of its letters: the same in all of them, or empty.
    """

    institution: str
    address: tuple[str, ...]
    contact: tuple[str, ...] = ()
    language: str = "fr"
    sentence: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RefusalLetter:
    """A refusal that neither confirms nor denies, from the inquiry and the institution alone.

    No field can carry a file, a dossier or a free paragraph: the letter is the same whether or not a person is known.
    ``form_needed`` holds infinitive phrases ("être écrite et signée"), only when form is what the request lacks.
    """

    letterhead: Letterhead
    reference: str
    date: dt.date
    place: str
    addressee: tuple[str, ...]
    subject: str
    signatory_name: str
    signatory_title: str
    form_needed: tuple[str, ...] = ()
    law_sources: tuple[str, ...] = ()
    your_reference: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplyItem:
    """One item communicated: its description, the label of its category, its pages or size in words."""

    description: str
    category: str
    extent: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplyLetter:
    """The letter that goes with a packet: what is communicated, on what basis, and which key alone opens it.

    ``recipient_fingerprint`` is the fingerprint the decision signed, empty when a passphrase opens the packet;
    ``opening`` the steps to open it.
    """

    letterhead: Letterhead
    reference: str
    date: dt.date
    place: str
    addressee: tuple[str, ...]
    subject: str
    items: tuple[ReplyItem, ...]
    recipient_fingerprint: str
    opening: tuple[str, ...]
    legal_basis: tuple[str, ...]
    signatory_name: str
    signatory_title: str
    your_reference: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class NegativeReply:
    """A lawful answer that nothing is held: after a decision, so never a substitute for a refusal."""

    letterhead: Letterhead
    reference: str
    date: dt.date
    place: str
    addressee: tuple[str, ...]
    subject: str
    legal_basis: tuple[str, ...]
    signatory_name: str
    signatory_title: str
    your_reference: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Verification:
    """Where a document stands in the register, and where to check it.

    ``url`` is http or https; ``entry_index`` counts from 0; ``key_fingerprint`` is that of the register's verification
    key; ``proof_name`` the file name of the offline proof given with the document.
    """

    url: str
    log_origin: str
    entry_index: int
    key_fingerprint: str
    proof_name: str = "attestation.tlog-proof"


@dataclass(frozen=True, slots=True, kw_only=True)
class RelayCertificate:
    """Proof for the worker that the institution took the request over; no data on the person concerned.

    ``received_at`` is aware, in the institution's zone. ``requester_kind`` and ``form`` are labels, never names;
    ``recorded_by`` is a member's display name and title; ``sentence`` the words said to the requester.
    """

    letterhead: Letterhead
    reference: str
    received_at: dt.datetime
    form: str
    requester_kind: str
    recorded_by: str
    sentence: str
    verification: Verification


@dataclass(frozen=True, slots=True, kw_only=True)
class FilingReceipt:
    """Proof for a requester that a request was filed at the desk: when, and the digests of exactly what.

    ``files`` holds the name and the SHA-256 of each file in hexadecimal, ``digest`` that of the request itself. Nothing
    in it says what became of the request, or whether anybody is known.
    """

    letterhead: Letterhead
    filed_at: dt.datetime
    requester_kind: str
    digest: str
    files: tuple[tuple[str, str], ...]
    verification: Verification


@dataclass(frozen=True, slots=True, kw_only=True)
class PacketGuide:
    """One page on opening a packet; ``recipient_fingerprint`` is empty when a passphrase opens it."""

    letterhead: Letterhead
    reference: str
    date: dt.date
    packet_name: str
    packet_digest: str
    recipient_fingerprint: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Chapter:
    """One part of a letter to a person: its title, its paragraphs, and (name, value) facts, each on its line."""

    title: str
    paragraphs: tuple[str, ...] = ()
    facts: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonLetter:
    """A letter to a person about their own data: a statement, or that something was communicated.

    ``limits`` are the same sentences for everybody, whatever the chapters hold; ``sources`` the texts the letter cites.
    """

    letterhead: Letterhead
    reference: str
    date: dt.date
    place: str
    addressee: tuple[str, ...]
    subject: str
    opening: tuple[str, ...]
    chapters: tuple[Chapter, ...]
    limits_title: str
    limits: tuple[str, ...]
    sources: tuple[str, ...]
    signatory_name: str
    signatory_title: str
    your_reference: str = ""
