"""What resolutions, minutes and policy documents put into the frame: navigation, waiting work, search, files."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.db.models import CharField, Count, Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Cast
from django.urls import reverse

from committee import rules
from committee import settings as committee_settings
from committee.enums import (
    AmendmentState,
    MinutesState,
    PresenceKind,
)
from committee.models import (
    AmendmentRequest,
    Invitation,
    Meeting,
    Minutes,
    MinutesSignature,
    PolicyDocument,
    Presence,
    Resolution,
)
from committee.queries import matching_resolutions
from staff_portal.kernel import access, panels, roots
from staff_portal.kernel.models import User
from staff_portal.kernel.panels import SearchHit, Task, WorkRow
from staff_portal.kernel.persian.digits import to_persian_digits
from staff_portal.kernel.persian.search import search_fold
from staff_portal.kernel.roles import Role

CODE = "outcomes"
RESOLUTION_TASK, ACTION_TASK, MINUTES_TASK = "committee.resolution", "committee.action", "committee.minutes"
SECTION = "کمیته مشترک"
WORKERS = [role for role in Role if role not in {Role.ADMIN, Role.AUDITOR}]


# --- waiting work ------------------------------------------------------------------------------------------


def parts(user: User, at: datetime) -> Iterable[QuerySet[Any]]:
    """Minutes to read, sign, circulate, answer and seal."""
    on = access.local_date(at)
    if access.has_role(user, on, *rules.MEMBERS):
        yield _minutes("member", user, on)
    if access.has_role(user, on, Role.SECRETARY):
        yield _minutes("secretary", user, on)


def _minutes(part: str, user: User, on: date) -> QuerySet[Any]:
    """Minutes under way with what they wait for; the clocks' settings are those of the day they began."""
    own = {"seating__person": user}
    at_meeting = {"meeting": OuterRef("meeting")}
    of_minutes = {"minutes": OuterRef("pk")}
    arrived = Presence.objects.filter(**at_meeting, kind=PresenceKind.ARRIVED)
    outer = {"minutes": OuterRef(OuterRef("pk"))}
    silent = AmendmentRequest.objects.filter(**outer, state=AmendmentState.NONE).values("seating")
    signed = MinutesSignature.objects.filter(**outer).values("seating")
    rows = (
        Minutes.objects.exclude(state=MinutesState.SEALED)
        .annotate(
            was_invited=Exists(Invitation.objects.filter(**at_meeting, **own)),
            was_present=Exists(arrived.filter(**own)),
            has_spoken=Exists(AmendmentRequest.objects.filter(**of_minutes, **own)),
            has_signed=Exists(MinutesSignature.objects.filter(**of_minutes, signed_by=user)),
            asked=Count("amendments", filter=Q(amendments__state=AmendmentState.ASKED), distinct=True),
            is_awaited=Exists(arrived.exclude(seating__in=silent)),
            is_unsigned=Exists(arrived.exclude(seating__in=signed)),
        )
        .order_by("id")
    )
    return panels.work_part(
        CODE,
        part,
        rows,
        pk="meeting_id",
        name=Cast("meeting__number", CharField()),
        since="state_since",
        state="state",
        circulated="circulated_on",
        signing="signing_from",
        amendment_days=panels.setting_value(committee_settings.AMENDMENT_DAYS, OuterRef("circulated_on")),
        signing_days=panels.setting_value(committee_settings.SIGNING_DAYS, OuterRef("signing_from")),
        was_invited="was_invited",
        was_present="was_present",
        has_spoken="has_spoken",
        has_signed="has_signed",
        asked="asked",
        is_awaited="is_awaited",
        is_unsigned="is_unsigned",
    )


def task(row: WorkRow, on: date) -> Task | None:
    """One line of the inbox."""
    meeting = str(Meeting(number=row.name))
    amendments = row.deadline(row.day("circulated"), row.extra["amendment_days"])
    if row.part == "member":
        return _for_member(row, meeting, amendments)
    return _for_secretary(row, meeting, amendments, on)


