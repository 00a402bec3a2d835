"""People in the order of the Persian alphabet, for lists and choices.

Lists that grow without bound sort by a stored key; accounts are few, so PostgreSQL maps the letters on the
way: its plain byte order would put «پ» and «گ» after «و».
"""

from typing import Any

from django.db.models import F, Func, QuerySet, TextField, Value

from staff_portal.kernel.models import User
from staff_portal.kernel.persian.letters import ZWNJ
from staff_portal.kernel.persian.search import PERSIAN_ALPHABET

_VARIANTS = {"أ": "ا", "إ": "ا", "ؤ": "و", "ئ": "ی", "ة": "ه", "ۀ": "ه"}
_CODES = {letter: chr(0x100 + place) for place, letter in enumerate(PERSIAN_ALPHABET)}
# What has no counterpart in the second text is dropped by TRANSLATE: the half-space.
_FROM = PERSIAN_ALPHABET + "".join(_VARIANTS) + ZWNJ
_TO = "".join(_CODES.values()) + "".join(_CODES[letter] for letter in _VARIANTS.values())

NAME_ORDER = ("last_order", "first_order", "id")


def _alphabetical(field: str) -> Func:
    return Func(F(field), Value(_FROM), Value(_TO), function="TRANSLATE", output_field=TextField())


def with_name_order(people: QuerySet[User]) -> Any:
    """The same people, sortable by :data:`NAME_ORDER`: family name, given name, in the Persian alphabet."""
    return people.alias(last_order=_alphabetical("last_name"), first_order=_alphabetical("first_name"))


def by_name(people: QuerySet[User]) -> Any:
    """The same people in the order of their names."""
    return with_name_order(people).order_by(*NAME_ORDER)
