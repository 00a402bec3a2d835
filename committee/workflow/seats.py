"""Rows of appointments: who takes a seat, who leaves it, always from the next day (C1, C2, C3)."""

from collections.abc import Iterable
from datetime import date

from django.db.models import QuerySet
from django.urls import reverse

from committee import rules
from committee.enums import SeatingEnd
from committee.models import Seating
from committee.operations import appointment_letters, seats
from committee.workflow.terms import NOT_FOR_YOU, everybody, heads
from staff_portal.kernel.base.refusals import NotPermitted
from staff_portal.kernel.base.roles import Role
from staff_portal.kernel.models import User
from staff_portal.kernel.people import access
from staff_portal.kernel.workflow.audience import PERSON, ROLE, Address, To
from staff_portal.kernel.workflow.guards import guard
from staff_portal.kernel.workflow.questions import Ask
from staff_portal.kernel.workflow.rows import Act, Creation
from staff_portal.kernel.workflow.table import Table

STORED = (
    "seat",
    "seat_code",
    "person",
    "period",
    "letter_reference",
    "role_assignment",
    "appointed_by",
    "appointed_at",
)
ENDED = ("period", "ended_by", "ended_at")
SEAT_IS_THE_NGOS = (
    "کرسی از آن سمن است و تنها نماینده آن تغییر می‌کند؛ نماینده کنونی تا پایان امروز در کرسی است."
)
NOT_BEGUN = "این عضویت هنوز آغاز نشده است. اگر برای آن پایان عضویت شخص کنونی ثبت شده باشد، بر جای می‌ماند و او را می‌توان دوباره منصوب کرد."


def visible(user: User, on: date) -> QuerySet[Seating]:
    """The seatings a person may see: the committee's readers all, the people of an NGO those of their own."""
    if rules.reads_committee(user, on):
        return Seating.objects.all()
    if access.has_role(user, on, Role.NGO_USER):
        own = Seating.objects.filter(ngo__accounts__user=user, ngo__accounts__period__contains=on)
        return own.distinct()
    raise NotPermitted(NOT_FOR_YOU)


# --- whom it concerns --------------------------------------------------------------------------------------


def _home(seating: Seating) -> str:
    return reverse("committee:home")


def _callers(seating: Seating) -> list[Address]:
    """Who prepares the next round, and who hears that it is wanted."""
    return [Address(ROLE, str(role)) for role in (Role.HQ_EXPERT, Role.SECRETARY)] + heads(seating)


def _who_sat(seating: Seating) -> Iterable[Address]:
    return [] if seating.period.isempty else [Address(PERSON, str(seating.person_id))]


def _who_never_sat(seating: Seating) -> Iterable[Address]:
    return [Address(PERSON, str(seating.person_id))] if seating.period.isempty else []


def _own_paper(seating: Seating) -> str:
    """The person's own letter: read from the appointment on, also before and after the days in the seat."""
    letter = appointment_letters.own_paper(seating)
    return reverse("letter_detail", args=[letter]) if letter else reverse("home")


def _told_seated(text: str) -> To:
    return To.field("person", text, mail=True, sms=True, page=_own_paper)


TOLD_APPOINTED = (_told_seated("شما از {period_first} عضو کمیته مشترک هستید؛ حکم خود را ببینید."),)
TOLD_ENDED = (
    To(
        _who_sat,
        "عضویت شما در کمیته مشترک تا پایان {period_last} است: {note}",
        mail=True,
        page=_own_paper,
    ),
    To(_who_never_sat, "عضویت شما در کمیته مشترک آغاز نمی‌شود: {note}", mail=True, page=_own_paper),
)


# --- taking a seat -----------------------------------------------------------------------------------------

APPOINT = Creation(
    "appoint",
    stores=(*STORED, "letter"),
    by=rules.APPOINT,
    event="seat.appointed",
    event_label="انتصاب در کمیته",
    label="ثبت انتصاب",
    confirm="با ثبت انتصاب، حکم آن صادر می‌شود؛ عضویت از فردا یا پس از آن آغاز می‌شود.",
    about=seats.facts_of_seat,
    asks=(
        Ask.person("person", "شخص", seats.may_be_appointed, by_blockers=True),
        Ask.date("starts_on", "از تاریخ", initial=seats.first_day),
        Ask.text("reference", "شماره حکم", length=60, help="شماره حکم کتبی رئیس همان طرف."),
    ),
    blockers=seats.against_appointing,
    outcome=seats.appointed,
    named=seats.name_of,
    says="{subject} را به عضویت کمیته منصوب کرد",
    shade="ok",
    done="{person} منصوب شد و حکم آن صادر شد.",
    tell=TOLD_APPOINTED,
)
SEAT_NGO = Creation(
    "seat_ngo",
    stores=(*STORED, "ngo", "round"),
    by=rules.BY_SYSTEM,
    event="seat.appointed",
    label="نشاندن سمن برگزیده",
    asks=(
        Ask("person", "شخص", "person"),
        Ask.date("starts_on", "از تاریخ"),
        Ask.text("reference", "شماره معرفی‌نامه"),
        Ask("nomination", "دور معرفی", "record"),
    ),
    outcome=seats.ngo_seated,
    named=seats.name_of,
    follows=True,
    says="{subject} را به عضویت کمیته منصوب کرد",
    tell=(_told_seated("شما از {period_first} عضو کمیته مشترک هستید؛ برگه انتخاب سمن خود را ببینید."),),
)
REPLACE = Creation(
    "replace",
    stores=(*STORED, "ngo", "round"),
    by=rules.REPLACE_REPRESENTATIVE,
    event="seat.representative_replaced",
    event_label="تغییر نماینده سمن",
    label="ثبت نماینده تازه",
    confirm=SEAT_IS_THE_NGOS,
    about=seats.facts_of_seating,
    asks=(
        Ask.person(
            "person",
            "نماینده تازه",
            seats.representatives,
            by_blockers=True,
            help="از کسانی که در سامانه نماینده این سمن‌اند.",
        ),
        Ask.text("reference", "شماره معرفی‌نامه سمن", length=60),
    ),
    blockers=seats.against_replacing,
    outcome=seats.successor,
    then=seats.carry_holds,
    locks=seats.lock_seat_of,
    named=seats.name_of,
    under_hold=True,
    says="{subject} را نماینده تازه سمن ثبت کرد",
    done="نماینده تازه از فردا در کرسی است.",
    tell=(
        To(everybody, "نماینده سمن‌ها در کمیته از {period_first}: {person}."),
        _told_seated("شما از {period_first} نماینده سمن‌ها در کمیته مشترک هستید."),
    ),
)


