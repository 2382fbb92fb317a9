"""The errors of the package: every refusal of the core is one of these."""


class CimentError(Exception):
    """Anything the core refuses. Its message never holds a secret, a name or a text under seal."""


class InvalidEncoding(CimentError):  # noqa: N818 - the class names the refusal, as its siblings do
    """Bytes that are not the one accepted form of what they claim to be."""