def _for_member(row: WorkRow, meeting: str, amendments: date | None) -> Task | None:
    extra = row.extra
    if extra["state"] == MinutesState.CIRCULATED and extra["was_invited"] and not extra["has_spoken"]:
        return Task(
            MINUTES_TASK,
            f"بررسی صورتجلسه {meeting}",
            "اصلاح خود را بخواهید یا اعلام کنید که اصلاحی ندارید",
            reverse("committee:minutes_detail", args=[row.pk]),
            due_on=amendments,
            since=row.since,
            rank=40,
        )
    if extra["state"] == MinutesState.SIGNING and extra["was_present"] and not extra["has_signed"]:
        return Task(
            MINUTES_TASK,
            f"امضای صورتجلسه {meeting}",
            "اگر نظر مخالفی دارید، همراه امضا بنویسید",
            reverse("committee:minutes_sign", args=[row.pk]),
            due_on=row.deadline(row.day("signing"), extra["signing_days"]),
            since=row.since,
            rank=30,
        )
    return None


def _for_secretary(row: WorkRow, meeting: str, amendments: date | None, on: date) -> Task | None:
    extra, title, detail, due = row.extra, "", "", None
    if extra["state"] == MinutesState.DRAFT:
        title, detail = f"نوشتن و گردش صورتجلسه {meeting}", "گفت‌وگوها را بنویسید و به گردش بگذارید"
    elif extra["state"] == MinutesState.CIRCULATED:
        due = amendments
        if extra["asked"]:
            title = f"پاسخ به درخواست‌های اصلاح صورتجلسه {meeting}"
            detail = f"{to_persian_digits(extra['asked'])} درخواست بی‌پاسخ"
        elif not extra["is_awaited"] or (due is not None and on > due):
            title, detail = f"آغاز امضای صورتجلسه {meeting}", "همه درخواست‌ها پاسخ داده شده است"
    elif not extra["is_unsigned"]:
        title, detail = f"نهایی‌کردن صورتجلسه {meeting}", "همه حاضران امضا کرده‌اند"
    if not title:
        return None
    url = reverse("committee:minutes_detail", args=[row.pk])
    return Task(MINUTES_TASK, title, detail, url, due_on=due, since=row.since, rank=45)


# --- search and files --------------------------------------------------------------------------------------


def visible_resolutions(user: User, on: date) -> QuerySet[Resolution]:
    """The resolutions a person may see."""
    return Resolution.objects.filter(rules.resolutions_visible_to(user, on))


def visible_policies(user: User, on: date) -> QuerySet[PolicyDocument]:
    """Policy documents: the committee's readers see all."""
    return PolicyDocument.objects.filter(rules.policies_visible_to(user, on))


def found(user: User, at: datetime, query: str, limit: int) -> Iterable[SearchHit]:
    """Resolutions by number, title and text. One query."""
    on = access.local_date(at)
    if not search_fold(query) or not access.has_role(user, on, *rules.RESOLUTION_READERS):
        return
    rows = matching_resolutions(visible_resolutions(user, on).select_related("number"), query)
    for row in rows.order_by("-adopted_on", "-id")[:limit]:
        yield SearchHit(
            "مصوبه‌ها",
            row.title,
            f"مصوبه {to_persian_digits(row.number.text)}، {row.get_state_display()}",
            row.get_absolute_url(),
        )


panels.add_nav(
    SECTION,
    "مصوبه‌ها",
    "committee:resolution_list",
    rules.RESOLUTION_READERS,
    order=250,
    task_kind=RESOLUTION_TASK,
    also=("/committee/actions/",),
)
panels.add_nav(SECTION, "اسناد بالادستی", "committee:policy_list", rules.COMMITTEE_READERS, order=260)
panels.label_tasks(RESOLUTION_TASK, "امضای ابلاغ")
panels.label_tasks(ACTION_TASK, "پیگیری مصوبه‌ها")
panels.label_tasks(MINUTES_TASK, "صورتجلسه‌ها")
panels.add_work(CODE, parts, task)
panels.REGISTRY.search.append(found)
roots.register(Resolution, visible=visible_resolutions, url=lambda row: row.get_absolute_url())
roots.register(PolicyDocument, visible=visible_policies, url=lambda row: row.get_absolute_url())
