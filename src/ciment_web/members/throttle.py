"""The rate limit of sign-in and of every act that asks for a passphrase, and the bound on concurrent hashing."""

import hashlib
import hmac
import threading
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from django.conf import settings
from django.utils import timezone

from ciment.canon import CimentError
from ciment_web.members.models import SignInFailure

WINDOW = timedelta(minutes=15)
# Argon2id takes up to 128 MiB: two at a time keep a small server alive under a flood of attempts.
HASHING = threading.BoundedSemaphore(2)


class TooManyAttempts(CimentError):  # noqa: N818 - the class names the refusal
    """Too many refused passphrases in a short time."""


def require_allowed(limits: Mapping[str, int]) -> None:
    """Check that none of the names (an account, an address) failed as often as its limit within `WINDOW`.

    Raises:
        TooManyAttempts: if one did.
    """
    since = _now() - WINDOW
    for name, limit in limits.items():
        if SignInFailure.objects.filter(digest=_digest(name), failed_at__gt=since).count() >= limit:
            raise TooManyAttempts("too many attempts; wait a quarter of an hour")


def count_failure(names: Iterable[str]) -> None:
    """Remember one failure for each of `names`, and forget those outside the window."""
    SignInFailure.objects.filter(failed_at__lte=_now() - WINDOW).delete()
    SignInFailure.objects.bulk_create(SignInFailure(digest=_digest(name), failed_at=_now()) for name in names)


def forget_failures(names: Iterable[str]) -> None:
    """Clear the count after a success."""
    SignInFailure.objects.filter(digest__in=[_digest(name) for name in names]).delete()


def _digest(name: str) -> str:
    return hmac.new(settings.SECRET_KEY.encode(), name.encode(), hashlib.sha256).hexdigest()


def _now() -> datetime:
    return timezone.now()
