"""Rows of the minutes and of the amendments that members ask for (C9)."""

from collections.abc import Callable, Iterable
from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse

from committee import rules
from committee.enums import AmendmentState as A
from committee.enums import MinutesState as S
from committee.models import AmendmentRequest, Minutes, MinutesSignature
from committee.operations import minutes
from staff_portal.kernel.base.refusals import NotPermitted
from staff_portal.kernel.base.roles import Role
from staff_portal.kernel.models import User
from staff_portal.kernel.persian.digits import to_persian_digits
from staff_portal.kernel.workflow.audience import PERSON, Address, To
from staff_portal.kernel.workflow.guards import frozen, guard
from staff_portal.kernel.workflow.questions import Ask
from staff_portal.kernel.workflow.rows import Act, Creation, Transition, Waits
from staff_portal.kernel.workflow.table import Table

NOT_FOR_YOU = "صورتجلسه‌های کمیته برای نقش شما باز نیست."
TASK = "committee.minutes"


def open_minutes(user: User, on: date) -> QuerySet[Minutes]:
    """The minutes a person may see; a draft is the secretary's and the auditor's."""
    if not rules.reads_committee(user, on):
        raise NotPermitted(NOT_FOR_YOU)
    return Minutes.objects.filter(rules.minutes_visible_to(user, on))


# --- whom it concerns ---------------------------------------------------------------------------------------


def _persons(find: Callable[[Minutes], Iterable[int]], power: Any) -> To:
    """People of that meeting, while they have the power."""
    return To(lambda row: [Address(PERSON, str(pk), power=power.code) for pk in find(row)])


def _signing_page(row: Minutes) -> str:
    return reverse("committee:minutes_sign", args=[row.meeting_id])


def _page(row: Minutes) -> str:
    return row.get_absolute_url()


def _secretary(title: str, **more: Any) -> Waits:
    return Waits(to=To.power(rules.WRITE_MINUTES), kind=TASK, title=title, page=_page, rank=45, **more)


def _requests(row: Minutes) -> str:
    return f"{to_persian_digits(minutes.requests(row))} درخواست بی‌پاسخ"


# --- the minutes --------------------------------------------------------------------------------------------

