"""Rows of the memorandum and of terms: proposed by one head, opened by the other, ended when the next is seated (C1)."""

from collections.abc import Iterable
from datetime import date

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, QuerySet, Subquery
from django.urls import reverse

from committee import rules
from committee.enums import APPOINTED_SEATS, SEAT_SIDE, SeatCode
from committee.enums import TermState as T
from committee.models import Memorandum, NominationRound, Seating, Term
from committee.operations import round_calls, terms
from committee.workflow.addresses import seats
from committee.workflow.nominees import TASK as NOMINATION_TASK
from staff_portal.kernel.base.refusals import NotPermitted
from staff_portal.kernel.base.roles import Role
from staff_portal.kernel.models import User
from staff_portal.kernel.people.access import Permission, permission
from staff_portal.kernel.workflow.audience import ROLE, Address, To
from staff_portal.kernel.workflow.guards import guard
from staff_portal.kernel.workflow.questions import Ask
from staff_portal.kernel.workflow.rows import Act, Creation, Transition, Waits
from staff_portal.kernel.workflow.table import Table

END_TERM = permission("committee.end_term", "پایان دوره کمیته", [], system=True)
NOT_FOR_YOU = "کمیته مشترک برای نقش شما باز نیست."
TASK = "committee.seats"


def visible_terms(user: User, on: date) -> QuerySet[Term]:
    """The terms a person may see."""
    return Term.objects.all() if rules.reads_committee(user, on) else Term.objects.none()


def open_terms(user: User, on: date) -> QuerySet[Term]:
    """The same for a page: a refusal for whom the committee is closed altogether."""
    if not rules.reads_committee(user, on):
        raise NotPermitted(NOT_FOR_YOU)
    return Term.objects.all()


def visible_memoranda(user: User, on: date) -> QuerySet[Memorandum]:
    """The memoranda a person may see."""
    return Memorandum.objects.all() if rules.reads_committee(user, on) else Memorandum.objects.none()


# --- whom it concerns --------------------------------------------------------------------------------------


def term_page(term: Term) -> str:
    """The page of a term."""
    return reverse("committee:term_detail", args=[term.pk])


def heads(obj: object) -> list[Address]:
    """Both heads."""
    return [Address(ROLE, str(role)) for role in rules.HEADS]


def everybody(obj: object) -> list[Address]:
    """Whoever sits, the secretary and both heads."""
    return [*seats(SeatCode.values), Address(ROLE, str(Role.SECRETARY)), *heads(obj)]


def _heads_but(side: str, power: Permission) -> list[Address]:
    """The head of the other side, whose agreement is wanted."""
    others = [role for role in rules.HEADS if rules.HEAD_SIDE[role] != side]
    return [Address(ROLE, str(role), power=power.code) for role in others]


def _who_agrees(term: Term) -> Iterable[Address]:
    return _heads_but(term.proposed_side, rules.AGREE_TERM)


def _who_agrees_to_the_chair(term: Term) -> Iterable[Address]:
    proposer = term.chair_proposed_by
    return _heads_but(proposer.side, rules.AGREE_CHAIR) if proposer is not None else []


def with_filled(rows: QuerySet[Term]) -> QuerySet[Term]:
    """With the codes of the seats that somebody fills without an end, here or in a later term, and with what says
    whether the NGO's seat calls for a round."""
    lasting = Seating.objects.filter(seat__term__starts_on__gte=OuterRef("starts_on"), period__upper_inf=True)
    later = Term.objects.filter(state=T.OPEN, starts_on__gt=OuterRef("starts_on")).order_by("starts_on")
    next_on = Subquery(later.values("starts_on")[:1])
    read = rows.annotate(filled=ArraySubquery(lasting.values("seat_code")), gives_way_on=next_on)
    return read.prefetch_related("seats__seatings", "seats__rounds")


def _open_terms(record: object) -> Iterable[Term]:
    """A round, a seating or a term moves what waits on every open term."""
    return Term.objects.filter(state=T.OPEN)


TO_NOMINATE = Waits(
    key="nominate",
    to=To.power(rules.PREPARE_ROUND),
    when=lambda term: term.state == T.OPEN,
    turns=round_calls.turns,
    kind=NOMINATION_TASK,
    title="آغاز معرفی نامزد",
    page=lambda term: reverse("committee:nomination_new"),
    rank=30,
)


def _to_fill(code: SeatCode) -> Waits:
    """A seat that nobody fills waits for the head of its side."""
    head = next(role for role in rules.HEADS if rules.HEAD_SIDE[role] == SEAT_SIDE[code])
    return Waits(
        key=f"seat-{code.value}",
        to=To.power(rules.APPOINT, roles=[head]),
        when=lambda term: term.state == T.OPEN and code not in term.filled,
        ends=round_calls.last_own_day,
        kind=TASK,
        title=f"انتصاب در «{code.label}»",
        detail="این کرسی خالی است",
        page=term_page,
        rank=30,
    )


