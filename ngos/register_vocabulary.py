"""Words a register may use for what the system keeps as records: fields, kinds, licensors, districts (page 6).

The records are passed in, so this stays pure. Matching folds letters, digits, blanks and half-spaces.
"""

import re
from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from staff_portal.kernel.persian.letters import clean_text
from staff_portal.kernel.persian.search import compact_fold, search_fold

# Usual other names of licensors, by the name in the list of page 6; old licences name the police by its old name.
LICENSOR_ALIASES = {
    "نیروی انتظامی": "فرماندهی انتظامی",
    "نیروی انتظامی جمهوری اسلامی ایران": "فرماندهی انتظامی",
    "فرماندهی انتظامی جمهوری اسلامی ایران": "فرماندهی انتظامی",
    "ناجا": "فرماندهی انتظامی",
    "فراجا": "فرماندهی انتظامی",
    "بهزیستی": "سازمان بهزیستی",
    "اداره کل بهزیستی": "سازمان بهزیستی",
    "سازمان بهزیستی کشور": "سازمان بهزیستی",
    "وزارت ورزش": "وزارت ورزش و جوانان",
    "ورزش و جوانان": "وزارت ورزش و جوانان",
    "اوقاف": "سازمان اوقاف و امور خیریه",
    "سازمان اوقاف": "سازمان اوقاف و امور خیریه",
    "وزارت بهداشت، درمان و آموزش پزشکی": "وزارت بهداشت",
    "وزارت ارشاد": "وزارت فرهنگ و ارشاد اسلامی",
    "وزارت فرهنگ و ارشاد": "وزارت فرهنگ و ارشاد اسلامی",
    "تبلیغات اسلامی": "سازمان تبلیغات اسلامی",
    "سازمان محیط زیست": "سازمان حفاظت محیط زیست",
    "حفاظت محیط زیست": "سازمان حفاظت محیط زیست",
    "کمیته امداد امام خمینی": "کمیته امداد",
    "کمیته امداد امام": "کمیته امداد",
    "کشور": "وزارت کشور",
}

_MAX_PLACE_WORDS = 4
_BRACKETS = re.compile(r"\(([^()]*)\)")
_WORD = re.compile(r"[^\W_]+(?:[\u200c\u064b-\u0655\u0670][^\W_]*)*")
_DISTRICT = re.compile(
    r"(?:(?:شهرداری|تهران|منطقه|شماره|ی) ?|م ?)*([0-9]{1,4})(?: (?:شهرداری|تهران|شهرداری تهران))?"
)
_AND = "و"


@dataclass(frozen=True)
class LicensorFound:
    """A licensor of the list and the place written after it («استانداری تهران» → «تهران»)."""

    licensor: Hashable
    place: str


