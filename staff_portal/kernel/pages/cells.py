"""What goes from a page's declaration to its template: typed, so that the checker reads them too."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from staff_portal.kernel.pages.tables import Column
from staff_portal.kernel.persian.digits import to_persian_text
from staff_portal.kernel.persian.jalali import format_jalali


@dataclass(frozen=True)
class Cell:
    """One cell of a list: text, or a badge with its tone; ``sub`` stands below, ``code`` runs left to right."""

    text: Any = ""
    url: str = ""
    badge: str = ""
    tone: str = "neutral"
    sub: str = ""
    code: bool = False
    label: str = ""
    numeric: bool = False


@dataclass(frozen=True)
class ListColumn:
    """One column, declared once for page, sort link and Excel.

    ``value`` is what Excel gets (a date stays a date, a number a number); ``cell(row, on)`` what the page draws
    (default: the value); ``sort`` the ORM fields behind ``?sort=key``.
    """

    key: str
    label: str
    value: Callable[[Any], Any]
    cell: Callable[[Any, date], Cell | str | int | None] | None = None
    sort: tuple[Any, ...] = ()
    numeric: bool = False
    width: int = 18

    def drawn(self, row: Any, on: date) -> Cell:
        """The cell of a row, with the column's label for the card on a phone."""
        found = self.cell(row, on) if self.cell is not None else self.value(row)
        if isinstance(found, Cell):
            return Cell(**{**found.__dict__, "label": self.label, "numeric": self.numeric})
        return Cell(text=_text(found), label=self.label, numeric=self.numeric)

    def exported(self) -> Column:
        """The column as the Excel writer takes it."""
        return Column(self.key, self.label, self.value, self.sort, self.numeric, self.width)


def _text(value: Any) -> Any:
    if isinstance(value, datetime | date):
        return format_jalali(value, "medium")
    return to_persian_text(value) if isinstance(value, str) else value