BEGIN = Creation(
    "begin",
    targets=(S.DRAFT,),
    stores=("meeting",),
    by=rules.CLOSE_MEETING,
    event="minutes.started",
    label="آغاز صورتجلسه",
    outcome=minutes.begun,
    follows=True,
    says="نگارش {subject} را آغاز کرد",
)
WRITE = Act(
    "write",
    sources=(S.DRAFT,),
    by=rules.WRITE_MINUTES,
    event="minutes.discussion",
    label="نوشتن گفت‌وگوها",
    event_label="نوشتن گفت‌وگو",
    page="committee:minutes_write",
    asks=(
        Ask.texts(
            "texts",
            "خلاصه گفت‌وگوها",
            minutes.items_of,
            initial=minutes.discussions_of,
            wrong="این دستور در این جلسه نیست؛ صفحه را تازه کنید.",
        ),
    ),
    confirm="حاضران، رأی‌ها و مصوبه‌ها خودکار در صورتجلسه می‌آید؛ تنها خلاصه گفت‌وگوها را بنویسید.",
    elsewhere="صورتجلسه در گردش است؛ متن آن تنها با پذیرش درخواست اصلاح تغییر می‌کند.",
    blockers=minutes.writing_gaps,
    effect=minutes.keep_discussion,
    says="خلاصه گفت‌وگوها را در {subject} نوشت",
    done="گفت‌وگوها ذخیره شد.",
)
CIRCULATE = Transition(
    "circulate",
    sources=(S.DRAFT,),
    targets=(S.CIRCULATED,),
    stores=("circulated_on", "content"),
    untold=("content",),
    by=rules.WRITE_MINUTES,
    event="minutes.circulated",
    label="گردش میان اعضا",
    event_label="گردش صورتجلسه",
    confirm="اعضا صورتجلسه را می‌بینند و مهلت اصلاح آغاز می‌شود؛ پس از آن متن تنها با پذیرش اصلاح تغییر می‌کند.",
    blockers=minutes.circulation_gaps,
    outcome=minutes.circulated,
    effect=minutes.fingerprint,
    says="{subject} را برای ملاحظه اعضا فرستاد",
    shade="wait",
    done="صورتجلسه به گردش گذاشته شد و اعضا آگاه می‌شوند.",
    tone="main",
    tell=(
        To.people(
            minutes.concerned,
            "{actor} {subject} را برای ملاحظه شما فرستاد؛ اگر اصلاحی دارید تا پایان مهلت بخواهید.",
            mail=True,
        ),
    ),
    waits=(_secretary("نوشتن و گردش {subject}", detail="گفت‌وگوها را بنویسید و به گردش بگذارید"),),
)
START = Transition(
    "start_signing",
    sources=(S.CIRCULATED,),
    targets=(S.SIGNING,),
    stores=(
        "content",
        "content_hash",
        "signing_from",
    ),  # the content by what was accepted while it went round
    untold=("content",),
    by=rules.START_SIGNING,
    event="minutes.signing_started",
    label="آغاز امضا",
    event_label="آغاز امضای صورتجلسه",
    confirm="متن صورتجلسه ثابت می‌شود و حاضران آن را امضا می‌کنند.",
    blockers=minutes.signing_gaps,
    outcome=minutes.frozen_for_signing,
    sweep=minutes.to_be_signed,
    says="{subject} را برای امضا فرستاد",
    shade="wait",
    done="متن صورتجلسه ثابت شد؛ حاضران جلسه امضا می‌کنند.",
    tone="main",
    tell=(
        To.people(minutes.present, "{subject} آماده امضای شماست.", mail=True, sms=True, page=_signing_page),
    ),
    waits=(
        _secretary(
            "آغاز امضای {subject}",
            when=lambda row: not minutes.requests(row),
            detail="همه درخواست‌ها پاسخ داده شده است",
            opens=minutes.signing_begins,
            due=minutes.amendments_until,
        ),
    ),
)
SIGN = Act(
    "sign",
    sources=(S.SIGNING,),
    by=rules.SIGN_MINUTES,
    event="minutes.signed",
    label="امضای صورتجلسه",
    page="committee:minutes_sign",
    asks=(Ask.long("dissent", "نظر مخالف", required=False, length=4000),),
    blockers=minutes.own_signature_gaps,
    effect=minutes.sign_own,
    says="صورتجلسه را امضا کرد",
    shade="ok",
    done="صورتجلسه را امضا کردید.",
    tone="main",
    waits=(
        Waits(
            to=_persons(
                lambda row: [seating.person_id for seating in minutes.unsigned(row)], rules.SIGN_MINUTES
            ),
            kind=TASK,
            title="امضای {subject}",
            detail="اگر نظر مخالفی دارید، همراه امضا بنویسید",
            due=minutes.signatures_until,
            rank=30,
        ),
    ),
)
REWRITE = Act(
    "rewrite",
    sources=(S.CIRCULATED,),
    stores=("content",),
    untold=("content",),
    by=rules.WRITE_MINUTES,
    label="بازنویسی متن",
    asks=(Ask.given("content", "متن", dict),),
    outcome=lambda record, step: {"content": step.asked["content"]},
    follows=True,
    quiet=True,
    says="متن {subject} را بازنوشت",
)
SEAL = Transition(
    "seal",
    sources=(S.SIGNING,),
    targets=(S.SEALED,),
    stores=("letter", "sealed_at"),
    by=rules.SEAL_MINUTES,
    event="minutes.sealed",
    label="نهایی‌کردن",
    event_label="نهایی‌شدن صورتجلسه",
    confirm="صورتجلسه با شماره و امضاها صادر می‌شود و دیگر تغییر نمی‌کند؛ با آن کار جلسه نیز پایان می‌یابد.",
    blockers=minutes.sealing_gaps,
    outcome=minutes.sealed,
    effect=minutes.who_did_not_sign,
    then=minutes.minute_the_meeting,
    sweep=minutes.to_be_sealed,
    says="{subject} را نهایی کرد",
    shade="ok",
    done="صورتجلسه نهایی شد و نامه آن صادر شد.",
    tone="main",
    tell=(
        To.people(minutes.concerned, "{subject} نهایی شد.", mail=True),
        *(
            To.role(role, "{subject} نهایی شد.", mail=True)
            for role in (Role.SECRETARY, Role.HQ_MANAGER, Role.DEPUTY_MANAGER)
        ),
    ),
    waits=(
        _secretary(
            "نهایی‌کردن {subject}",
            when=lambda row: not minutes.unsigned(row),
            detail="همه حاضران امضا کرده‌اند",
        ),
    ),
)
#: what is done in the minutes' parts: members read and ask, the secretary answers
WAITS = (
    Waits(
        key="read",
        to=_persons(minutes.silent, rules.ASK_AMENDMENT),
        when=lambda row: row.state == S.CIRCULATED,
        kind=TASK,
        title="بررسی {subject}",
        detail="اصلاح خود را بخواهید یا اعلام کنید که اصلاحی ندارید",
        due=minutes.amendments_until,
        rank=40,
    ),
    _secretary(
        "پاسخ به درخواست‌های اصلاح {subject}",
        key="answer",
        when=lambda row: row.state == S.CIRCULATED and minutes.requests(row) > 0,
        detail=_requests,
        due=minutes.amendments_until,
    ),
)
MINUTES = Table(
    Minutes,
    code="minutes",
    title="صورتجلسه",
    rows=[BEGIN, WRITE, CIRCULATE, REWRITE, START, SIGN, SEAL],
    visible=open_minutes,
    address=Minutes.get_absolute_url,
    do="committee:minutes_do",
    url_args=lambda row: [row.meeting_id],
    within="meeting",
    reads=("meeting",),
    waits=WAITS,
)
guard(MINUTES, "c9_minutes_in_order")


