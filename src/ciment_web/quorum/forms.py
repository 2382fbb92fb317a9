"""What is typed to answer for a member, and to hand over the key of the register."""

from django import forms
from django.utils.translation import gettext_lazy as _

from ciment_web.members.forms import PassphraseForm


class AnswerForm(PassphraseForm):
    """The passphrase again, and the enrolment that was shown."""

    seen = forms.CharField(max_length=64, widget=forms.HiddenInput)

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]  # passed on as they come
        self.fields["phrase"].help_text = _("Elle ouvre la clé avec laquelle vous répondez de ce membre.")


class HandOverForm(AnswerForm):
    """The passphrase again, and the enrolment that was shown."""

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.fields["phrase"].help_text = _("Elle ouvre la clé du registre, que vous remettez.")
