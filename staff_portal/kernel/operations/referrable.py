"""Which files can be referred, and who has one now (K7). Every file registered in ``roots`` can be."""

from django.db import models

from staff_portal.kernel.models import Referral
from staff_portal.kernel.trail.audit import type_label
from staff_portal.kernel.trail.file_kinds import ROOTS


def is_referrable(obj: models.Model) -> bool:
    """Whether its kind is registered as a file."""
    return type_label(obj) in ROOTS


def open_referrals(obj: models.Model) -> list[Referral]:
    """Who has this file now (K7), for its page: open referrals with both persons, newest first."""
    return list(
        Referral.objects.filter(
            root_type=type_label(obj), root_id=obj.pk, done_at__isnull=True
        ).select_related("to_user", "by_user")
    )
