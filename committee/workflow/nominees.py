"""Rows of nominees: put forward by HQ, consenting or withdrawing by the NGO itself or its letter (M7, C2, C3)."""

from datetime import date

from django.db.models import QuerySet
from django.urls import reverse

from committee import rules
from committee.models import Nominee
from committee.operations import nominees
from ngos.models import Ngo
from ngos.operations.addresses import NGO
from staff_portal.kernel.base.roles import Role
from staff_portal.kernel.models import User
from staff_portal.kernel.workflow.audience import ROLE, Address, To
from staff_portal.kernel.workflow.questions import Ask
from staff_portal.kernel.workflow.rows import Act, Creation, Removal, Waits
from staff_portal.kernel.workflow.table import Table

TASK = "committee.nominations"
BY_LETTER = (Role.HQ_EXPERT,)


def visible_nominees(user: User, on: date) -> QuerySet[Nominee]:
    """The nominees whose own page a person may see; another NGO's is a secret."""
    mine = Nominee.objects.filter(rules.nominees_visible_to(user, on))
    return Nominee.objects.filter(pk__in=mine.values("pk"))


def page_of(nominee: Nominee) -> str:
    """The page of one nominee."""
    return reverse("committee:nominee_detail", args=[nominee.pk])


def _home(nominee: Nominee) -> str:
    return reverse("home")


def _round(nominee: Nominee) -> str:
    return nominee.round.get_absolute_url()


def _hq(nominee: Nominee) -> list[Address]:
    return [Address(ROLE, str(role)) for role in (Role.HQ_EXPERT, Role.HQ_MANAGER)]


ADD = Creation(
    "add",
    stores=("round", "ngo", "why", "added_by", "added_at"),
    by=rules.EDIT_NOMINEES,
    event="nomination.nominee_added",
    event_label="افزودن نامزد",
    label="نامزدکردن",
    asks=(
        Ask.record("ngo", "سمن", lambda nomination, on: Ngo.objects.all()),
        Ask.long(
            "why",
            "دلیل معرفی",
            length=600,
            help="نمایندگان این دلیل را کنار نام سمن می‌خوانند و در برگه اثبات انتخاب می‌آید.",
        ),
    ),
    blockers=nominees.cannot_add,
    outcome=nominees.put_forward,
    effect=nominees.call_round,
    says="«{subject}» را نامزد کرد",
    done="«{subject}» نامزد شد و از آن خواسته شد نامزدی را بپذیرد.",
    tell=(
        To.at(
            NGO,
            "ngo_id",
            "«{subject}» برای کرسی سمن‌ها در کمیته مشترک نامزد شده است؛ پذیرش و نماینده خود را ثبت کنید.",
            mail=True,
            sms=True,
        ),
    ),
)
REMOVE = Removal(
    "remove",
    by=rules.EDIT_NOMINEES,
    event="nomination.nominee_removed",
    event_label="برداشتن نامزد",
    label="برداشتن از فهرست",
    confirm="تنها تا پیش از نهایی‌شدن سه نامزد شدنی است.",
    note="سبب برداشتن",
    about=nominees.facts_of,
    blockers=nominees.not_prepared,
    says="«{subject}» را از میان نامزدها برداشت: {note}",
    done="سمن از فهرست نامزدها برداشته شد.",
    tone="danger",
)
CONSENT = Act(
    "consent",
    stores=("representative", "consented_on", "consent_reference", "consent_by"),
    by=rules.CONSENT,
    event="nomination.consented",
    label="پذیرش نامزدی",
    confirm="با پذیرش، سمن برای کرسی سمن‌ها نامزد است و نماینده‌ای که برمی‌گزینید در کرسی می‌نشیند.",
    asks=(
        Ask.person(
            "representative",
            "نماینده سمن در کمیته",
            nominees.own_people,
            initial=nominees.first_choice,
            wrong=nominees.NOT_ITS_OWN,
            help="از کسانی که در سامانه نماینده این سمن‌اند؛ اگر سمن برگزیده شود او در کرسی می‌نشیند.",
        ),
        Ask.text("reference", "شماره نامه پذیرش سمن", length=60, of=BY_LETTER),
    ),
    about=nominees.facts_of,
    blockers=nominees.cannot_consent,
    outcome=nominees.consented,
    effect=nominees.call_round,
    says="پذیرش نامزدی «{subject}» را ثبت کرد",
    shade="ok",
    done="پذیرش نامزدی ثبت شد.",
    tone="main",
    tell=(
        To.at(NGO, "ngo_id", "پذیرش نامزدی «{subject}» ثبت شد."),
        To.role(
            Role.HQ_EXPERT,
            "«{subject}» نامزدی را پذیرفت و نماینده خود را معرفی کرد.",
            page=_round,
        ),
    ),
    waits=(
        Waits(
            to=To.at(NGO, "ngo_id"),
            when=lambda row: row.consented_on is None and nominees.is_prepared(row.round),
            kind=TASK,
            title="پذیرش نامزدی",
            detail="کرسی سمن‌ها در کمیته مشترک",
            page=page_of,
            rank=20,
        ),
    ),
)
WITHDREW = "nomination.withdrew"
TOLD = (
    To.at(NGO, "ngo_id", "انصراف «{subject}» از نامزدی ثبت شد.", page=_home),
    To(_hq, "«{subject}» از نامزدی انصراف داد: {note} {letter}", mail=True, page=_round),
)
LETTER = (Ask.text("reference", "شماره نامه انصراف سمن", length=60, of=BY_LETTER),)
SAYS = "انصراف «{subject}» را ثبت کرد: {note} {letter}"
LEAVE = Removal(
    "leave",
    by=rules.WITHDRAW_NOMINEE,
    event=WITHDREW,
    event_label="انصراف نامزد",
    label="انصراف از نامزدی",
    confirm="با انصراف، سمن از فهرست نامزدها بیرون می‌رود.",
    note="دلیل انصراف",
    asks=LETTER,
    about=nominees.facts_of,
    blockers=nominees.not_prepared,
    effect=nominees.by_which_letter,
    says=SAYS,
    shade="no",
    done="انصراف از نامزدی ثبت شد.",
    tone="danger",
    tell=TOLD,
)
WITHDRAW = Act(
    "withdraw",
    by=rules.WITHDRAW_NOMINEE,
    event=WITHDREW,
    event_label="انصراف نامزد",
    label="انصراف از نامزدی",
    confirm="رأی‌گیری باز است؛ با انصراف، این دور باطل می‌شود و دور تازه‌ای لازم است.",
    note="دلیل انصراف",
    asks=LETTER,
    about=nominees.facts_of,
    blockers=nominees.cannot_withdraw,
    effect=nominees.by_which_letter,
    then=nominees.void_round,
    says=SAYS,
    shade="no",
    done="انصراف از نامزدی ثبت شد.",
    tone="danger",
    tell=TOLD,
)
NOMINEE = Table(
    Nominee,
    code="nominee",
    title="نامزد",
    rows=[ADD, CONSENT, WITHDRAW, LEAVE, REMOVE],
    visible=visible_nominees,
    address=page_of,
    within="round",
    state="",
    reads=("round", "ngo"),
    gone=nominees.GONE,
)
