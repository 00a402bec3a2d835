"""What every view of the ground floor asks: who, when, whether the person may, and whether it was done."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any, TypeVar, cast

from django.contrib import messages
from django.core.paginator import Page, Paginator
from django.db.models import Model, QuerySet
from django.forms import Form
from django.http import Http404, HttpRequest

from staff_portal.kernel.base.refusals import NotPermitted, Refusal
from staff_portal.kernel.models import User
from staff_portal.kernel.people.access import Authority, Permission, local_date
from staff_portal.kernel.persian.digits import natural, to_ascii_digits
from staff_portal.kernel.workflow.transactions import require

Row = TypeVar("Row", bound=Model)
PAGE_SIZES = (25, 50, 100)


def person(request: HttpRequest) -> User:
    """Who is signed in."""
    return cast(User, request.user)


def moment(request: HttpRequest) -> datetime:
    """The moment of the request, read once by the middleware."""
    return cast(datetime, request.at)  # type: ignore[attr-defined]


def today(request: HttpRequest) -> date:
    """The day of the request in Tehran."""
    return local_date(moment(request))


def guard(permission: Permission, request: HttpRequest, obj: Any = None) -> Authority:
    """Let the person in, or raise :class:`NotPermitted`: a page with the sentence that says why not."""
    return require(permission, person(request), obj, moment(request))


def one(queryset: QuerySet[Row], pk: int) -> Row:
    """The row among those the person may see, else 404: its existence is itself a secret."""
    found = queryset.filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def attempt(form: Form, operation: Callable[[], Any]) -> Any:
    """Do it, or put the refusal's sentences on the form and return None; a 403 stays a 403."""
    try:
        return operation()
    except NotPermitted:
        raise
    except Refusal as refusal:
        for sentence in refusal.sentences:
            form.add_error(None, sentence)
        return None


def tell(request: HttpRequest, operation: Callable[[], Any], done: str) -> None:
    """Do it and say so, or say the refusal's sentences, where there is no form; a 403 stays a 403."""
    try:
        operation()
    except NotPermitted:
        raise
    except Refusal as refusal:
        for sentence in refusal.sentences:
            messages.error(request, sentence)
    else:
        messages.success(request, done)


def page_of(request: HttpRequest, rows: Any) -> Page:
    """The wanted page of a list (``?page=``, ``?size=`` in any digits); a page that is not there is the last."""
    size = to_ascii_digits(request.GET.get("size", ""))
    asked = natural(size)
    wanted = asked if asked in PAGE_SIZES else PAGE_SIZES[0]
    return Paginator(rows, wanted).get_page(to_ascii_digits(request.GET.get("page", "1")))


def chip_group(
    request: HttpRequest, label: str, name: str, options: list[tuple[str, str, int]]
) -> dict[str, Any]:
    """One group of filter chips for the parameter ``name``: options are (value, label, count)."""
    current = request.GET.get(name, "")
    drawn = []
    for value, text, count in options:
        query = request.GET.copy()
        query.pop("page", None)
        query.pop(name, None)
        query.pop("format", None)
        if value != current:
            query[name] = value
        drawn.append(
            {
                "label": text,
                "count": count,
                "url": f"?{query.urlencode()}",
                "active": value == current,
                "removable": value == current,
            }
        )
    return {"label": label, "options": drawn}


def export_url(request: HttpRequest) -> str:
    """The Excel file of exactly what is filtered."""
    query = request.GET.copy()
    query.pop("page", None)
    query["format"] = "xlsx"
    return f"?{query.urlencode()}"
