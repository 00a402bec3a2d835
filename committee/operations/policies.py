"""Policy documents and their articles: who owns each and how far it has been carried out (M2)."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.db.models import QuerySet

from committee.enums import ArticleState, ClauseParty, PolicyKind
from committee.models import PolicyArticle, PolicyDocument
from staff_portal.kernel.models import Unit, User
from staff_portal.kernel.persian.digits import to_ascii_digits, to_persian_digits
from staff_portal.kernel.persian.ordering import alphabetical
from staff_portal.kernel.workflow.registry import table_for
from staff_portal.kernel.workflow.rows import Step

LONGEST_NOTE = 400
UNCHANGED = "وضعیت ماده همین است؛ چیزی تغییر نکرد."


def record_policy(
    *,
    actor: User,
    at: datetime,
    kind: str,
    title: str,
    number: str = "",
    dated_on: date | None = None,
    note: str = "",
) -> PolicyDocument:
    """Record a document that the committee carries out: a resolution of the Council, the five-year plan (M2)."""
    asked: dict[str, Any] = {
        "kind": kind,
        "title": title,
        "number": number,
        "dated_on": dated_on,
        "remarks": note,
    }
    made: PolicyDocument = table_for(PolicyDocument).apply(None, "record", actor=actor, at=at, **asked)
    return made


def record_article(
    document: PolicyDocument,
    *,
    actor: User,
    at: datetime,
    code: str,
    text: str,
    party: str,
    unit: Unit | None = None,
) -> PolicyArticle:
    """Add an article with its owner; it begins as not started (M2)."""
    asked: dict[str, Any] = {"code": code, "text": text, "party": party, "unit": unit}
    made: PolicyArticle = table_for(PolicyArticle).apply(document, "record", actor=actor, at=at, **asked)
    return made


def set_article_state(
    article: PolicyArticle, *, actor: User, at: datetime, state: str, note: str
) -> PolicyArticle:
    """Say how far the article has been carried out, since now, and why (M2)."""
    told: PolicyArticle = table_for(article).apply(
        article, "set_state", actor=actor, at=at, state=state, note=note
    )
    return told


# --- what is asked ------------------------------------------------------------------------------------------


def kinds(obj: Any, on: date) -> list[tuple[str, str]]:
    return list(PolicyKind.choices)


def parties(obj: Any, on: date) -> list[tuple[str, str]]:
    return list(ClauseParty.choices)


def states(obj: Any, on: date) -> list[tuple[str, str]]:
    return list(ArticleState.choices)


def units(obj: Any, on: date) -> QuerySet[Unit]:
    """The deputy's units, any of which may own an article."""
    return Unit.objects.order_by(alphabetical("title"), "id")


def article_label(article: PolicyArticle) -> str:
    """How an article is named in the timeline of its document."""
    return f"ماده {to_persian_digits(article.code)}"


# --- what stands against, what is stored --------------------------------------------------------------------


def document_data(document: PolicyDocument | None, step: Step) -> dict[str, Any]:
    """A document as it was typed; its number in ASCII digits."""
    asked = step.asked
    return {
        "kind": asked["kind"],
        "title": asked["title"],
        "number": to_ascii_digits(asked["number"] or ""),
        "dated_on": asked["dated_on"],
        "note": asked["remarks"] or "",
    }


def new_document(parent: None, step: Step) -> dict[str, Any]:
    return {**document_data(parent, step), "recorded_by": step.actor, "recorded_at": step.at}


def article_data(article: Any, step: Step) -> dict[str, Any]:
    """An article as it was typed; its code in ASCII digits."""
    asked = step.asked
    return {
        "code": to_ascii_digits(asked["code"]),
        "text": asked["text"],
        "party": asked["party"],
        "unit": asked["unit"],
    }


def new_article(document: PolicyDocument, step: Step) -> dict[str, Any]:
    """The columns of a new article: the last of its document."""
    return {
        **article_data(None, step),
        "document": document,
        "position": document.articles.count() + 1,
    }


def against_state(article: PolicyArticle, step: Step) -> Iterable[str]:
    """Neither the state nor what is said of it differs, or too much is said."""
    if len(step.note) > LONGEST_NOTE:
        yield f"«شرح وضعیت» باید حداکثر {LONGEST_NOTE} نویسه باشد؛ آن را کوتاه‌تر کنید."
    if (step.asked.get("state"), step.note) == (article.state, article.state_note):
        yield UNCHANGED


def new_state(article: PolicyArticle, step: Step) -> dict[str, Any]:
    return {"state": step.asked["state"], "state_note": step.note}


def told_of_state(article: PolicyArticle, step: Step) -> dict[str, Any]:
    """The entry names the state by its label."""
    return {"told": f"{article.get_state_display()}. "}


def facts_of_state(article: PolicyArticle) -> list[dict[str, Any]]:
    """The article, and what was said of it last."""
    return [
        {"label": article_label(article), "value": to_persian_digits(article.text)},
        {"label": "وضعیت کنونی", "value": str(article.get_state_display())},
        {"label": "شرح کنونی", "value": to_persian_digits(article.state_note)},
    ]