# --- leaving it --------------------------------------------------------------------------------------------

RECALL = Act(
    "recall",
    stores=ENDED,
    by=rules.RECALL,
    event="seat.ended",
    event_label="پایان عضویت در کمیته",
    label="ثبت پایان عضویت",
    confirm="پس از آن روز کرسی خالی است تا شخص دیگری منصوب شود.",
    about=seats.facts_of_seating,
    note="سبب",
    asks=(
        Ask.date(
            "last_day",
            "آخرین روز",
            help="این روز نیز جزو عضویت است؛ زودترین روز امروز است.",
            initial=lambda seating, on: on,
        ),
    ),
    blockers=seats.against_recalling,
    outcome=seats.recalled,
    then=seats.end_with_seating,
    locks=seats.lock_seat_of,
    page="committee:recall",
    named=seats.name_of,
    under_hold=True,
    says="به عضویت {subject} پایان داد: {note}",
    shade="no",
    done="پایان عضویت ثبت شد.",
    tone="danger",
    tell=TOLD_ENDED,
)
WITHDRAW = Act(
    "withdraw",
    stores=ENDED,
    by=rules.RECALL,
    event="seat.ended",
    label="پس‌گرفتن انتصاب",
    confirm=NOT_BEGUN,
    about=seats.facts_of_seating,
    note="سبب",
    blockers=seats.against_withdrawing,
    outcome=seats.withdrawn,
    then=seats.end_with_seating,
    locks=seats.lock_seat_of,
    page="committee:recall",
    named=seats.name_of,
    under_hold=True,
    says="به عضویت {subject} پایان داد: {note}",
    done="انتصاب پس گرفته شد.",
    tone="danger",
    tell=TOLD_ENDED,
)
END = Act(
    "end",
    stores=ENDED,
    by=rules.BY_SYSTEM,
    event="seat.ended",
    label="پایان عضویت",
    asks=(
        Ask.date("last_day", "آخرین روز"),
        Ask.choice("cause", "سبب", lambda seating, on: SeatingEnd.choices),
    ),
    outcome=seats.ended,
    then=seats.end_with_seating,
    follows=True,
    named=seats.name_of,
    under_hold=True,
    says="به عضویت {subject} پایان داد: {note}",
    tell=TOLD_ENDED,
)
VOID_LETTER = Act(
    "void_letter",
    by=rules.BY_SYSTEM,
    event="seat.letter_void",
    label="پایان اعتبار حکم",
    blockers=appointment_letters.outlived_gaps,
    then=appointment_letters.void,
    sweep=appointment_letters.outlived,
    locks=seats.lock_seat_of,
    named=seats.name_of,
    under_hold=True,
    says="پایان اعتبار حکم {subject} را ثبت کرد",
)
VACATE = Act(
    "vacate",
    by=rules.BY_SYSTEM,
    event="seat.vacant",
    event_label="خالی‌شدن کرسی سمن‌ها",
    label="خالی‌شدن کرسی سمن‌ها",
    follows=True,
    under_hold=True,
    named=lambda seating: str(seating.get_seat_code_display()),
    says="خالی‌شدن کرسی سمن‌ها را ثبت کرد: {note}",
    shade="no",
    tell=(
        To(
            _callers,
            "کرسی سمن‌ها خالی شد ({note})؛ دور تازه معرفی نامزد لازم است.",
            mail=True,
            page=_home,
        ),
    ),
)
SEATING = Table(
    Seating,
    code="seating",
    title="عضویت در کرسی",
    rows=[APPOINT, SEAT_NGO, REPLACE, RECALL, WITHDRAW, END, VOID_LETTER, VACATE],
    visible=visible,
    address=lambda seating: reverse("committee:term_detail", args=[seating.seat.term_id]),
    within=lambda seating: seating.seat.term,
    state="",
    reads=("seat__term", "person", "ngo"),
)
guard(SEATING, "c1_seating_kept")
