"""A person's own names for the filters of a list. No record of the office, so no audit entry is made."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from urllib.parse import parse_qsl, urlencode

from django.db import transaction

from staff_portal.kernel.base.refusals import Refusal
from staff_portal.kernel.models import SavedView, User
from staff_portal.kernel.persian.letters import clean_text

MOST_VIEWS = 20


@dataclass(frozen=True)
class KnownList:
    """A list whose filters may be kept: its address, and what refuses people for whom it is closed."""

    url_name: str
    check: Callable[[User, date], Any]


LISTS: dict[str, KnownList] = {}


def register_list(name: str, url_name: str, check: Callable[[User, date], Any]) -> None:
    """Let people keep their filters of a list under its name; ``check(user, on)`` raises for whom it is closed."""
    LISTS[name] = KnownList(url_name, check)


def views_of(owner: User, list_name: str) -> list[dict[str, Any]]:
    """The person's own views of a list, in the order in which they were made. One query."""
    mine = SavedView.objects.filter(owner=owner, list_name=list_name)
    return [{"pk": view.pk, "label": view.title, "query": view.query} for view in mine]


_NOT_KEPT = {"page", "format"}


@transaction.atomic
def save_view(*, owner: User, at: datetime, list_name: str, title: str, query: str) -> SavedView:
    """Keep the filters of a list under a name; the same name again replaces them. ``query`` is a query string."""
    title = clean_text(title)[:80]
    if not title:
        raise Refusal("برای این نما نامی بنویسید.")
    kept = urlencode([pair for pair in parse_qsl(query.removeprefix("?")) if pair[0] not in _NOT_KEPT])
    if not kept:
        raise Refusal("نخست دست‌کم یک صافی یا جست‌وجو برگزینید.")
    if len(kept) > 600:
        raise Refusal("صافی‌های این نما بیش از اندازه است؛ چند صافی را بردارید.")
    User.objects.select_for_update(no_key=True).get(pk=owner.pk)
    mine = SavedView.objects.filter(owner=owner, list_name=list_name)
    if not mine.filter(title=title).exists() and mine.count() >= MOST_VIEWS:
        raise Refusal("شمار نماهای ذخیره‌شده به بیشینه رسیده است؛ نخست یکی را حذف کنید.")
    view, _ = SavedView.objects.update_or_create(
        owner=owner, list_name=list_name, title=title, defaults={"query": kept, "created_at": at}
    )
    return view


def delete_view(view: SavedView) -> None:
    """Forget a view; only its owner is ever given it."""
    view.delete()
