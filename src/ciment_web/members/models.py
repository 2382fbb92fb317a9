"""Members, their roles, their signed enrolments and their sealed sessions."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from ciment_web.institutions.models import TenantRow


class Role(models.TextChoices):
    """What a member may do; several may be held at once."""

    WORKER = "worker", _("travailleur·euse social·e")
    TEAM_LEAD = "team_lead", _("chef de service")
    REFERENT = "referent", _("référent·e secret professionnel")
    SIGNATORY = "signatory", _("signataire habilité·e")
    DPO = "dpo", _("délégué·e à la protection des données")
    ADMINISTRATOR = "administrator", _("administrateur·rice")


class Title(models.TextChoices):
    """The legal title under which a signatory signs."""

    NONE = "other", _("autre titre")
    DIRECTOR_GENERAL = "director_general", _("directeur·rice général·e")
    PRESIDENT = "president", _("président·e")


class Member(TenantRow):
    """A person with an account. The seed stays sealed under passphrase and pepper; the keys are those it derives."""

    login = models.SlugField(max_length=40)
    name = models.CharField(max_length=100)
    title = models.CharField(max_length=20, choices=Title.choices, default=Title.NONE)
    function = models.CharField(max_length=100)
    mail = models.EmailField(blank=True)
    public_key = models.BinaryField()
    sealed_seed = models.BinaryField()
    # The fingerprint of the roster this member trusts, sealed under the member's own seed.
    sealed_pin = models.BinaryField(default=b"")
    # The signed statement that these keys and roles are this member's, and the countersignature of a signatory.
    enrolment = models.BinaryField()
    countersigned_by = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="+")
    countersignature = models.BinaryField(default=b"")
    active = models.BooleanField(default=True)

    class Meta:
        constraints = [
            # Who renews an enrolment keeps the login; the account before stays, out of service, with its name.
            models.UniqueConstraint(
                fields=["institution", "login"], condition=models.Q(active=True), name="member_login_once"
            ),
            models.CheckConstraint(condition=models.Q(title__in=Title.values), name="member_title"),
        ]

    def __str__(self) -> str:
        return self.login


class MemberRole(TenantRow):
    """One role held by one member."""

    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="held_roles")
    role = models.CharField(max_length=20, choices=Role.choices)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["member", "role"], name="role_once"),
            models.CheckConstraint(condition=models.Q(role__in=Role.values), name="role_known"),
        ]


class Invitation(TenantRow):
    """An offer to become a member. Its code alone opens it: what it says is sealed, and these columns only list it."""

    class End(models.TextChoices):
        """How an invitation ended; empty while it waits."""

        WAITING = "", "en attente"
        USED = "used", "utilisée"
        REVOKED = "revoked", "retirée"

    code_digest = models.CharField(max_length=64, unique=True)
    # Who is invited to what, until when, and what the newcomer is to trust; emptied once the invitation ends.
    sealed = models.BinaryField()
    login = models.SlugField(max_length=40)
    name = models.CharField(max_length=100)
    # Nobody invited the first member: the host founded the institution.
    invited_by = models.ForeignKey(Member, on_delete=models.PROTECT, null=True, related_name="+")
    invited_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    ended = models.CharField(max_length=8, choices=End.choices, default=End.WAITING, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["institution", "login"], condition=models.Q(ended=""), name="invitation_waits_once"
            ),
            models.CheckConstraint(condition=models.Q(ended__in=("", "used", "revoked")), name="invitation_end"),
        ]


class MemberSession(models.Model):
    """A session: the cookie's secret opens the sealed seed; the server knows only its derived name."""

    id = models.CharField(primary_key=True, max_length=64)
    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="+")
    sealed_seed = models.BinaryField()
    opened_at = models.DateTimeField()
    expires_at = models.DateTimeField(db_index=True)


class SignInFailure(models.Model):
    """A refused sign-in, counted for the rate limit; it keeps a keyed digest, never what was typed."""

    digest = models.CharField(max_length=64, db_index=True)
    failed_at = models.DateTimeField(db_index=True)


class RegisterKey(TenantRow):
    """The seed that opens the details of the register, wrapped to an auditor, or to the founder before there is one."""

    member = models.OneToOneField(Member, on_delete=models.CASCADE, related_name="+")
    wrapped = models.BinaryField()
