import json
from hashlib import sha256

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from register_samples import DETAILS, START_MS, salt_of

from ciment.canon import InvalidEncoding, JsonObject, decode_object, encode, lp
from ciment.register import KINDS, Document, Entry, Opening, commit, document_opening, verify_opening
from ciment.register.entry import MAX_TIME, MAX_VALUES

HASH = sha256(b"x").digest()
QUALIFIED = {
    "categories": ("address", "identity"),
    "ground": ("terrorism",),
    "requester": ("prosecutor",),
    "verdicts": ("must", "silence"),
}

values = st.lists(
    st.from_regex(r"[a-z0-9_]{1,40}", fullmatch=True).filter(lambda text: not _has_five_digits(text)),
    max_size=4,
    unique=True,
).map(lambda found: tuple(sorted(found)))


def _has_five_digits(text: str) -> bool:
    return any(text[at : at + 5].isdigit() for at in range(len(text) - 4))


@st.composite
def entries(draw: st.DrawFn) -> Entry:
    kind = draw(st.sampled_from(sorted(KINDS)))
    attributes = {name: draw(values) for name in KINDS[kind]}
    return Entry(kind, draw(st.integers(0, MAX_TIME)), attributes, draw(st.binary(min_size=32, max_size=32)))


json_values: st.SearchStrategy[JsonObject] = st.dictionaries(
    # Canonical JSON takes keys of the basic plane only.
    st.text(st.characters(max_codepoint=0xFFFF, exclude_categories=["Cs"]), max_size=8),
    st.one_of(st.text(max_size=8), st.integers(-99, 99), st.booleans(), st.none()),
    max_size=4,
)


@settings(max_examples=100, deadline=None)
@given(entries())
def test_an_entry_has_one_encoding(entry: Entry) -> None:
    data = entry.encode()
    assert Entry.parse(data) == entry
    assert data == encode(entry.to_json())
    assert decode_object(data, frozenset(("v", "kind", "time", "attributes", "commitment"))) == entry.to_json()


@settings(max_examples=100, deadline=None)
@given(entries(), st.data())
def test_a_changed_entry_is_another_or_none(entry: Entry, data: st.DataObject) -> None:
    broken = bytearray(entry.encode())
    broken[data.draw(st.integers(0, len(broken) - 1))] = data.draw(st.integers(0, 255))
    try:
        parsed = Entry.parse(bytes(broken))
    except InvalidEncoding:
        return
    assert parsed.encode() == bytes(broken)


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=80) | st.text(alphabet='{}[]":,abv1', max_size=40).map(str.encode))
def test_other_bytes_are_no_entry(data: bytes) -> None:
    with pytest.raises(InvalidEncoding):
        Entry.parse(data)


ACT = Entry("act", START_MS, {}, HASH).encode()
FULL = Entry("refused", START_MS, QUALIFIED, HASH).encode()


@pytest.mark.parametrize(
    "broken",
    [
        ACT.replace(b'"v":1', b'"v":2'),
        ACT.replace(b'"v":1', b'"v": 1'),
        ACT.replace(b'"act"', b'"police"'),
        ACT.replace(b'"time":1', b'"time":01'),
        ACT.replace(b'"time":1', b'"time":-1'),
        ACT.replace(b'"time":1', b'"time":9999999'),
        ACT.replace(HASH.hex().encode(), HASH.hex().upper().encode()),
        ACT.replace(b"{}", b'{"requester":["police"]}'),
        ACT + b"\n",
        b" " + ACT,
        FULL.replace(b'"ground":["terrorism"],', b""),
        FULL.replace(b'"ground":["terrorism"]', b'"ground":"terrorism"'),
        FULL.replace(b'"ground":["terrorism"]', b'"ground":[["terrorism"]]'),
        FULL.replace(b'"ground":["terrorism"]', b'"ground":["terrorism"],"ground":["terrorism"]'),
        FULL.replace(b'"ground":["terrorism"]', b'"ground":[terrorism]'),
        FULL.replace(b'"ground":["terrorism"]', b'"ground":[""]'),
        FULL.replace(b'["address","identity"]', b'["identity","address"]'),
        FULL.replace(b'["address","identity"]', b'["address","address"]'),
        FULL.replace(b'"ground":["terrorism"],"requester":["prosecutor"]', b'"requester":["p"],"ground":["t"]'),
        FULL.replace(b"{", b"[", 2).replace(b"]}", b"]]", 1),
    ],
)
def test_each_other_form_is_refused(broken: bytes) -> None:
    assert broken not in (ACT, FULL)
    with pytest.raises(InvalidEncoding):
        Entry.parse(broken)


@pytest.mark.parametrize(
    "value",
    [
        "Jean Dupont",
        "jean.dupont",
        "",
        "a" * 41,
        "rue_12345",
        "85073003328",
        "é",
        "A",
        "a-b",
        "a\n",
        "\n",
        "terrorism\n",
    ],
)
def test_free_text_and_numbers_never_become_public(value: str) -> None:
    with pytest.raises(InvalidEncoding):
        Entry("received", START_MS, {"form": (value,), "requester": ("police",)}, HASH)


