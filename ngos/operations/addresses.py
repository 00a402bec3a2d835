"""The registry's own kind of address: whoever represents an NGO on the day it is asked."""

from collections.abc import Iterable
from datetime import date

from ngos.models import NgoAccount
from staff_portal.kernel.base.roles import Role
from staff_portal.kernel.models import User
from staff_portal.kernel.people import access
from staff_portal.kernel.workflow.audience import register_kind

NGO = "ngo"


def representatives(key: str, on: date) -> Iterable[int]:
    """The active people who act for the NGO that day."""
    rows = NgoAccount.objects.filter(ngo_id=int(key), period__contains=on, user__is_active=True)
    return rows.values_list("user_id", flat=True)


def represented(user: User, on: date) -> Iterable[str]:
    """The NGOs for which the person acts that day, in the role of one who does."""
    if not access.has_role(user, on, Role.NGO_USER):
        return []
    rows = NgoAccount.objects.filter(user=user, period__contains=on)
    return [str(pk) for pk in rows.values_list("ngo_id", flat=True)]


register_kind(NGO, people=representatives, keys=represented, label=lambda key: "نماینده سمن")