# --- the memorandum ----------------------------------------------------------------------------------------

MEMORANDUM = Table(
    Memorandum,
    code="memorandum",
    title="تفاهم‌نامه",
    rows=[
        Creation(
            "record",
            stores=(
                "number",
                "title",
                "signed_on",
                "period",
                "hq_signatory",
                "deputy_signatory",
                "extension",
                "recorded_by",
                "recorded_at",
            ),
            by=rules.RECORD_MEMORANDUM,
            event="memorandum.recorded",
            event_label="ثبت تفاهم‌نامه",
            label="ثبت تفاهم‌نامه",
            confirm="پس از ثبت تغییر نمی‌کند؛ شانزده بند آن همراهش ثبت می‌شود.",
            asks=(
                Ask.text("title", "عنوان", length=200),
                Ask.text("number", "شماره", length=40),
                Ask.date("signed_on", "تاریخ امضا"),
                Ask.date("last_day", "پایان اعتبار"),
                Ask.text("extension", "شیوه تمدید", required=False),
                Ask.text("hq_signatory", "امضاکننده ستاد سمن‌ها", length=160),
                Ask.text("deputy_signatory", "امضاکننده معاونت", length=160),
            ),
            blockers=terms.against_recording,
            outcome=terms.new_memorandum,
            effect=terms.add_clauses,
            says="«{subject}» را ثبت کرد",
            done="تفاهم‌نامه ثبت شد.",
        ),
    ],
    visible=visible_memoranda,
    address=lambda memorandum: reverse("committee:memorandum"),
    state="",
)
guard(MEMORANDUM, "memorandum_kept")


# --- terms -------------------------------------------------------------------------------------------------

