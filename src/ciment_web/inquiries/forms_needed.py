"""What form a request would need: taken from the near misses, never a hint at what is held."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

# Only the form of a request is told to its author: the rest of a near miss is for the institution alone.
_FORM = frozenset({"form", "authenticated"})
_PHRASES = {
    ("form", "written"): _("être écrite et signée"),
    ("form", "written_reasoned"): _("être écrite, signée et motivée"),
    ("authenticated", "yes"): _("permettre de vérifier l’identité et la qualité de son auteur"),
}


def form_needed(answer: Mapping[str, Any]) -> tuple[str, ...]:
    """Return, as phrases, the changes of form that alone would have led to another verdict; often none."""
    found: dict[str, None] = {}
    for verdict in answer["verdicts"].values():
        for miss in verdict["near_misses"]:
            if set(miss["changes"]) <= _FORM:
                for attribute, values in sorted(miss["changes"].items()):
                    found[str(_PHRASES[attribute, values[0]])] = None
    return tuple(found)
