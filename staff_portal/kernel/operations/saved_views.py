"""A person's own names for the filters of a list. No record of the office, so no audit entry is made."""

from datetime import datetime
from urllib.parse import parse_qsl, urlencode

from django.db import transaction

from staff_portal.kernel.base.refusals import Refusal
from staff_portal.kernel.models import SavedView, User
from staff_portal.kernel.persian.letters import clean_text

MOST_VIEWS = 20
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
