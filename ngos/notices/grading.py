"""Who hears of what in grading: assessors, experts, managers, the planner and the NGO's representatives."""

from collections.abc import Iterable

from django.urls import reverse

from ngos import events
from ngos.models import Assessment, AssessorSeat, NgoAccount
from staff_portal.kernel import access, notices
from staff_portal.kernel.models import AuditEntry
from staff_portal.kernel.roles import Role


def _is_assessment(entry: AuditEntry) -> bool:
    """Some events are also recorded of a single indicator; people hear of the assessment's own only."""
    return entry.subject_type == "ngos.assessment"


def _seats(entry: AuditEntry) -> Iterable[int]:
    if not _is_assessment(entry):
        return []
    return AssessorSeat.objects.filter(assessment=entry.subject_id).values_list("assessor_id", flat=True)


def _planner(entry: AuditEntry) -> Iterable[int | None]:
    if not _is_assessment(entry):
        return []
    return Assessment.objects.filter(pk=entry.subject_id).values_list("planned_by_id", flat=True)


def _representatives(entry: AuditEntry) -> Iterable[int]:
    if not _is_assessment(entry):
        return []
    return NgoAccount.objects.filter(
        ngo=entry.root_id, period__contains=access.local_date(entry.at), user__is_active=True
    ).values_list("user_id", flat=True)


def _experts(entry: AuditEntry) -> Iterable[int]:
    """The experts who may moderate: those who have not scored (N7)."""
    return sorted(set(access.holders(Role.HQ_EXPERT, access.local_date(entry.at))) - set(_seats(entry)))


def _managers(entry: AuditEntry) -> Iterable[int]:
    """The managers who may confirm: those who have not scored (N9)."""
    if not _is_assessment(entry):
        return []
    return sorted(set(access.holders(Role.HQ_MANAGER, access.local_date(entry.at))) - set(_seats(entry)))


def _grading_people(entry: AuditEntry) -> Iterable[int]:
    on = access.local_date(entry.at)
    return sorted({*access.holders(Role.HQ_EXPERT, on), *access.holders(Role.HQ_ASSESSOR, on)})


def _detail(entry: AuditEntry) -> str:
    return reverse("ngos:assessment_detail", args=[entry.subject_id])


def _desk(entry: AuditEntry) -> str:
    return reverse("ngos:assessment_score", args=[entry.subject_id])


def _moderation(entry: AuditEntry) -> str:
    return reverse("ngos:assessment_moderate", args=[entry.subject_id])


def _confirmation(entry: AuditEntry) -> str:
    return reverse("ngos:assessment_do", args=[entry.subject_id, "confirm"])


def _tab(entry: AuditEntry) -> str:
    return reverse("ngos:ngo_grading", args=[entry.root_id])


def _framework(entry: AuditEntry) -> str:
    return reverse("ngos:framework_detail", args=[entry.subject_id])


notices.register(
    events.FRAMEWORK_PUBLISHED.code,
    audience=_grading_people,
    text="{actor} «{subject}» را منتشر کرد؛ ظرفیت‌سنجی‌های تازه با آن انجام می‌شود.",
    url=_framework,
)
notices.register(
    events.ASSESSMENT_PLANNED.code,
    audience=_representatives,
    text="ظرفیت‌سنجی سمن شما برنامه‌ریزی شد؛ مدارک خود را به‌روز کنید.",
    url=_detail,
    email=True,
)
notices.register(
    events.ASSESSMENT_PLANNED.code,
    audience=_seats,
    text="شما ارزیاب «{subject}» شدید؛ آغاز امتیازدهی اعلام می‌شود.",
    url=_detail,
)
notices.register(
    events.SCORING_STARTED.code,
    audience=_seats,
    text="امتیازدهی «{subject}» آغاز شد و در انتظار شماست.",
    url=_desk,
    email=True,
)
notices.register(
    events.SCORES_SUBMITTED.code,
    audience=_planner,
    text="{actor} امتیازهای «{subject}» را ارسال کرد.",
    url=_detail,
)
notices.register(
    events.MODERATION_OPENED.code,
    audience=_experts,
    text="دو ارزیاب «{subject}» در چند شاخص اختلاف دارند؛ هم‌سنجی در انتظار کارشناسان است.",
    url=_moderation,
    email=True,
)
notices.register(
    events.CONFIRMATION_AWAITED.code,
    audience=_managers,
    text="«{subject}» بدون نیاز به هم‌سنجی آماده تأیید سطح است.",
    url=_confirmation,
    email=True,
)
notices.register(
    events.MODERATED.code,
    audience=_managers,
    text="{actor} هم‌سنجی «{subject}» را به پایان رساند؛ تأیید سطح در انتظار شماست.",
    url=_confirmation,
    email=True,
)
notices.register(
    events.GRADE_CONFIRMED.code,
    audience=_seats,
    text="سطح «{subject}» تأیید شد.",
    url=_detail,
)
notices.register(
    events.GRADE_CONFIRMED.code,
    audience=_planner,
    text="{actor} سطح «{subject}» را تأیید کرد و کارنامه صادر شد.",
    url=_detail,
)
notices.register(
    events.GRADE_CONFIRMED.code,
    audience=_representatives,
    text="سطح سمن شما تأیید شد؛ کارنامه و آنچه تا سطح بعد مانده است را ببینید.",
    url=_tab,
    email=True,
    sms=True,
)
notices.register(
    events.SCORES_SENT_BACK.code,
    audience=_seats,
    text="{actor} «{subject}» را برای امتیازدهی دوباره چند شاخص بازگرداند: {note}",
    url=_desk,
    email=True,
)
notices.register(
    events.ASSESSMENT_CANCELLED.code,
    audience=_planner,
    text="{actor} «{subject}» را لغو کرد: {note}",
    url=_detail,
)
notices.register(
    events.ASSESSMENT_CANCELLED.code,
    audience=_seats,
    text="«{subject}» لغو شد و دیگر امتیازی نمی‌خواهد.",
    url=_detail,
)
notices.register(
    events.ASSESSMENT_CANCELLED.code,
    audience=_representatives,
    text="ظرفیت‌سنجی سمن شما لغو شد؛ سطح کنونی شما پابرجاست.",
    url=_detail,
)
notices.register(
    events.ASSESSOR_CHANGED.code,
    audience=_seats,
    text="ارزیابان «{subject}» تغییر کردند.",
    url=_detail,
)