# --- signatures ---------------------------------------------------------------------------------------------

SIGNATURE = Table(
    MinutesSignature,
    code="signature",
    title="امضای صورتجلسه",
    rows=[
        Creation(
            "put",
            stores=("minutes", "seating", "signed_by", "signed_at", "dissent", "content_hash"),
            by=rules.SIGN_MINUTES,
            label="امضای صورتجلسه",
            asks=(
                Ask("seating", "عضو", "record"),
                Ask.long("dissent", "نظر مخالف", required=False, length=4000),
            ),
            outcome=minutes.signature_of,
            untold=("dissent",),
            follows=True,
            quiet=True,
            says="امضای {subject} را پای صورتجلسه نهاد",
        )
    ],
    visible=lambda user, on: MinutesSignature.objects.filter(minutes__in=open_minutes(user, on).values("pk")),
    address=lambda row: row.minutes.get_absolute_url(),
    within="minutes.meeting",
    state="",
)
guard(SIGNATURE, "c9_signature_kept")

# --- amendments ---------------------------------------------------------------------------------------------


def visible_amendments(user: User, on: date) -> QuerySet[AmendmentRequest]:
    """What was asked for in the minutes a person may see."""
    return AmendmentRequest.objects.filter(minutes__in=open_minutes(user, on).values("pk"))


