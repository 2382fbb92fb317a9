"""The vault's formats written a second time from docs/formats, with every random value given."""

import base64
import binascii
import hashlib
import hmac
import json
import math
import struct
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.mlkem import MLKEM768PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt
from nacl import bindings

from ciment.canon import JsonObject

AGE_MAGIC = b"age-encryption.org/v1\n"
SODIUM_STATE = bindings.crypto_secretstream_xchacha20poly1305_state


def hkdf(secret: bytes, info: str, size: int = 32, salt: bytes | None = None) -> bytes:
    return HKDF(hashes.SHA256(), size, salt, info.encode()).derive(secret)


def canonical(context: JsonObject) -> str:
    return json.dumps(context, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def padme(number: int) -> int:
    if number < 2:
        return number
    exponent = math.floor(math.log2(number))
    step = 2 ** (exponent - math.floor(math.log2(exponent)) - 1) if exponent else 1
    return math.ceil(number / step) * step


def header(magic: bytes, label: str, key: bytes, context: JsonObject) -> tuple[bytes, bytes, bytes]:
    derived = hkdf(key, label + canonical(context), 64)
    head = magic + hkdf(key, "commit") + derived[32:]
    return head, head + canonical(context).encode(), derived[:32]


def blob(key: bytes, plaintext: bytes, context: JsonObject, nonce: bytes) -> bytes:
    head, data, cipher_key = header(b"CIMBLOB1", "ciment/blob/v1", key, context)
    content = struct.pack(">Q", len(plaintext)) + plaintext
    size = max(math.ceil(len(content) / 256) * 256, math.ceil(padme(len(content)) / 256) * 256)
    return head + nonce + raw_seal(content + bytes(size - len(content)), data, nonce, cipher_key)


def raw_seal(padded: bytes, data: bytes, nonce: bytes, key: bytes) -> bytes:
    return bindings.crypto_aead_xchacha20poly1305_ietf_encrypt(padded, data, nonce, key)


def frames(content: bytes) -> list[bytes]:
    cut = [content[start : start + 65528] for start in range(0, len(content), 65528)] or [b""]
    cut += [b""] * (padme(len(cut)) - len(cut))
    return [struct.pack(">Q", len(part)) + part + bytes(65528 - len(part)) for part in cut]


def stream(key: bytes, context: JsonObject, h: bytes, parts: list[bytes], tags: list[int] | None = None) -> bytes:
    """Seal `parts` as frames; the tags are MESSAGE … FINAL unless given (to make forbidden streams)."""
    head, data, cipher_key = header(b"CIMSTRM1", "ciment/stream/v1", key, context)
    state = SODIUM_STATE()
    # Both directions of a secretstream begin in the same state, and this one lets the header be chosen.
    bindings.crypto_secretstream_xchacha20poly1305_init_pull(state, h, cipher_key)
    tags = tags or [0] * (len(parts) - 1) + [3]
    sealed = [
        bindings.crypto_secretstream_xchacha20poly1305_push(state, part, data, tag)
        for part, tag in zip(parts, tags, strict=True)
    ]
    return head + h + b"".join(sealed)


def content_of(length: int) -> bytes:
    return hashlib.shake_128(b"ciment vectors").digest(length)


def sealed_seed(case: dict[str, Any], plain: str) -> bytes:
    memory, iterations, lanes = case["memory"], case["iterations"], case["lanes"]
    salt = bytes.fromhex(case["salt"])
    argon2id = Argon2id(
        salt=salt,
        length=32,
        iterations=iterations,
        lanes=lanes,
        memory_cost=memory,
        secret=bytes.fromhex(case["pepper"]),
    )
    context: JsonObject = {
        "iterations": iterations,
        "lanes": lanes,
        "memory": memory,
        "owner": case["owner"],
        "salt": salt.hex(),
        "use": "sealed seed v1",
    }
    inner = blob(argon2id.derive(plain.encode()), bytes.fromhex(case["seed"]), context, bytes.fromhex(case["nonce"]))
    return with_digest(b"CIMSEED1" + struct.pack(">QQQ", memory, iterations, lanes) + salt + inner)


def with_digest(body: bytes) -> bytes:
    return body + hashlib.sha256(body).digest()


def archive(files: dict[str, bytes]) -> bytes:
    local, central = b"", b""
    for name in sorted(files, key=str.encode):
        data, raw = files[name], name.encode()
        flags = 0 if raw.isascii() else 0x800
        shared = struct.pack(
            "<HHHHHIIIHH", 20, flags, 0, 0, 0x21, binascii.crc32(data), len(data), len(data), len(raw), 0
        )
        central += b"PK\1\2" + struct.pack("<BB", 20, 3) + shared
        central += struct.pack("<HHHII", 0, 0, 0, 0o600 << 16, len(local)) + raw
        local += b"PK\3\4" + shared + raw + data
    end = struct.pack("<HHHHIIH", 0, 0, len(files), len(files), len(central), len(local), 0)
    return local + central + b"PK\5\6" + end


def bare64(data: bytes) -> str:
    return base64.b64encode(data).decode().rstrip("=")


def age_file(stanza: str, body: bytes, file_key: bytes, nonce: bytes, plaintext: bytes) -> bytes:
    """Return an age file (C2SP age) of less than one chunk."""
    head = AGE_MAGIC + f"-> {stanza}\n{bare64(body)}\n---".encode()
    mac = hmac.digest(hkdf(file_key, "header"), head, "sha256")
    payload_key = hkdf(file_key, "payload", salt=nonce)
    payload = ChaCha20Poly1305(payload_key).encrypt(bytes(11) + b"\1", plaintext, None)
    return head + f" {bare64(mac)}\n".encode() + nonce + payload


def age_passphrase(passphrase: str, salt: bytes, file_key: bytes, nonce: bytes, plaintext: bytes) -> bytes:
    # 2^10: fast, and far below what an age program would choose.
    kdf = Scrypt(salt=b"age-encryption.org/v1/scrypt" + salt, length=32, n=2**10, r=8, p=1)
    body = ChaCha20Poly1305(kdf.derive(passphrase.encode())).encrypt(bytes(12), file_key, None)
    return age_file(f"scrypt {bare64(salt)} 10", body, file_key, nonce, plaintext)


def age_x25519(point: bytes, ephemeral: bytes, file_key: bytes, nonce: bytes, plaintext: bytes) -> bytes:
    secret = X25519PrivateKey.from_private_bytes(ephemeral)
    share = secret.public_key().public_bytes_raw()
    shared = secret.exchange(X25519PublicKey.from_public_bytes(point))
    wrap_key = hkdf(shared, "age-encryption.org/v1/X25519", salt=share + point)
    body = ChaCha20Poly1305(wrap_key).encrypt(bytes(12), file_key, None)
    return age_file(f"X25519 {bare64(share)}", body, file_key, nonce, plaintext)


def bech32(prefix: str, data: bytes) -> str:
    """Return Bech32 (BIP 173) without its limit of length."""
    alphabet, generator = (
        "qpzry9x8gf2tvdw0s3jn54khce6mua7l",
        (0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3),
    )
    bits = "".join(f"{byte:08b}" for byte in data)
    bits += "0" * (-len(bits) % 5)
    values = [int(bits[start : start + 5], 2) for start in range(0, len(bits), 5)]
    checked = [ord(c) >> 5 for c in prefix] + [0] + [ord(c) & 31 for c in prefix] + values + [0] * 6
    check = 1
    for value in checked:
        top, check = check >> 25, (check & 0x1FFFFFF) << 5 ^ value
        for index, constant in enumerate(generator):
            check ^= constant if top >> index & 1 else 0
    check ^= 1
    values += [check >> 5 * (5 - index) & 31 for index in range(6)]
    return prefix + "1" + "".join(alphabet[value] for value in values)


def signing_key(seed: bytes) -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(hkdf(seed, "ciment/member/ed25519/v1"))


def member(seed: bytes, message: bytes) -> dict[str, Any]:
    secret = hkdf(seed, "ciment/member/hpke/v1", 96)
    signing = signing_key(seed)
    public = MLKEM768PrivateKey.from_seed_bytes(secret[:64]).public_key().public_bytes_raw()
    public += X25519PrivateKey.from_private_bytes(secret[64:]).public_key().public_bytes_raw()
    public += signing.public_key().public_bytes_raw()
    return {
        "seed": seed.hex(),
        "hpke_secret": secret.hex(),
        "public": base64.b64encode(public).decode(),
        "derived": {"draft": hkdf(seed, "ciment/member/derive/v1/draft").hex()},
        "message": message.hex(),
        "signature": signing.sign(message).hex(),
    }


def statement(seed: bytes, fields: JsonObject) -> bytes:
    """The statement that an enrolment signs, with the public key of `seed`; `fields` may replace any of its own."""
    return canonical({"v": 1, "public": member(seed, b"")["public"], **fields}).encode()


def enrolment(seed: bytes, stated: bytes) -> bytes:
    return stated + signing_key(seed).sign(b"ciment/vault/v1/enrolment" + struct.pack(">Q", len(stated)) + stated)


def countersignature(seed: bytes, enrolled: bytes) -> bytes:
    prefix = b"ciment/vault/v1/enrolment-countersignature"
    return signing_key(seed).sign(prefix + struct.pack(">Q", len(enrolled)) + enrolled)
