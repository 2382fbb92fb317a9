"""Reading what people really send: e-mails, PDF letters, photos — values in, values out, no Django."""

from ciment_web.inquiries.incoming.explanations import CODES, explain
from ciment_web.inquiries.incoming.reading import MAX_BYTES, join_pages, read_message
from ciment_web.inquiries.incoming.suggesting import suggest
from ciment_web.inquiries.incoming.values import IncomingAttachment, IncomingMessage, Suggestion, UnreadableMessage

__all__ = [
    "CODES",
    "MAX_BYTES",
    "IncomingAttachment",
    "IncomingMessage",
    "Suggestion",
    "UnreadableMessage",
    "explain",
    "join_pages",
    "read_message",
    "suggest",
]
