"""What is kept of drills: how often each choice was made, and nothing about whoever made it."""

from django.db import models

from ciment_web.institutions.models import TenantRow


class ChoiceCount(TenantRow):
    """How often one choice of one moment was made in an institution. No member, no time.

    `shown` is the count when the moment's answers last reached a multiple of five: pages show that one, so that
    nobody who looks before and after a colleague trains learns what the colleague chose.
    """

    case = models.SlugField(max_length=60)
    moment = models.PositiveSmallIntegerField()
    choice = models.PositiveSmallIntegerField()
    count = models.PositiveIntegerField(default=0)
    shown = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["institution", "case", "moment", "choice"], name="choice_counted_once"),
            models.CheckConstraint(condition=models.Q(shown__lte=models.F("count")), name="choice_shown_was_counted"),
        ]
