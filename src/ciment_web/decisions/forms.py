"""What a signatory says to refuse an accord."""

from django import forms
from django.utils.translation import gettext_lazy as _


class ObjectionForm(forms.Form):
    """The reason of a refusal; it is sealed with the decision."""

    reason = forms.CharField(
        label=_("Pourquoi refusez-vous votre accord ?"),
        help_text=_("Le référent et les autres signataires liront cette raison."),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
