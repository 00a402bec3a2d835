"""The list of motions, declared, and the way to one of them (C5). No choice stands in it."""

from datetime import date
from typing import Any

from django.db.models import Case, Exists, OuterRef, QuerySet, Value, When
from django.http import HttpRequest
from django.urls import reverse

from committee import rules, secrecy
from committee.enums import MotionKind, MotionState
from committee.models import Ballot, Motion, Recusal
from committee.workflow.motions import open_motions
from staff_portal.kernel.models import User
from staff_portal.kernel.pages.cells import Cell, ListColumn
from staff_portal.kernel.pages.lists import Empty, Facet, ListPage, New, labels_of
from staff_portal.kernel.pages.requests import person, today
from staff_portal.kernel.persian.digits import to_persian_digits
from staff_portal.kernel.persian.ordering import alphabetical
from staff_portal.kernel.persian.search import search_fold

TITLE = "پیشنهادها و رأی‌گیری"
MINE = "mine"
TO_WRITE = "متن را بنویسید؛ دبیر آن را در دستور می‌نهد و اعضا به آن رأی می‌دهند."


def crumbs_of(motion: Motion) -> list[dict[str, str]]:
    """The way to a motion."""
    own = {"label": f"پیشنهاد {to_persian_digits(motion.number)}", "url": motion.get_absolute_url()}
    return [{"label": TITLE, "url": reverse("committee:motion_list")}, own]


def _listed(user: User, on: date) -> QuerySet[Motion]:
    """The motions the person may see; marked are the open ones in which the own seat is silent."""
    rows, seating = open_motions(user, on), rules.seating_of(user, on)
    if seating is None:
        return rows.annotate(only=Value(""))
    own = {"motion": OuterRef("pk"), "seat_code": seating.seat_code}
    voted, aside = Exists(Ballot.objects.filter(**own)), Exists(Recusal.objects.filter(**own))
    return rows.annotate(only=Case(When(~voted & ~aside, state=MotionState.OPEN, then=Value(MINE))))


def _found(rows: QuerySet[Motion], query: str) -> QuerySet[Motion]:
    """Motions by number, title and words of the text."""
    for word in search_fold(query).split():
        rows = rows.filter(search_text__contains=word)
    return rows


def result_words(row: Motion) -> str:
    """The stored counts of a closed vote as words; nothing before closing, of sealed ballots only how many."""
    if secrecy.are_sealed(row) and row.ballot_count:
        return f"{to_persian_digits(row.ballot_count)} رأی، پنهان"
    if row.state not in rules.CLOSED_MOTIONS or row.ballot_count is None:
        return ""
    numbers = [(row.votes_for, "موافق"), (row.votes_against, "مخالف"), (row.votes_abstain, "ممتنع")]
    said = [f"{to_persian_digits(number)} {word}" for number, word in numbers if number]
    return "، ".join(said) if said else "بدون رأی"


def _title(row: Motion, on: date) -> Cell:
    about = f"درباره {row.concerns_ngo.name}" if row.concerns_ngo else ""
    return Cell(row.title, url=row.get_absolute_url(), sub=about)


def _offer(request: HttpRequest) -> dict[str, Any]:
    """To whoever may propose an empty list says so."""
    if rules.PROPOSE_MOTION.authority(person(request), None, today(request)) is None:
        return {}
    filtered = MOTIONS.empty.filtered
    return {"empty_page": Empty("هنوز پیشنهادی نوشته نشده است", TO_WRITE, filtered=filtered, icon="gavel")}


MOTIONS = ListPage(
    title=TITLE,
    name="committee:motion_list",
    visible=_listed,
    search=_found,
    placeholder="شماره، عنوان یا بخشی از متن",
    order=("-id",),
    columns=(
        ListColumn("number", "شماره", lambda row: row.number, sort=("number",), numeric=True, width=10),
        ListColumn(
            "title", "عنوان", lambda row: row.title, _title, sort=(alphabetical("title"), "id"), width=60
        ),
        ListColumn("kind", "نوع", lambda row: str(row.get_kind_display()), sort=("kind", "id")),
        ListColumn(
            "state",
            "وضعیت",
            lambda row: row.get_state_display(),
            lambda row, on: Cell(badge=row.get_state_display(), tone=row.state_tone),
            sort=("state", "id"),
        ),
        ListColumn("result", "رأی‌ها", result_words, width=30),
        ListColumn("proposer", "پیشنهاددهنده", lambda row: str(row.proposed_by or ""), width=26),
        ListColumn("since", "از تاریخ", lambda row: row.state_since, sort=("state_since", "id")),
    ),
    facets=(
        Facet("only", "تنها", "only", lambda: [(MINE, "در انتظار رأی من")]),
        Facet("state", "وضعیت", "state", labels_of(MotionState)),
        Facet("kind", "نوع", "kind", labels_of(MotionKind)),
    ),
    new=(New("پیشنهاد تازه", "committee:motion_new", rules.PROPOSE_MOTION),),
    filename="motions",
    more=_offer,
    template="committee/motions/motion_list.html",
    empty=Empty(
        "هنوز پیشنهادی در دستور نیست",
        "همین که دبیر پیشنهادی را در دستور بنهد، این‌جا دیده می‌شود.",
        filtered="پیشنهادی با این صافی‌ها نیست",
        icon="gavel",
    ),
)