PROPOSE = Creation(
    "propose",
    targets=(T.PROPOSED,),
    stores=(
        "memorandum",
        "number",
        "starts_on",
        "planned_end_on",
        "rules",
        "chair_code",
        "proposed_by",
        "proposed_side",
    ),
    by=rules.PROPOSE_TERM,
    event="term.proposed",
    event_label="پیشنهاد دوره کمیته",
    label="پیشنهاد دوره تازه",
    confirm="رئیس طرف دیگر دوره را می‌گشاید؛ سپس هر طرف دو نماینده خود را منصوب می‌کند.",
    asks=(
        Ask.date("starts_on", "آغاز دوره"),
        Ask.date("planned_end_on", "پایان پیش‌بینی‌شده", help="دوره تا استقرار دوره بعد ادامه می‌یابد."),
        Ask.choice(
            "chair_code",
            "کرسی رئیس",
            terms.chairs,
            wrong=terms.ONE_OF_FOUR,
            help="رئیس یکی از چهار نماینده دو طرف است و دعوت جلسه‌ها را امضا می‌کند.",
        ),
        Ask.long("conduct", "آیین کار", length=4000, required=False),
    ),
    blockers=terms.against_proposing,
    outcome=terms.proposed,
    effect=terms.set_out_seats,
    says="{subject} را پیشنهاد کرد",
    shade="wait",
    done="دوره پیشنهاد شد؛ رئیس طرف دیگر آن را می‌گشاید.",
    tell=(To(heads, "{actor} دوره تازه‌ای برای کمیته مشترک پیشنهاد کرد؛ پذیرش آن با شماست.", mail=True),),
)
AGREE = Transition(
    "agree",
    sources=(T.PROPOSED,),
    targets=(T.OPEN,),
    stores=("agreed_by",),
    by=rules.AGREE_TERM,
    event="term.agreed",
    event_label="گشایش دوره کمیته",
    label="پذیرش و گشایش دوره",
    confirm="دوره گشوده می‌شود و هر طرف دو نماینده خود را منصوب می‌کند.",
    about=terms.term_facts,
    blockers=terms.against_opening,
    outcome=lambda term, step: {"agreed_by": step.actor},
    says="با گشایش {subject} موافقت کرد",
    shade="ok",
    done="دوره گشوده شد؛ نمایندگان خود را منصوب کنید.",
    tone="main",
    tell=(To(heads, "دوره تازه کمیته مشترک گشوده شد؛ نمایندگان خود را منصوب کنید.", mail=True),),
    waits=(
        Waits(
            to=To(_who_agrees),
            but=lambda term: [term.proposed_by_id],
            kind=TASK,
            title="پذیرش دوره تازه کمیته",
            detail="پیشنهاد طرف دیگر",
            page=term_page,
            rank=20,
        ),
    ),
)
WITHDRAW = Transition(
    "withdraw",
    sources=(T.PROPOSED,),
    targets=(T.WITHDRAWN,),
    by=rules.WITHDRAW_TERM,
    event="term.withdrawn",
    event_label="پس‌گرفتن پیشنهاد دوره",
    label="پس‌گرفتن پیشنهاد",
    note="توضیح",
    says="پیشنهاد {subject} را پس گرفت: {note}",
    done="پیشنهاد دوره پس گرفته شد.",
    tone="danger",
    tell=(To(heads, "پیشنهاد دوره تازه پس گرفته شد: {note}"),),
)
PROPOSE_CHAIR = Act(
    "propose_chair",
    sources=(T.OPEN,),
    stores=("proposed_chair_code", "chair_proposed_by"),
    by=rules.PROPOSE_CHAIR,
    event="term.chair_proposed",
    event_label="پیشنهاد رئیس کمیته",
    label="پیشنهاد رئیس دیگر",
    note="دلیل تغییر",
    asks=(Ask.choice("chair", "کرسی رئیس", terms.chair_choices, by_blockers=True),),
    confirm="تا رئیس طرف دیگر نپذیرد، رئیس کنونی کمیته بر جای خود است.",
    blockers=terms.against_chair,
    outcome=terms.chair_proposed,
    says="تغییر رئیس کمیته را پیشنهاد کرد: {note}",
    shade="wait",
    done="رئیس دیگری پیشنهاد شد؛ رئیس طرف دیگر آن را می‌پذیرد.",
    tell=(To(heads, "{actor} رئیس دیگری برای کمیته پیشنهاد کرد: {note}", mail=True),),
)
AGREE_CHAIR = Act(
    "agree_chair",
    sources=(T.OPEN,),
    stores=("chair_code", "proposed_chair_code", "chair_proposed_by"),
    by=rules.AGREE_CHAIR,
    event="term.chair_changed",
    event_label="تغییر رئیس کمیته",
    label="پذیرش رئیس تازه",
    about=terms.chair_facts,
    confirm="از این پس دعوت جلسه‌ها را رئیس تازه امضا می‌کند.",
    asks=(Ask.seen("proposal", "پیشنهاد", terms.proposed_chair, terms.CHAIR_CHANGED),),
    blockers=terms.against_agreeing,
    outcome=terms.chair_taken,
    says="با تغییر رئیس کمیته موافقت کرد",
    done="رئیس کمیته تغییر کرد.",
    tone="main",
    tell=(To(everybody, "رئیس کمیته مشترک تغییر کرد."),),
    waits=(
        Waits(
            to=To(_who_agrees_to_the_chair),
            when=lambda term: bool(term.proposed_chair_code),
            but=lambda term: [term.chair_proposed_by_id],
            kind=TASK,
            title="پذیرش رئیس تازه کمیته",
            detail=lambda term: str(term.get_proposed_chair_code_display()),
            page=term_page,
            rank=20,
        ),
    ),
)
WITHDRAW_CHAIR = Act(
    "withdraw_chair",
    sources=(T.OPEN,),
    stores=("proposed_chair_code", "chair_proposed_by"),
    by=rules.WITHDRAW_CHAIR,
    event="term.chair_withdrawn",
    event_label="پس‌گرفتن پیشنهاد رئیس",
    label="پس‌گرفتن پیشنهاد رئیس",
    about=terms.chair_facts,
    confirm="رئیس کنونی کمیته بر جای خود می‌ماند.",
    outcome=terms.no_chair,
    says="پیشنهاد تغییر رئیس کمیته را پس گرفت",
    done="پیشنهاد تغییر رئیس پس گرفته شد.",
    tell=(To(heads, "{actor} پیشنهاد تغییر رئیس کمیته را پس گرفت."),),
)
END = Transition(
    "end",
    sources=(T.OPEN,),
    targets=(T.ENDED,),
    stores=("ended_on",),
    by=END_TERM,
    event="term.ended",
    event_label="پایان دوره کمیته",
    label="پایان دوره",
    blockers=terms.against_ending,
    outcome=lambda term, step: {"ended_on": step.on},
    sweep=terms.finished_terms,
    says="{subject} را پایان‌یافته ثبت کرد",
    tell=(To(everybody, "{subject} پایان یافت."),),
)
TERM = Table(
    Term,
    code="term",
    title="دوره کمیته مشترک",
    rows=[PROPOSE, AGREE, WITHDRAW, PROPOSE_CHAIR, AGREE_CHAIR, WITHDRAW_CHAIR, END],
    visible=open_terms,
    address=term_page,
    do="committee:term_do",
    reads=("memorandum", "proposed_by", "agreed_by", "chair_proposed_by"),
    gathers=with_filled,
    waits=[*(_to_fill(code) for code in APPOINTED_SEATS), TO_NOMINATE],
    moved_by={NominationRound: _open_terms, Seating: _open_terms, Term: _open_terms},
)
guard(TERM, "c1_term_kept")
