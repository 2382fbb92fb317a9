"""Canonical bytes and identifiers: what every other concept of the core is written in."""

from ciment.canon.errors import CimentError, InvalidEncoding
from ciment.canon.framing import b64, lp, lp_list, u64be, unb64, unhex
from ciment.canon.hybrid import HybridPrivateKey, HybridPublicKey, OpeningFailed, derive
from ciment.canon.ids import new_id, require_id
from ciment.canon.json import Json, JsonObject, decode, decode_object, encode

__all__ = [
    "CimentError",
    "HybridPrivateKey",
    "HybridPublicKey",
    "InvalidEncoding",
    "Json",
    "JsonObject",
    "OpeningFailed",
    "b64",
    "decode",
    "decode_object",
    "derive",
    "encode",
    "lp",
    "lp_list",
    "new_id",
    "require_id",
    "u64be",
    "unb64",
    "unhex",
]
