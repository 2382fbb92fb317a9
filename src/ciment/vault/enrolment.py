"""Enrolment: the signed statement that certain keys and roles are one member's.

The member signs it with the key it names; a signatory of the roster countersigns it. Whoever wraps a key to a member
checks both, so a row changed in the database attracts no key.
"""

from dataclasses import dataclass

from ciment.canon import InvalidEncoding, JsonObject, b64, decode_object, encode, lp, require_id, unb64
from ciment.vault.member import MemberKeys, MemberPublic

_FIELDS = frozenset({"v", "institution", "member", "public", "roles", "title", "at"})
# One prefix for each kind of signature: a signature given for one purpose never serves another.
_SIGNED = b"ciment/vault/v1/enrolment"
_COUNTERSIGNED = b"ciment/vault/v1/enrolment-countersignature"


@dataclass(frozen=True)
class Enrolment:
    """Who holds which keys and roles since when (`at`, UTC milliseconds)."""

    institution: str
    member: str
    public: MemberPublic
    roles: tuple[str, ...]
    title: str
    at: int

    def encode(self) -> bytes:
        """Return the canonical statement that is signed."""
        statement: JsonObject = {
            "v": 1,
            "institution": self.institution,
            "member": self.member,
            "public": b64(self.public.encode()),
            "roles": sorted(self.roles),
            "title": self.title,
            "at": self.at,
        }
        return encode(statement)


def sign_enrolment(enrolment: Enrolment, keys: MemberKeys) -> bytes:
    """Return statement ‖ signature by the enrolled member itself."""
    statement = enrolment.encode()
    return statement + keys.sign(_SIGNED + lp(statement))


def parse_enrolment(data: bytes) -> Enrolment:
    """Return the enrolment of signed bytes.

    Raises:
        InvalidEncoding: for bytes in any other form, or a public key that must not be used.
        BadSignature: if the named key did not sign the statement.
    """
    statement, signature = data[:-64], data[-64:]
    fields = decode_object(statement, _FIELDS)
    roles, title, at = fields["roles"], fields["title"], fields["at"]
    if fields["v"] != 1 or not isinstance(roles, list) or not isinstance(title, str) or type(at) is not int or at < 0:
        raise InvalidEncoding("not an enrolment")
    if not all(isinstance(role, str) for role in roles) or sorted(set(map(str, roles))) != roles:
        raise InvalidEncoding("roles are a sorted list of distinct words")
    public = MemberPublic.parse(unb64(fields["public"]))
    public.verify(_SIGNED + lp(statement), signature)
    institution, member = require_id(fields["institution"]), require_id(fields["member"])
    return Enrolment(institution, member, public, tuple(map(str, roles)), title, at)


def countersign(signed: bytes, keys: MemberKeys) -> bytes:
    """Return a signatory's countersignature (64 bytes) of a signed enrolment."""
    return keys.sign(_COUNTERSIGNED + lp(signed))


def verify_countersignature(signed: bytes, countersignature: bytes, countersigner: MemberPublic) -> None:
    """Check a countersignature.

    Raises:
        BadSignature: if `countersigner` did not give it on exactly these bytes.
    """
    countersigner.verify(_COUNTERSIGNED + lp(signed), countersignature)
