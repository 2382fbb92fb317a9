"""Keys and sealed bytes: what keeps content closed to all but those it was granted to.

Pure: values in, values out; the only thing taken from outside is randomness. Formats: docs/formats.
"""

from ciment.vault.blob import blob_commitment, open_blob, seal
from ciment.vault.errors import (
    BadSignature,
    BlobError,
    CorruptedBlob,
    InvalidPacket,
    InvalidRecipient,
    PassphraseError,
    WeakPassphrase,
    WrongContext,
    WrongPassphrase,
)
from ciment.vault.member import MemberKeys, MemberPublic, new_seed
from ciment.vault.packet import AgeIdentity, AgeRecipient, Passphrase, open_packet, parse_recipient, seal_packet
from ciment.vault.passphrase import (
    SIGNATORY,
    WORKER,
    KdfParameters,
    generate_passphrase,
    open_seed,
    parse_parameters,
    plain_passphrase,
    require_strong,
    seal_seed,
)
from ciment.vault.session import new_cookie_secret, open_session, seal_session, session_id
from ciment.vault.stream import STREAM_HEADER_SIZE, StreamSealer, open_stream, stream_commitment
from ciment.vault.wrap import unwrap_key, wrap_key

__all__ = [
    "SIGNATORY",
    "STREAM_HEADER_SIZE",
    "WORKER",
    "AgeIdentity",
    "AgeRecipient",
    "BadSignature",
    "BlobError",
    "CorruptedBlob",
    "InvalidPacket",
    "InvalidRecipient",
    "KdfParameters",
    "MemberKeys",
    "MemberPublic",
    "Passphrase",
    "PassphraseError",
    "StreamSealer",
    "WeakPassphrase",
    "WrongContext",
    "WrongPassphrase",
    "blob_commitment",
    "generate_passphrase",
    "new_cookie_secret",
    "new_seed",
    "open_blob",
    "open_packet",
    "open_seed",
    "open_session",
    "open_stream",
    "parse_parameters",
    "parse_recipient",
    "plain_passphrase",
    "require_strong",
    "seal",
    "seal_packet",
    "seal_seed",
    "seal_session",
    "session_id",
    "stream_commitment",
    "unwrap_key",
    "wrap_key",
]