@dataclass(frozen=True)
class Vocabulary:
    """What may be named in a register: Persian name → the value to be stored (a code or a primary key).

    `districts`: number → value. `neighbourhoods`: by number of the district, name → value.
    `licensor_aliases`: other names of licensors → name in `licensors`.
    """

    fields: Mapping[str, Hashable]
    legal_kinds: Mapping[str, Hashable]
    licensors: Mapping[str, Hashable]
    districts: Mapping[int, Hashable]
    neighbourhoods: Mapping[int, Mapping[str, Hashable]] = field(default_factory=dict)
    licensor_aliases: Mapping[str, str] = field(default_factory=lambda: LICENSOR_ALIASES)

    def find_legal_kind(self, text: str) -> Hashable | None:
        """The legal kind named, or None."""
        return self._legal_kinds.get(compact_fold(text))

    def find_licensor(self, text: str) -> LicensorFound | None:
        """The licensor named at the beginning of the text, the longest name first, with the place after it."""
        words = _WORD.findall(clean_text(text))
        for length in range(len(words), 0, -1):
            licensor = self._licensors.get(compact_fold(" ".join(words[:length])))
            if licensor is not None:
                rest = words[length:]
                # After the name only a place may follow; anything longer or with digits is something else.
                if (
                    len(rest) > _MAX_PLACE_WORDS
                    or _AND in rest
                    or any(re.search(r"\d", word) for word in rest)
                ):
                    return None
                return LicensorFound(licensor, " ".join(rest))
        return None

    def find_fields(self, text: str) -> tuple[list[Hashable], str]:
        """Fields named in the text in its order without repeats, and the first part that names none ("" if all do).

        Names are found as whole runs of words, the longest first, so «زنان و خانواده» is one field and any sign
        (or «و») may stand between two.
        """
        words = _WORD.findall(clean_text(text))
        found: list[Hashable] = []
        position = 0
        while position < len(words):
            if words[position] == _AND and found:
                position += 1
                continue
            length, value = self._field_at(words, position)
            if not length:
                return [], self._unknown_part(text)
            if value not in found:
                found.append(value)
            position += length
        return found, "" if found else clean_text(text)

    def find_district(self, raw: object) -> int | None:
        """Number of the district («منطقه ۶», «م۶», 6, 6.0) if it is one of the list, else None."""
        if isinstance(raw, bool) or (isinstance(raw, int | float) and raw < 0):
            return None
        if isinstance(raw, float):
            raw = int(raw) if raw.is_integer() else ""
        match = _DISTRICT.fullmatch(re.sub(r"([^\W\d])(\d)", r"\1 \2", search_fold(raw)))
        number = int(match.group(1)) if match else None
        return number if number in self.districts else None

    def find_neighbourhood(self, district: int, text: str) -> Hashable | None:
        """The neighbourhood of that name in that district, or None."""
        by_name = self._neighbourhoods.get(district, {})
        folded = compact_fold(text)
        return by_name.get(folded, by_name.get(folded.removeprefix("محله")))

    def districts_with(self, neighbourhood: str) -> list[int]:
        """Numbers of the districts that have a neighbourhood of that name."""
        return sorted(
            n for n in self._neighbourhoods if self.find_neighbourhood(n, neighbourhood) is not None
        )

    def _field_at(self, words: list[str], position: int) -> tuple[int, Hashable]:
        for length in range(min(self._longest_field, len(words) - position), 0, -1):
            value = self._fields.get(compact_fold(" ".join(words[position : position + length])))
            if value is not None:
                return length, value
        return 0, None

    def _unknown_part(self, text: str) -> str:
        """The separated part to blame: the first that is no list of known fields by itself."""
        parts = [
            part for part in re.split(r"[/،,؛;|\n]| [-–—] ", clean_text(text, multiline=True)) if part.strip()
        ]
        if len(parts) > 1:
            for part in parts:
                if self.find_fields(part)[1]:
                    return part.strip()
        return clean_text(text)

    @cached_property
    def _fields(self) -> dict[str, Hashable]:
        return {compact_fold(name): value for name, value in self.fields.items()}

    @cached_property
    def _longest_field(self) -> int:
        # A name may be typed with a blank for every half-space, or split once or twice more.
        return max((len(search_fold(name).split()) for name in self.fields), default=0) + 2

    @cached_property
    def _legal_kinds(self) -> dict[str, Hashable]:
        return {compact_fold(name): value for name, value in self.legal_kinds.items()}

    @cached_property
    def _licensors(self) -> dict[str, Hashable]:
        # «فرماندهی انتظامی (فراجا)» answers to the name with, without and inside the brackets.
        index: dict[str, Hashable] = {}
        for name, value in self.licensors.items():
            for spelling in (name, _BRACKETS.sub(" ", name), *_BRACKETS.findall(name)):
                index.setdefault(compact_fold(spelling), value)
        for alias, name in self.licensor_aliases.items():
            if compact_fold(name) in index:
                index.setdefault(compact_fold(alias), index[compact_fold(name)])
        return index

    @cached_property
    def _neighbourhoods(self) -> dict[int, dict[str, Hashable]]:
        return {
            district: {compact_fold(name): value for name, value in by_name.items()}
            for district, by_name in self.neighbourhoods.items()
        }
