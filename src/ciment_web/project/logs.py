"""Logs: one line of JSON per event, from an allow-list of fields; no body, query string, variable or traceback."""

import json
import logging
import time

ALLOWED = ("event", "institution", "reference", "milliseconds", "code", "error_type", "where")


class EventFormatter(logging.Formatter):
    """Prints an event's allowed fields and nothing else; the message itself is the event's name."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the event as one line of JSON."""
        fields: dict[str, object] = {"time": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(record.created))}
        given = {"event": record.msg, **getattr(record, "fields", {})}
        fields.update({key: given[key] for key in ALLOWED if key in given})
        return json.dumps(fields, ensure_ascii=False)
