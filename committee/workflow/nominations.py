"""Rows of a nomination round: prepared by HQ, sealed with three, decided by the deputy (M7, C2, C3)."""

from collections.abc import Callable, Iterable
from datetime import date

from django.db.models import QuerySet
from django.urls import reverse

from committee import rules
from committee.enums import APPOINTED_SEATS, SeatCode
from committee.enums import RoundState as R
from committee.models import NominationRound
from committee.operations import nominations, round_calls
from committee.workflow.addresses import seats
from committee.workflow.nominees import TASK
from ngos.operations.addresses import NGO
from staff_portal.kernel.base.roles import Role
from staff_portal.kernel.models import User
from staff_portal.kernel.workflow.audience import ROLE, Address, To
from staff_portal.kernel.workflow.guards import guard
from staff_portal.kernel.workflow.questions import Ask
from staff_portal.kernel.workflow.rows import Act, Creation, Transition, Waits
from staff_portal.kernel.workflow.table import Table

FOLLOWERS = (Role.HQ_EXPERT, Role.SECRETARY)
OFFICES = (Role.HQ_EXPERT, Role.HQ_MANAGER, Role.DEPUTY_MANAGER, Role.SECRETARY)


def visible_rounds(user: User, on: date) -> QuerySet[NominationRound]:
    """The rounds a person may see."""
    return NominationRound.objects.filter(rules.rounds_visible_to(user, on))


# --- whom it concerns ---------------------------------------------------------------------------------------


def _step(name: str) -> Callable[[NominationRound], str]:
    return lambda row: reverse("committee:nomination_do", args=[row.pk, name])


def _home(row: NominationRound) -> str:
    return reverse("home")


def _three(row: NominationRound) -> list[Address]:
    """The NGOs that stand in the round."""
    return [Address(NGO, str(pk)) for pk in row.nominees.values_list("ngo_id", flat=True)]


def _chosen(row: NominationRound) -> list[Address]:
    return [Address(NGO, str(row.chosen.ngo_id))] if row.chosen is not None else []


def _everybody(row: NominationRound) -> list[Address]:
    """All who had to do with the round, HQ's manager and the committee's sitting NGO member included."""
    return [*seats(SeatCode.values), *_roles(OFFICES)]


def _roles(roles: Iterable[Role]) -> list[Address]:
    return [Address(ROLE, str(role)) for role in roles]


def _silent_seats(row: NominationRound) -> list[Address]:
    """The four seats but for those that have voted."""
    return seats(nominations.silent_seats(row))


# --- the rows -----------------------------------------------------------------------------------------------

NOMINEE_ASKED = (Ask.record("nominee", "نامزد", nominations.three, wrong=nominations.ONE_OF_THREE),)
DECIDED = "nomination.decided"
TOLD_DECIDED = (
    To(_everybody, "«{chosen}» نماینده سمن‌ها در کمیته مشترک شد.", mail=True),
    To(_three, "در انتخاب نماینده سمن‌ها، «{chosen}» برگزیده شد.", mail=True, page=_home),
    To(
        _chosen,
        "سمن شما برای کرسی سمن‌ها در کمیته مشترک برگزیده شد.",
        mail=True,
        sms=True,
        page=_home,
    ),
)