def test_the_public_kinds_are_these() -> None:
    assert set(KINDS) == {
        "act",
        "ceremony",
        "freeze",
        "gap",
        "institution",
        "law_pack",
        "qualified",
        "received",
        "refused",
        "released",
        "witness_change",
    }
    assert KINDS["act"] == ()
    assert {name for names in KINDS.values() for name in names} == {
        "categories",
        "form",
        "ground",
        "requester",
        "verdicts",
    }


def test_what_is_out_of_range_is_refused() -> None:
    for kind, time_ms, commitment in [
        ("approved", START_MS, HASH),
        ("act", -1, HASH),
        ("act", MAX_TIME + 1, HASH),
        ("act", START_MS, HASH[:31]),
    ]:
        with pytest.raises(InvalidEncoding):
            Entry(kind, time_ms, {}, commitment)
    many = tuple(f"v{n:03}" for n in range(MAX_VALUES + 1))
    with pytest.raises(InvalidEncoding):
        Entry("received", START_MS, {"form": many, "requester": ()}, HASH)
    assert Entry("received", START_MS, {"form": many[1:], "requester": ()}, HASH).encode()


def test_the_commitment_is_the_specified_hash() -> None:
    details: JsonObject = {"b": 1, "a": "é"}
    framed = lp(b"ciment/register/v1/commitment") + lp(salt_of(1)) + lp('{"a":"é","b":1}'.encode())
    assert commit(salt_of(1), details) == sha256(framed).digest()
    assert commit(salt_of(2), details) != commit(salt_of(1), details)
    with pytest.raises(InvalidEncoding):
        commit(b"short", details)


@settings(max_examples=60, deadline=None)
@given(json_values, st.binary(min_size=32, max_size=32))
def test_an_opening_opens_its_entry_alone(details: JsonObject, salt: bytes) -> None:
    opening = Opening(salt, details)
    assert Opening.parse(opening.encode()) == opening
    verify_opening(Entry("act", 0, {}, opening.commit()), opening)
    with pytest.raises(InvalidEncoding):
        verify_opening(Entry("act", 0, {}, HASH), opening)
    with pytest.raises(InvalidEncoding):
        verify_opening(Entry("act", 0, {}, opening.commit()), Opening(salt, {**details, "more": True}))


def test_an_opening_prints_redacted() -> None:
    assert repr(Opening(salt_of(1), {"name": "secret"})) == "Opening()"


@pytest.mark.parametrize(
    "value",
    [
        {"salt": "00", "details": {}},
        {"salt": "00" * 32, "details": []},
        {"salt": 1, "details": {}},
        {"details": {}},
        {"salt": "00" * 32, "details": {}, "more": 1},
    ],
)
def test_other_objects_are_no_opening(value: JsonObject) -> None:
    with pytest.raises(InvalidEncoding):
        Opening.parse(encode(value))
    with pytest.raises(InvalidEncoding):
        Opening.of_json([])


def test_a_document_opening_shows_documents_and_nothing_else() -> None:
    letter = Document("letter", HASH)
    opening = document_opening(salt_of(1), DETAILS, [letter])
    assert opening.documents == (letter,)
    assert set(opening.details) == {"documents", "private"}
    assert opening.details["private"] == commit(salt_of(1), DETAILS).hex()
    shown = opening.encode().decode()
    assert salt_of(1).hex() not in shown
    assert str(DETAILS["member"]) not in shown
    assert document_opening(salt_of(1), DETAILS, [letter]) == opening
    assert document_opening(salt_of(2), DETAILS, [letter]).commit() != opening.commit()


def test_documents_are_of_a_known_type() -> None:
    assert Opening(salt_of(1), {}).documents == ()
    assert Document.of_json(Document("packet", HASH).to_json()) == Document("packet", HASH)
    wrong: list[object] = [
        None,
        {"type": "letter"},
        {"type": "memo", "sha256": HASH.hex()},
        {"type": "letter", "sha256": HASH.hex()[:-2]},
        {"type": 1, "sha256": HASH.hex()},
        {"type": "letter", "sha256": HASH.hex(), "name": "x"},
    ]
    for value in wrong:
        with pytest.raises(InvalidEncoding):
            Document.of_json(value)
    with pytest.raises(InvalidEncoding):
        assert Opening(salt_of(1), {"documents": "letter"}).documents
    with pytest.raises(InvalidEncoding):
        Document("letter", b"")


def test_a_plain_reader_of_json_reads_an_entry() -> None:
    assert json.loads(FULL) == {
        "attributes": {name: list(found) for name, found in QUALIFIED.items()},
        "commitment": HASH.hex(),
        "kind": "refused",
        "time": START_MS,
        "v": 1,
    }
