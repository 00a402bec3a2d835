"""One term: its five seats, who sat where, the steps of the heads (C1)."""

from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse

from committee.enums import TermState
from committee.models import Term
from committee.pages.seats_display import seat_rows, seating_lines, term_badge, term_facts
from committee.queries import running_term, seatings_of_term, sitting
from committee.workflow.terms import TERM, open_terms, term_page
from staff_portal.kernel.models import User
from staff_portal.kernel.pages.records import Look, Part, RecordPage
from staff_portal.kernel.pages.steps import step_actions
from staff_portal.kernel.persian.digits import to_persian_digits
from staff_portal.kernel.persian.jalali import format_jalali
from staff_portal.kernel.workflow.holds import open_reasons
from staff_portal.kernel.workflow.reading import Option

TITLE = "کمیته مشترک"


def visible(user: User, on: date) -> QuerySet[Term]:
    """The terms the person may see, with what their page names; a refusal for whom the committee is closed."""
    rows = open_terms(user, on).annotate(_open_holds=open_reasons(Term))
    return rows.select_related("memorandum", "proposed_by", "agreed_by", "chair_proposed_by")


def home_crumbs(*more: dict[str, str]) -> list[dict[str, str]]:
    """The way to what lies below the committee's home."""
    return [{"label": TITLE, "url": reverse("committee:home")}, *more]


def term_crumbs(term: Term) -> list[dict[str, str]]:
    """The way to a term."""
    return home_crumbs({"label": _short(term), "url": term_page(term)})


def _short(term: Term) -> str:
    return f"دوره {to_persian_digits(term.number)}"


def _meta(term: Term) -> list[str]:
    end = format_jalali(term.ended_on, "medium") if term.ended_on else "استقرار دوره بعد"
    return [f"از {format_jalali(term.starts_on, 'medium')} تا {end}"]


def _seatings(term: Term, look: Look) -> list[Any]:
    return look.once("seatings", lambda: list(seatings_of_term(term)))


def _running(look: Look) -> Term | None:
    return look.once("running", lambda: running_term(look.on))


def _seats(term: Term, look: Look) -> dict[str, Any] | None:
    if term.state != TermState.OPEN:
        return None
    rows = seat_rows(term, _seatings(term, look), look.me, look.on, seated=sitting(look.on))
    return {"seats": rows, "has_links": any(row["links"] for row in rows)}


def _terms(term: Term, look: Look) -> dict[str, Any] | None:
    every = list(Term.objects.all())
    rows = [
        {
            "label": _short(row),
            "url": "" if row.pk == term.pk else term_page(row),
            "badge": term_badge(row, _running(look), look.on),
        }
        for row in every
    ]
    return {"terms": rows} if len(every) > 1 else None


def _actions(term: Term, look: Look) -> list[dict[str, Any]]:
    return step_actions(TERM, term, [option for option in look.options if _is_shown(term, option)])


def _is_shown(term: Term, option: Option) -> bool:
    """A chair is agreed to only when one is proposed; the other side's proposal is never this head's to withdraw."""
    if option.name == "agree_chair":
        return bool(term.proposed_chair_code)
    return option.name not in ("withdraw", "withdraw_chair") or option.allowed


TERM_PAGE = RecordPage(
    table=TERM,
    name="committee:term_detail",
    visible=visible,
    crumbs=term_crumbs,
    badges=lambda term, look: [term_badge(term, _running(look), look.on)],
    meta=_meta,
    actions=_actions,
    facts=term_facts,
    main=(
        Part("پنج کرسی", "committee/seats/seats.html", _seats, flush=True),
        Part(
            "سابقه کرسی‌ها",
            "committee/seats/history.html",
            lambda term, look: {"lines": seating_lines(_seatings(term, look), look.on)},
            flush=True,
        ),
        Part(
            "آیین کار",
            "committee/seats/rules.html",
            lambda term, look: {"term": term} if term.rules else None,
        ),
    ),
    side=(Part("دوره‌های کمیته", "committee/seats/terms.html", _terms),),
)
