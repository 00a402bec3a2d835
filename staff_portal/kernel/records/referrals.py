"""Rows of referrals [ارجاع]: a file goes to a person with a note and a date, and comes back with the outcome (K7)."""

from datetime import date

from django.db.models import QuerySet
from django.urls import reverse

from staff_portal.kernel.models import Referral, User
from staff_portal.kernel.operations import referrals
from staff_portal.kernel.people import rules
from staff_portal.kernel.workflow.audience import To
from staff_portal.kernel.workflow.guards import guard
from staff_portal.kernel.workflow.questions import Ask
from staff_portal.kernel.workflow.rows import Act, Creation, Waits
from staff_portal.kernel.workflow.table import Table
from staff_portal.kernel.workflow.transactions import file_of

REFERRAL_TASK = "kernel.referral"


def visible(user: User, on: date) -> QuerySet[Referral]:
    """The referrals a person may see."""
    return Referral.objects.filter(rules.referrals_visible_to(user, on))


def _page(referral: Referral) -> str:
    return reverse("referral", args=[referral.pk])


def _file(referral: Referral) -> str:
    return referral.url


REFER = Creation(
    "refer",
    stores=(
        "root_type",
        "root_id",
        "root_label",
        "url",
        "to_user",
        "by_user",
        "note",
        "due_on",
        "created_at",
    ),
    by=rules.REFER_FILES,
    event="referral.made",
    label="ارجاع",
    note="شرح ارجاع",
    asks=(Ask("to_user", "شخص", "person"), Ask.date("due_on", "مهلت", required=False)),
    blockers=referrals.stands_against,
    outcome=referrals.referred,
    named=lambda row: row.to_user.full_name,
    under_hold=True,
    says="پرونده را به {to_user} ارجاع داد: {note}",
    done="پرونده به {to_user} ارجاع شد.",
    tell=(To.field("to_user", "{actor} پرونده‌ای را به شما ارجاع داد: {note}", mail=True, page=_file),),
)
FINISH = Act(
    "finish",
    stores=("done_at", "done_note"),
    by=rules.FINISH_REFERRALS,
    event="referral.done",
    label="پایان ارجاع",
    note="نتیجه",
    page="referral",
    blockers=referrals.is_open,
    outcome=referrals.finished,
    says="ارجاع را به پایان رساند: {note}",
    done="ارجاع به پایان رسید.",
    tell=(To.field("by_user", "{actor} ارجاع شما را به پایان رساند: {note}", page=_file),),
    waits=(
        Waits(
            to=To.field("to_user"),
            when=lambda row: row.done_at is None,
            kind=REFERRAL_TASK,
            title="ارجاع: {subject}",
            detail=lambda row: f"{row.by_user.full_name}: {row.note}",
            due="due_on",
            rank=40,
        ),
    ),
)
TAKE_BACK = Act(
    "take_back",
    stores=("done_at", "done_note"),
    by=rules.TAKE_BACK_REFERRALS,
    event="referral.done",
    label="پس‌گرفتن ارجاع",
    note="نتیجه",
    page="referral",
    blockers=referrals.is_open,
    outcome=referrals.finished,
    says="ارجاع را به پایان رساند: {note}",
    done="ارجاع به پایان رسید.",
    tell=(To.field("to_user", "{actor} ارجاع به شما را پس گرفت: {note}", page=_file),),
)
REFERRAL = Table(
    Referral,
    code="referral",
    title="ارجاع",
    rows=[REFER, FINISH, TAKE_BACK],
    visible=visible,
    address=_page,
    within=file_of,
    state="",
    reads=("to_user", "by_user"),
)
guard(REFERRAL, "k7_referral_kept", final="done_at")