PREPARE = Creation(
    "prepare",
    targets=(R.PREPARING,),
    stores=("seat", "number", "prepared_by", "prepared_at"),
    by=rules.PREPARE_ROUND,
    event="nomination.prepared",
    label="آغاز معرفی نامزد",
    locks=round_calls.lock_ngo_seats,
    blockers=round_calls.prepare_gaps,
    outcome=round_calls.prepared,
    effect=round_calls.why_prepared,
    says="«{subject}» را آغاز کرد",
    done="دور معرفی آغاز شد؛ سه سمن را نامزد کنید.",
)
SEAL = Transition(
    "seal",
    sources=(R.PREPARING,),
    targets=(R.OPEN,),
    stores=("sealed_on", "sealed_by"),
    by=rules.SEAL,
    event="nomination.sealed",
    event_label="نهایی‌کردن سه نامزد",
    label="نهایی‌کردن سه نامزد",
    confirm="از این پس سه نامزد تغییر نمی‌کنند، چهار نماینده آگاه می‌شوند و مهلت رأی‌گیری آغاز می‌شود.",
    about=nominations.the_three,
    locks=nominations.lock_ngos,
    blockers=nominations.seal_gaps,
    outcome=nominations.sealed,
    effect=nominations.keep_sealing,
    then=nominations.settle,
    says="سه نامزد را نهایی کرد",
    shade="go",
    done="سه نامزد نهایی شد و نمایندگان آگاه شدند.",
    tone="main",
    tell=(
        To(
            _three,
            "سه نامزد کرسی سمن‌ها نهایی شد و سمن شما یکی از آن‌هاست؛ نتیجه به شما اعلام می‌شود.",
            mail=True,
            page=_home,
        ),
        To.role(
            Role.DEPUTY_MANAGER,
            "ستاد سمن‌ها سه نامزد کرسی سمن‌ها را نهایی کرد؛ نمایندگان رأی می‌دهند.",
            mail=True,
        ),
        To(
            lambda row: seats(APPOINTED_SEATS),
            "سه نامزد کرسی سمن‌ها نهایی شد؛ رأی خود را ثبت کنید.",
            mail=True,
            sms=True,
            page=_step("cast"),
        ),
    ),
    waits=(
        Waits(
            to=To.power(rules.SEAL),
            when=nominations.are_three_ready,
            kind=TASK,
            title="نهایی‌کردن سه نامزد",
            detail="هر سه پذیرفته‌اند",
            page=NominationRound.get_absolute_url,
            rank=20,
        ),
    ),
)
CAST = Act(
    "cast",
    sources=(R.OPEN,),
    by=rules.CAST_NOMINATION,
    event="nomination.cast",
    event_label="رأی به نامزد",
    label="رأی‌دادن",
    confirm="رأی شما یک بار ثبت می‌شود و دیگر تغییر نمی‌کند.",
    asks=(
        *NOMINEE_ASKED,
        Ask.long(
            "reason",
            "دلیل رأی",
            required=False,
            length=2000,
            help="پس از تصمیم خوانده می‌شود؛ اگر تصمیم با معاون باشد، معاون آن را پیش از تصمیم می‌خواند.",
        ),
    ),
    locks=nominations.lock_ngos,
    blockers=nominations.cast_gaps,
    effect=nominations.keep_ballot,
    then=nominations.settle,
    says="رأی خود را به یکی از سه نامزد داد",
    done="رأی شما ثبت شد.",
    tone="main",
    tell=(To(lambda row: _roles(FOLLOWERS), "{actor} رأی خود را در «{subject}» ثبت کرد."),),
    waits=(
        Waits(
            to=To(_silent_seats),
            but=nominations.who_voted,
            due=nominations.deadline_of,
            ends=nominations.deadline_of,
            kind=TASK,
            title="رأی به یکی از سه نامزد",
            detail="{subject}",
            page=_step("cast"),
            rank=10,
        ),
    ),
)
HAND_OVER = Act(
    "hand_over",
    sources=(R.OPEN,),
    stores=("head_reason",),
    by=rules.BY_SYSTEM,
    event="nomination.undecided",
    label="تصمیم با معاون",
    blockers=nominations.not_the_heads,
    outcome=nominations.handed_over,
    sweep=nominations.undecided_rounds,
    says="تصمیم درباره «{subject}» را به معاون سپرد: {note}",
    shade="wait",
    tell=(
        To.role(
            Role.DEPUTY_MANAGER,
            "انتخاب نماینده سمن‌ها با شماست: {note}",
            mail=True,
            sms=True,
            page=_step("decide"),
        ),
    ),
)
HAND_BACK = Act(
    "hand_back",
    sources=(R.OPEN,),
    stores=("head_reason",),
    by=rules.BY_SYSTEM,
    event="nomination.handed_back",
    label="بازگشت تصمیم به نمایندگان معاونت",
    blockers=nominations.still_the_heads,
    outcome=lambda row, step: {"head_reason": ""},
    sweep=nominations.rounds_of_members_again,
    says="تصمیم درباره «{subject}» را به نمایندگان معاونت بازگرداند",
    tell=(
        To.role(
            Role.DEPUTY_MANAGER,
            "نماینده تازه‌ای از معاونت در کرسی است؛ تصمیم درباره «{subject}» دوباره با نمایندگان است.",
        ),
    ),
)
DECIDE = Transition(
    "decide",
    sources=(R.OPEN,),
    targets=(R.DECIDED,),
    stores=("chosen", "decided_by", "decided_on", "reason", "proof"),
    by=rules.DECIDE,
    event=DECIDED,
    event_label="انتخاب نماینده سمن‌ها",
    label="انتخاب یکی از سه نامزد",
    confirm="سمن برگزیده از فردا، یا از آغاز دوره، در کرسی می‌نشیند و برگه اثبات انتخاب صادر می‌شود؛ این کار بازگشت‌پذیر نیست.",
    asks=NOMINEE_ASKED,
    note="دلیل انتخاب",
    locks=nominations.lock_ngos,
    blockers=nominations.decide_gaps,
    outcome=nominations.decided_by_head,
    effect=nominations.seat_chosen,
    says="نماینده سمن‌ها را برگزید: {note}",
    shade="ok",
    done="سمن برگزیده از فردا، یا از آغاز دوره، در کرسی است و برگه اثبات انتخاب صادر شد.",
    tone="main",
    tell=TOLD_DECIDED,
    waits=(
        Waits(
            to=To.power(rules.DECIDE),
            but=nominations.who_voted,
            opens=nominations.heads_from,
            kind=TASK,
            title="انتخاب یکی از سه نامزد",
            detail=nominations.why_the_heads,
            page=_step("decide"),
            rank=10,
        ),
    ),
)
DECIDE_BY_BALLOTS = Transition(
    "decide_by_ballots",
    sources=(R.OPEN,),
    targets=(R.DECIDED,),
    stores=("chosen", "decided_on", "proof"),
    by=rules.DECIDE_BY_BALLOTS,
    event=DECIDED,
    event_label="انتخاب نماینده سمن‌ها",
    label="انتخاب با دو رأی یکسان معاونت",
    locks=nominations.lock_ngos,
    blockers=nominations.ballots_gaps,
    outcome=nominations.decided_by_ballots,
    effect=nominations.seat_chosen,
    says="نماینده سمن‌ها را برگزید: {note}",
    shade="ok",
    tell=TOLD_DECIDED,
)
VOID = Transition(
    "void",
    sources=(R.PREPARING, R.OPEN),
    targets=(R.VOID,),
    stores=("void_reason",),
    by=rules.VOID_ROUND,
    event="nomination.void",
    event_label="ابطال دور معرفی",
    label="ابطال دور",
    confirm=(
        "دور باطل می‌شود؛ رأی‌های آن به حساب نمی‌آید و برای همیشه پنهان می‌ماند. "
        "برای کرسی باید دور تازه‌ای آغاز شود."
    ),
    note="سبب ابطال",
    blockers=nominations.void_gaps,
    outcome=lambda row, step: {"void_reason": step.note},
    effect=nominations.release_nominees,
    says="«{subject}» را باطل کرد: {note}",
    shade="no",
    done="دور باطل شد.",
    tone="danger",
    under_hold=True,
    tell=(
        To(_three, "دور معرفی نامزد کرسی سمن‌ها باطل شد: {note}", page=_home),
        To(_everybody, "«{subject}» باطل شد: {note}", mail=True),
    ),
)
ROUND = Table(
    NominationRound,
    code="nomination",
    title="دور معرفی نامزد",
    rows=[PREPARE, SEAL, CAST, DECIDE, DECIDE_BY_BALLOTS, HAND_OVER, HAND_BACK, VOID],
    visible=visible_rounds,
    address=NominationRound.get_absolute_url,
    do="committee:nomination_do",
)
guard(ROUND, "c3_round_kept")