ASKING: dict[str, Any] = {
    "stores": ("minutes", "seating", "text", "asked_at"),
    "by": rules.ASK_AMENDMENT,
    "blockers": minutes.asking_gaps,
    "outcome": minutes.asked_for,
    "effect": minutes.amendment_follows,
}
ASK = Creation(
    "ask",
    targets=(A.ASKED,),
    event="minutes.amendment_asked",
    label="درخواست اصلاح",
    asks=(Ask.long("text", "اصلاح پیشنهادی", length=4000, help="بنویسید کدام جمله چگونه باید باشد."),),
    words=minutes.asking_words,
    says="اصلاحی خواست: {note}",
    shade="wait",
    done="درخواست شما به دبیر رسید.",
    tell=(To.role(Role.SECRETARY, "{actor} در صورتجلسه اصلاحی خواست: {note}", mail=True),),
    **ASKING,
)
NONE = Creation(
    "none",
    targets=(A.NONE,),
    event="minutes.no_amendment",
    label="اصلاحی ندارم",
    event_label="بی‌نیازی از اصلاح",
    confirm="اعلام می‌کنید که متن صورتجلسه را پذیرفته‌اید و اصلاحی ندارید.",
    says="اعلام کرد که اصلاحی نمی‌خواهد",
    done="ثبت شد که اصلاحی ندارید.",
    **ASKING,
)
ANSWERED: dict[str, Any] = {
    "sources": (A.ASKED,),
    "stores": ("answer", "answered_by", "answered_at"),
    "by": rules.WRITE_MINUTES,
    "event": "minutes.amendment_answered",
    "event_label": "پاسخ اصلاح",
    "elsewhere": "به این درخواست پیش از این پاسخ داده شده است.",
    "outcome": minutes.answered,
    "words": minutes.answering_words,
    "says": "به درخواست اصلاح پاسخ داد: {note}",
    "done": "پاسخ ثبت شد و عضو آگاه می‌شود.",
    "page": "committee:amendment_answer",
    "tell": (
        To.field("seating.person", "{actor} به درخواست اصلاح شما در صورتجلسه پاسخ داد: {note}", mail=True),
    ),
}
ACCEPT = Transition(
    "accept",
    targets=(A.ACCEPTED,),
    label="پذیرش با متن تازه",
    asks=(
        Ask("item", "دستور جلسه", "record"),
        Ask.long("discussion", "متن تازه گفت‌وگوی آن دستور", length=20_000),
        Ask.long("answer", "توضیح به عضو", required=False, length=2000),
    ),
    blockers=minutes.accepting_gaps,
    effect=minutes.change_discussion,
    **ANSWERED,
)
ACCEPT_BY_RECORD = Transition(
    "accept_by_record",
    targets=(A.ACCEPTED,),
    label="پذیرش با رویداد اصلاح‌شده",
    asks=(Ask.long("answer", "توضیح به عضو", length=2000),),
    blockers=minutes.record_gaps,
    effect=minutes.take_over_record,
    **ANSWERED,
)
DECLINE = Transition(
    "decline",
    targets=(A.DECLINED,),
    label="نپذیرفتن",
    asks=(Ask.long("answer", "دلیل نپذیرفتن", length=2000),),
    blockers=minutes.answering_gaps,
    effect=minutes.amendment_follows,
    **ANSWERED,
)
AMENDMENT = Table(
    AmendmentRequest,
    code="amendment",
    title="درخواست اصلاح صورتجلسه",
    rows=[ASK, NONE, ACCEPT, ACCEPT_BY_RECORD, DECLINE],
    visible=visible_amendments,
    address=lambda row: row.minutes.get_absolute_url(),
    url_args=lambda row: [row.minutes.meeting_id, row.pk],
    within="minutes.meeting",
    reads=("minutes", "seating__person"),
    rests=(A.ASKED,),  # all requests together are one item of the minutes
)
guard(AMENDMENT, "c9_amendment_kept")
frozen(
    Minutes, "minutes_id", states=(S.DRAFT, S.SIGNING, S.SEALED), constraint="c9_amendment_in_time"
).register(AmendmentRequest)  # type: ignore[arg-type]
