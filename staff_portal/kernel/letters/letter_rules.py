"""Who may see letters, jobs and the audit trail, and who may revoke and annotate letters (K1–K4)."""

from collections.abc import Callable
from datetime import date
from typing import Any

from django.db.models import Q

from staff_portal.kernel.base.roles import Role
from staff_portal.kernel.models import Job, Letter, Secrecy, User
from staff_portal.kernel.people import access
from staff_portal.kernel.people.access import permission
from staff_portal.kernel.trail import file_kinds

OwnLetters = Callable[[User, date], Q]
#: what upper apps say of letters that are about a person: these are read by that person, whatever the record
OWN: list[OwnLetters] = []
CONFIDENTIAL_READERS = (Role.HQ_EXPERT, Role.HQ_MANAGER)
JOB_READERS = (Role.AUDITOR, Role.HQ_MANAGER)

SIGN_LETTER = permission("letter.sign", "امضای نامه در گامی دیگر", [], system=True)
REVOKE_LETTER = permission("letter.revoke", "ابطال نامه", [Role.HQ_MANAGER])
ANNOTATE_LETTER = permission(
    "letter.annotate", "ثبت شماره اتوماسیون اداری نامه", [Role.HQ_EXPERT, Role.HQ_MANAGER]
)
VIEW_AUDIT = permission("audit.view", "دیدن دفتر رویدادها", [Role.AUDITOR, Role.HQ_MANAGER], delegable=False)


def letters_visible_to(user: User, on: date) -> Q:
    """Condition on :class:`Letter`: letters go with the record they are about, confidential ones stay in HQ."""
    condition = Q(pk__in=[])
    for label, root in file_kinds.ROOTS.items():
        if root.model is not Letter:
            seen = root.visible(user, on).order_by().values("pk")
            condition |= Q(root_type=label, root_id__in=seen)
    for own in OWN:
        condition |= own(user, on)
    if access.has_role(user, on, *CONFIDENTIAL_READERS):
        return condition
    return condition & Q(secrecy=Secrecy.ORDINARY)


def can_view_letter(user: User, letter: Letter, on: date) -> bool:
    """The object form of :func:`letters_visible_to`."""
    if letter.secrecy != Secrecy.ORDINARY and not access.has_role(user, on, *CONFIDENTIAL_READERS):
        return False
    if file_kinds.find(letter.root_type, letter.root_id, user, on) is not None:
        return True
    return any(Letter.objects.filter(own(user, on), pk=letter.pk).exists() for own in OWN)


def can_stage_file(user: User, on: date) -> bool:
    """Whoever has a role that writes anything; the auditor changes nothing."""
    return bool(access.roles_of(user, on) - {Role.AUDITOR})


def jobs_visible_to(user: User, on: date) -> Q:
    """One's own; the auditor and HQ's manager see all."""
    return Q() if access.has_role(user, on, *JOB_READERS) else Q(owner=user)


def can_view_job(user: User, job: Job, on: date) -> bool:
    """The object form of :func:`jobs_visible_to`."""
    return job.owner_id == user.pk or access.has_role(user, on, *JOB_READERS)


def can_view_audit(user: User, obj: Any, on: date) -> bool:
    """Whether the whole audit trail is open to the person."""
    return VIEW_AUDIT.authority(user, obj, on) is not None
