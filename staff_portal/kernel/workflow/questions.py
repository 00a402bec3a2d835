"""What a row asks for besides its note: one kind for each shape of answer.

The form field and the check inside ``apply`` are made from the same question, so that a page, an import and a
command are refused in the same words.
"""

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Literal

from django.core.files.base import File
from django.db import models

from staff_portal.kernel.models import Attachment, User
from staff_portal.kernel.persian.letters import clean_text

Kind = Literal[
    "text",
    "long",
    "secret",
    "date",
    "time",
    "integer",
    "rial",
    "yes_no",
    "choice",
    "choices",
    "file",
    "person",
    "record",
    "records",
    "texts",
    "given",
    "seen",
]
Choices = Callable[[Any, dt.date], Iterable[tuple[Any, str]]]
Records = Callable[[Any, dt.date], "models.QuerySet[Any]"]

_SHAPES: dict[str, tuple[type, ...]] = {
    "text": (str,),
    "long": (str,),
    "secret": (str,),
    "date": (dt.date,),
    "time": (dt.time,),
    "integer": (int,),
    "rial": (int,),
    "yes_no": (bool,),
    "choices": (list, tuple, set),
    "file": (Attachment, File),
    "person": (User,),
    "record": (models.Model,),
    "records": (list, tuple),
    "texts": (dict,),
    "seen": (str,),
}


