"""Documents of the institution, from values to PDF, and its seal on them: no file, dossier or model enters."""

from ciment_web.letters.errors import SealBroken, SealUnusable, UnprintableLetter
from ciment_web.letters.render import (
    render_brief,
    render_card,
    render_certificate,
    render_guide,
    render_negative,
    render_refusal,
    render_reply,
)
from ciment_web.letters.seal import InstitutionSeal, SealStatus, make_seal, seal_pdf, verify_seal
from ciment_web.letters.values import (
    BillBrief,
    BriefChange,
    BriefSource,
    Letterhead,
    NegativeReply,
    PacketGuide,
    ReflexCard,
    RefusalLetter,
    RelayCertificate,
    ReplyItem,
    ReplyLetter,
    Verification,
)

__all__ = [
    "BillBrief",
    "BriefChange",
    "BriefSource",
    "InstitutionSeal",
    "Letterhead",
    "NegativeReply",
    "PacketGuide",
    "ReflexCard",
    "RefusalLetter",
    "RelayCertificate",
    "ReplyItem",
    "ReplyLetter",
    "SealBroken",
    "SealStatus",
    "SealUnusable",
    "UnprintableLetter",
    "Verification",
    "make_seal",
    "render_brief",
    "render_card",
    "render_certificate",
    "render_guide",
    "render_negative",
    "render_refusal",
    "render_reply",
    "seal_pdf",
    "verify_seal",
]
