"""What a message that cannot be read, or is read with care, means to whoever brought it."""

from django.utils.translation import gettext

from ciment_web.inquiries.incoming import explain


def explain_message(code: str) -> str:
    """Return the sentence for a refusal or a warning of `incoming`, in the reader's language."""
    sentence = explain(code)
    return gettext(sentence)
