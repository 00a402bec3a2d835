"""The words of a row filled in: timeline, success sentence and notices say the same thing of the same step."""

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime, time
from string import Formatter
from typing import Any

from django.db import models
from psycopg2.extras import DateRange

from staff_portal.kernel.base.periods import last_day
from staff_portal.kernel.persian.digits import to_ascii_digits
from staff_portal.kernel.persian.jalali import format_jalali

#: by length and the sign after the year or the hour
_ISO: dict[tuple[int, str], Callable[[str], date | time]] = {
    (10, "-"): date.fromisoformat,
    (8, ":"): time.fromisoformat,
}
_TWO_STOPS = re.compile(r"(?<!\.)\.\.(?!\.)")


class Words(dict[str, str]):
    """Placeholders that nobody fills are left out, so that one odd sentence never costs a page."""

    def __missing__(self, key: str) -> str:
        return ""


def word(value: Any) -> str:
    """One value as a sentence has it, in ASCII digits like everything stored: days in Jalali, times of day without
    seconds, people by name, what was ticked of a list one after another."""
    if value is None or isinstance(value, bool):
        return ""
    if isinstance(value, datetime):
        return to_ascii_digits(format_jalali(value, "moment"))
    if isinstance(value, date):
        return to_ascii_digits(format_jalali(value, "medium"))
    if isinstance(value, time):
        return f"{value:%H:%M}"
    if isinstance(value, models.Model):
        return str(getattr(value, "full_name", value))
    if isinstance(value, list | tuple):
        return "، ".join(value) if all(isinstance(item, str) for item in value) else ""
    if isinstance(value, set | dict):
        return ""
    return str(value)


def column_words(obj: models.Model, names: Iterable[str]) -> dict[str, str]:
    """The columns of a record; of a period also «{period_first}» and «{period_last}», its first and last day."""
    found = {}
    for name in names:
        value = getattr(obj, name)
        found[name] = word(value)
        if isinstance(value, DateRange):
            found |= {f"{name}_first": word(value.lower), f"{name}_last": word(last_day(value))}
    return found


def stored_word(value: Any) -> str:
    """One value of an audit entry, where days and times of day are ISO texts."""
    if isinstance(value, str):
        read = _ISO.get((len(value), value[4:5] if len(value) == 10 else value[2:3]))
        try:
            return word(read(value)) if read is not None else value
        except ValueError:
            return value
    return word(value)


def fill(template: str, words: Mapping[str, str]) -> str:
    """The sentence, without a colon that nothing follows or a second full stop."""
    filled = Formatter().vformat(template, (), Words(words))
    return _TWO_STOPS.sub(".", filled).strip().rstrip(":").rstrip()
