"""The list of nomination rounds, declared (C2, C3)."""

from datetime import date
from typing import Any

from django.db.models import Prefetch, QuerySet
from django.http import HttpRequest
from django.urls import reverse

from committee import rules
from committee.enums import RoundState
from committee.models import NominationRound, Nominee
from committee.operations import nominations, round_calls
from committee.workflow.nominations import visible_rounds
from staff_portal.kernel.base.refusals import NotPermitted
from staff_portal.kernel.models import User
from staff_portal.kernel.pages.cells import Cell, ListColumn
from staff_portal.kernel.pages.lists import Empty, Facet, ListPage, labels_of
from staff_portal.kernel.pages.requests import person, today
from staff_portal.kernel.persian.digits import to_persian_digits
from staff_portal.kernel.persian.jalali import format_jalali
from staff_portal.kernel.persian.search import search_fold

NOT_FOR_YOU = "معرفی نامزد کمیته برای نقش شما باز نیست."
NONE_YET = "هنوز دور معرفی‌ای آغاز نشده است"


def visible(user: User, on: date) -> QuerySet[NominationRound]:
    """The rounds the person may see, with what every page names; a refusal for whom all are closed."""
    if not rules.reads_committee(user, on):
        raise NotPermitted(NOT_FOR_YOU)
    return visible_rounds(user, on).select_related("seat__term", "chosen__ngo")


def _named(rows: QuerySet[NominationRound], query: str) -> QuerySet[NominationRound]:
    """Rounds by the name of a nominee."""
    for word in search_fold(query).split():
        rows = rows.filter(pk__in=Nominee.objects.filter(ngo__search_text__contains=word).values("round"))
    return rows


def _with_nominees(rows: QuerySet[NominationRound], on: date) -> QuerySet[NominationRound]:
    listed = Nominee.objects.select_related("ngo").order_by("id")
    return rows.prefetch_related(Prefetch("nominees", queryset=listed))


def _nominees(row: NominationRound) -> str:
    return "، ".join(nominee.ngo.name for nominee in row.nominees.all())


def _chosen(row: NominationRound) -> str:
    return row.chosen.ngo.name if row.chosen else ""


def _sealed(row: NominationRound, on: date) -> Cell | str:
    """When the three were sealed; the clock stands beside the open one."""
    if row.sealed_on is None:
        return ""
    is_voted_on = row.state == RoundState.OPEN and not row.head_reason
    due = nominations.deadline_of(row) if is_voted_on else None
    return Cell(_day(row.sealed_on), sub=f"رأی تا {_day(due)}" if due else "")


def _day(day: date) -> str:
    """A date that stays in one piece beside the long names."""
    return format_jalali(day, "medium").replace(" ", "\u00a0")


def _offer(request: HttpRequest) -> dict[str, Any]:
    """Beginning a round, for whom it is; greyed with the reason while one runs or no seat calls for one."""
    crumbs = [{"label": "کمیته مشترک", "url": reverse("committee:home")}, {"label": "معرفی نامزد"}]
    if rules.PREPARE_ROUND.authority(person(request), None, today(request)) is None:
        return {"crumbs": crumbs, "actions": []}
    why_not = round_calls.why_no_round(round_calls.calls(today(request)))
    action = {
        "label": "آغاز معرفی نامزد",
        "url": reverse("committee:nomination_new"),
        "main": True,
        "icon": "plus",
        "confirm": True,
        "reasons": [why_not] if why_not else [],
    }
    text = why_not or "ستاد سمن‌ها سه سمن فعال را نامزد می‌کند و معاونت یکی را برمی‌گزیند."
    empty = Empty(NONE_YET, text, filtered=ROUNDS.empty.filtered, icon="meeting")
    return {"crumbs": crumbs, "actions": [action], "empty_page": empty}


ROUNDS = ListPage(
    title="معرفی نامزد کرسی سمن‌ها",
    name="committee:nomination_list",
    visible=visible,
    search=_named,
    placeholder="نام یکی از نامزدها",
    order=("-number", "-id"),
    columns=(
        ListColumn(
            "number",
            "دور",
            lambda row: row.number,
            lambda row, on: Cell(f"دور\u00a0{to_persian_digits(row.number)}", url=row.get_absolute_url()),
            sort=("number", "id"),
            width=10,
        ),
        ListColumn(
            "state",
            "وضعیت",
            lambda row: row.get_state_display(),
            lambda row, on: Cell(badge=row.get_state_display(), tone=row.state_tone),
            sort=("state", "id"),
        ),
        ListColumn(
            "term",
            "دوره کمیته",
            lambda row: row.seat.term.number,
            lambda row, on: f"دوره {to_persian_digits(row.seat.term.number)}",
            sort=("seat__term__number", "id"),
            width=12,
        ),
        ListColumn(
            "nominees",
            "نامزدها",
            _nominees,
            lambda row, on: Cell(_nominees(row) or "هنوز نامزدی نیست"),
            width=60,
        ),
        ListColumn("chosen", "برگزیده", _chosen, lambda row, on: Cell(_chosen(row)), width=40),
        ListColumn("sealed", "نهایی‌شدن", lambda row: row.sealed_on, _sealed, sort=("sealed_on", "id")),
        ListColumn(
            "decided",
            "پایان",
            lambda row: row.decided_on,
            lambda row, on: _day(row.decided_on) if row.decided_on else "",
            sort=("decided_on", "id"),
        ),
    ),
    facets=(Facet("state", "وضعیت", "state", labels_of(RoundState)),),
    facts=_with_nominees,
    filename="nominations",
    more=_offer,
    template="committee/nominations/list.html",
    empty=Empty(
        NONE_YET,
        "همین که کارشناس ستاد سمن‌ها دوری را آغاز کند، این‌جا دیده می‌شود.",
        filtered="دوری با این صافی‌ها نیست",
        icon="meeting",
    ),
)
