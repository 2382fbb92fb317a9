"""What the folder refuses."""

from ciment.canon import CimentError


class UnprintableLetter(CimentError):  # noqa: N818 - the class names the refusal, as its siblings do
    """Values that cannot become a document: too long, without wording in their language, or refused by typst."""


class SealBroken(CimentError):  # noqa: N818 - the class names the refusal, as its siblings do
    """A document without the institution's sound seal: absent, altered, by another key, or not over the whole file."""


class SealUnusable(CimentError):  # noqa: N818 - the class names the refusal, as its siblings do
    """A key or certificate that cannot seal, or a document that cannot take a seal."""