@dataclass(frozen=True)
class Ask:
    """One question of a row.

    ``choices`` and ``records`` are asked with the record (for a creation: its parent) and the day; ``initial`` fills
    the field in. ``least`` and ``most`` bound numbers; ``length`` is the longest text. ``wrong`` is the sentence for
    a person or record that is not among those offered; with ``by_blockers`` the row's blockers say why one is not.
    ``of`` are the roles that are asked, where not everybody who may take the row is (the expert gives the number of
    a letter, the NGO itself has none). ``shape`` is the class of what is given by a page or a file of another kind
    than a form of questions.
    """

    name: str
    label: str
    kind: Kind = "text"
    required: bool = True
    help: str = ""
    choices: Choices | None = None
    records: Records | None = None
    initial: Callable[[Any, dt.date], Any] | None = None
    least: int | None = None
    most: int | None = None
    length: int = 300
    wrong: str = ""
    by_blockers: bool = False
    of: tuple[str, ...] = ()
    shape: type = object

    @classmethod
    def text(cls, name: str, label: str, **more: Any) -> "Ask":
        """One line."""
        return cls(name, label, "text", **more)

    @classmethod
    def long(cls, name: str, label: str, *, length: int = 8000, **more: Any) -> "Ask":
        """Several lines."""
        return cls(name, label, "long", length=length, **more)

    @classmethod
    def secret(cls, name: str, label: str, **more: Any) -> "Ask":
        """A word that is taken as it was typed and told to nobody."""
        return cls(name, label, "secret", **more)

    @classmethod
    def date(cls, name: str, label: str, **more: Any) -> "Ask":
        """A day, typed in Jalali; ``apply`` takes a Gregorian ``date``."""
        return cls(name, label, "date", **more)

    @classmethod
    def time(cls, name: str, label: str, **more: Any) -> "Ask":
        """A time of day in Tehran."""
        return cls(name, label, "time", **more)

    @classmethod
    def integer(cls, name: str, label: str, **more: Any) -> "Ask":
        """A whole number."""
        return cls(name, label, "integer", **more)

    @classmethod
    def rial(cls, name: str, label: str, **more: Any) -> "Ask":
        """An amount in whole rial."""
        return cls(name, label, "rial", **more)

    @classmethod
    def yes_no(cls, name: str, label: str, **more: Any) -> "Ask":
        """Ticked or not."""
        return cls(name, label, "yes_no", **{"required": False, **more})

    @classmethod
    def choice(cls, name: str, label: str, choices: Choices, **more: Any) -> "Ask":
        """One of a list."""
        return cls(name, label, "choice", choices=choices, **more)

    @classmethod
    def several(cls, name: str, label: str, choices: Choices, **more: Any) -> "Ask":
        """Any of a list."""
        return cls(name, label, "choices", choices=choices, **more)

    @classmethod
    def file(cls, name: str, label: str, **more: Any) -> "Ask":
        """An uploaded file, staged as an attachment of the uploader before the step is taken."""
        return cls(name, label, "file", **more)

    @classmethod
    def person(cls, name: str, label: str, records: Records, **more: Any) -> "Ask":
        """A user out of those offered."""
        return cls(name, label, "person", records=records, **more)

    @classmethod
    def record(cls, name: str, label: str, records: Records, **more: Any) -> "Ask":
        """A record out of those offered."""
        return cls(name, label, "record", records=records, **more)

    @classmethod
    def records_of(cls, name: str, label: str, records: Records, **more: Any) -> "Ask":
        """Any number of records out of those offered."""
        return cls(name, label, "records", records=records, **{"required": False, **more})

    @classmethod
    def texts(cls, name: str, label: str, records: Records, *, length: int = 20_000, **more: Any) -> "Ask":
        """A text for each of several records: by their keys, those that were not sent are left out."""
        return cls(name, label, "texts", records=records, length=length, **{"required": False, **more})

    @classmethod
    def given(cls, name: str, label: str, shape: type, **more: Any) -> "Ask":
        """What a page of its own, an import or another row has put together; no form asks for it."""
        return cls(name, label, "given", shape=shape, **more)

    @classmethod
    def seen(
        cls, name: str, label: str, shows: Callable[[Any, dt.date], str], wrong: str, **more: Any
    ) -> "Ask":
        """What the record showed when the page was drawn, carried along by the form: the row is refused where the
        record shows something else by then."""
        return cls(name, label, "seen", initial=shows, wrong=wrong, **more)

    def concerns(self, role: str) -> bool:
        """Whether somebody who acts in that role is asked."""
        return not self.of or role in self.of

    def is_missing(self, value: Any) -> bool:
        """Whether a wanted answer was not given; a tick that must be there is missing when it is off."""
        if not self.required:
            return False
        if isinstance(value, str):
            return not value.strip()
        return value in (None, (), []) or (self.kind == "yes_no" and value is False)

    def clean(self, value: Any) -> Any:
        """The answer as it is stored: text in one spelling and without blanks around it."""
        if isinstance(value, str) and self.kind in {"text", "long"}:
            return clean_text(value, multiline=self.kind == "long").strip()
        if self.kind == "texts" and isinstance(value, dict):
            return {key: clean_text(text, multiline=True).strip() for key, text in value.items()}
        return value

    def refusal(self, value: Any, obj: Any, on: dt.date) -> str:
        """The sentence that says what is wrong with the answer, or an empty string."""
        if self.kind == "seen":
            shown = self.initial(obj, on) if self.initial is not None else value
            return "" if value == shown else self.wrong
        if self.is_missing(value):
            return f"«{self.label}» را وارد کنید."
        if value in (None, "", (), []):
            return ""
        shapes = (self.shape,) if self.kind == "given" else _SHAPES.get(self.kind)
        if shapes and (not isinstance(value, shapes) or isinstance(value, dt.datetime)):
            return f"«{self.label}» درست وارد نشده است."
        return self._out_of_bounds(value) or self._not_offered(value, obj, on)

    def _out_of_bounds(self, value: Any) -> str:
        if self.kind in {"text", "long"} and len(value) > self.length:
            return f"«{self.label}» باید حداکثر {self.length} نویسه باشد؛ آن را کوتاه‌تر کنید."
        if self.kind == "texts" and any(len(text) > self.length for text in value.values()):
            return f"هر متن باید حداکثر {self.length} نویسه باشد؛ آن را کوتاه‌تر کنید."
        if self.kind in {"integer", "rial"}:
            least = 0 if self.kind == "rial" and self.least is None else self.least
            if least is not None and value < least:
                return f"«{self.label}» باید دست‌کم {least} باشد."
            if self.most is not None and value > self.most:
                return f"«{self.label}» باید حداکثر {self.most} باشد."
        return ""

    def _not_offered(self, value: Any, obj: Any, on: dt.date) -> str:
        if self.by_blockers:
            return ""
        wrong = self.wrong or f"«{self.label}» را از فهرست برگزینید."
        if self.kind in {"choice", "choices"} and self.choices is not None:
            offered = {str(key) for key, _ in self.choices(obj, on)}
            given = [value] if self.kind == "choice" else value
            return "" if all(str(item) in offered for item in given) else wrong
        if self.kind == "texts" and self.records is not None:
            offered = set(self.records(obj, on).values_list("pk", flat=True))
            return "" if set(value) <= offered else wrong
        if self.kind in {"person", "record"} and self.records is not None:
            return "" if self.records(obj, on).filter(pk=value.pk).exists() else wrong
        if self.kind == "records" and self.records is not None:
            keys = {item.pk for item in value}
            return "" if self.records(obj, on).filter(pk__in=keys).count() == len(keys) else wrong
        return ""
