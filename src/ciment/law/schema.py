"""The JSON Schema of a pack file, so that editors complete its words and underline those that do not exist.

Draft 4, which is what editors of TOML read, with the human words of each value under `x-taplo`. An editor sees one file
at a time: what depends on other rules (overrides, languages, dates that overlap) is left to the loading of the pack.
"""

from ciment.canon import JsonObject
from ciment.law.labels import label
from ciment.law.reading import IDENTIFIER, LANGUAGE, NEEDED, OPTIONAL, WEB_ADDRESS
from ciment.law.vocabulary import DECIDERS, FLAGS, STATUSES, VERDICTS, VOCABULARY


def build_schema(lang: str) -> JsonObject:
    """Return the JSON Schema of a pack file, explained in one language.

    Raises:
        UnknownWord: there are no labels in that language.
    """
    return {
        "$schema": "http://json-schema.org/draft-04/schema#",
        "title": "Ciment: a file of a law pack",
        "type": "object",
        "additionalProperties": False,
        "properties": {
            "drafts": _list({"type": "string", "pattern": f"^{LANGUAGE}$"}),
            "rule": {"type": "array", "items": _rule(lang)},
        },
    }


def _rule(lang: str) -> JsonObject:
    properties: JsonObject = {
        "id": {"type": "string", "pattern": f"^{IDENTIFIER}$"},
        "verdict": _word("verdict", VERDICTS, lang),
        "decided_by": _word("decided_by", DECIDERS, lang),
        "in_force": {"type": "array", "minItems": 1, "items": _table(_bounds())},
        "when": _table({name: _attribute(name, values, lang) for name, values in VOCABULARY.items()}),
        "sources": {"type": "array", "minItems": 1, "items": _source(lang)},
        "text": {
            "type": "object",
            "minProperties": 1,
            "additionalProperties": False,
            "patternProperties": {f"^{LANGUAGE}$": _text()},
        },
        "annulled_on": _day(),
        "overrides": _list({"type": "string", "pattern": f"^{IDENTIFIER}$"}),
        "flags": _list(_word("flag", FLAGS, lang)),
    }
    # The keys that an editor writes at once for a new rule.
    first: JsonObject = {"x-taplo": {"initKeys": NEEDED}}
    return first | _table({key: properties[key] for key in (*NEEDED, *OPTIONAL)}, NEEDED)


def _source(lang: str) -> JsonObject:
    properties: JsonObject = {
        "ref": _text(),
        "url": {"type": "string", "pattern": f"^{WEB_ADDRESS}$"},
        "checked": _day(),
        "status": _word("status", STATUSES, lang),
        **_bounds(),
    }
    # What nobody has read anywhere can only be to confirm.
    unread: JsonObject = {"properties": {"status": {"enum": ["to_confirm"]}}}
    return _table(properties, ("ref", "checked", "status")) | {"anyOf": [{"required": ["url"]}, unread]}


def _attribute(name: str, values: tuple[str, ...], lang: str) -> JsonObject:
    return _list(_word(name, values, lang)) | {"minItems": 1, "description": label("attribute", name, lang)}


def _word(kind: str, words: tuple[str, ...], lang: str) -> JsonObject:
    return {"enum": words, "x-taplo": {"docs": {"enumValues": [label(kind, word, lang) for word in words]}}}


def _list(items: JsonObject) -> JsonObject:
    return {"type": "array", "uniqueItems": True, "items": items}


def _table(properties: JsonObject, needed: tuple[str, ...] = ()) -> JsonObject:
    table: JsonObject = {"type": "object", "additionalProperties": False, "properties": properties}
    return table | ({"required": needed} if needed else {})


def _bounds() -> JsonObject:
    return {"from": _day(), "to": _day()}


def _day() -> JsonObject:
    return {"type": "string", "format": "date"}


def _text() -> JsonObject:
    return {"type": "string", "pattern": r"\S"}
