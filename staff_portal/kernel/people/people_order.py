"""People in the order of their names, for lists and choices."""

from typing import Any

from django.db.models import QuerySet

from staff_portal.kernel.models import User
from staff_portal.kernel.persian.ordering import alphabetical

NAME_ORDER = ("last_order", "first_order", "id")


def with_name_order(people: QuerySet[User]) -> Any:
    """The same people, sortable by :data:`NAME_ORDER`: family name, given name, in the Persian alphabet."""
    return people.alias(last_order=alphabetical("last_name"), first_order=alphabetical("first_name"))


def by_name(people: QuerySet[User]) -> Any:
    """The same people in the order of their names."""
    return with_name_order(people).order_by(*NAME_ORDER)
