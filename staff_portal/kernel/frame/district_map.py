"""The schematic map of Tehran's 22 districts as figures for an SVG: outlines, labels, tones and legend.

Pure: no ORM, no clock. The outlines are approximate, for drawing only (``data/district_outlines.json``, corner points
in kilometres east and south of 51.05E 35.84N). A figure has five tones, 0 (nothing) to 4 (most); the template draws
it with classes only, so that light and dark need no second picture.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from staff_portal.kernel.persian.digits import to_persian_digits

DISTRICT_NUMBERS = range(1, 23)
TONES = 5
VIEW_BOX = "2.5 0.5 48.5 31.5"
#: half the height of the figure on the map, so that a label's centre lies on its point
LABEL_DROP = 0.5


@dataclass(frozen=True)
class DistrictShape:
    """Outline of one district as an SVG path, with the point its number stands on."""

    number: int
    path: str
    label_x: str
    label_y: str


@dataclass(frozen=True)
class DistrictTile:
    """One district of a drawn map: its shape, what it says and where it leads."""

    shape: DistrictShape
    tone: int
    text: str
    url: str

    @property
    def number(self) -> int:
        return self.shape.number

    @property
    def label(self) -> str:
        """What a screen reader says for the district: «منطقه ۷: ۱۲ سمن»."""
        return f"منطقه {to_persian_digits(str(self.number))}: {self.text}"


@dataclass(frozen=True)
class DistrictFigure:
    """A whole map: tiles in order of number and the legend as (tone, label) pairs."""

    title: str
    column: str
    tiles: tuple[DistrictTile, ...]
    legend: tuple[tuple[int, str], ...]
    view_box: str = VIEW_BOX


@cache
def shapes() -> tuple[DistrictShape, ...]:
    """The 22 outlines in order of number."""
    source = Path(__file__).parent.parent / "data" / "district_outlines.json"
    districts = json.loads(source.read_text("utf-8"))["districts"]
    return tuple(_shape(entry) for entry in sorted(districts, key=lambda entry: entry["district"]))


def _shape(entry: dict) -> DistrictShape:
    corners = " ".join(f"{x:g},{y:g}" for x, y in entry["outline"])
    x, y = entry["label"]
    return DistrictShape(entry["district"], f"M{corners}Z", f"{x:.2f}", f"{y + LABEL_DROP:.2f}")


def bounds_for(values: Iterable[int]) -> tuple[int, ...]:
    """Lower bounds of the tones 1–4 for counts: equal steps up to the largest, each at least one apart.

    Nothing at all keeps the tone 0, so that an empty district is seen as empty.
    """
    largest = max(values, default=0)
    step = max(1, -(-largest // (TONES - 1)))
    return tuple(1 + step * place for place in range(TONES - 1) if 1 + step * place <= max(largest, 1))


def tone_of(value: int, bounds: tuple[int, ...]) -> int:
    """The tone 0–4 of a count under the given lower bounds."""
    return sum(1 for bound in bounds if value >= bound)


def figure_of_states(
    title: str,
    column: str,
    states: Mapping[int, tuple[int, str]],
    *,
    legend: Iterable[tuple[int, str]],
    url_for: Callable[[int], str],
) -> DistrictFigure:
    """A map of states: ``states`` gives each district's (tone, text); a district left out is «بدون داده» in tone 0."""
    tiles = tuple(
        DistrictTile(shape, *states.get(shape.number, (0, "بدون داده")), url_for(shape.number))
        for shape in shapes()
    )
    return DistrictFigure(title, column, tiles, tuple(legend))


def figure_of_counts(
    title: str,
    column: str,
    counts: Mapping[int, int],
    *,
    unit: str,
    url_for: Callable[[int], str],
) -> DistrictFigure:
    """A map of counts, coloured in equal steps; ``unit`` follows the number, as in «۱۲ سمن»."""
    bounds = bounds_for(counts.values())
    states = {
        number: (
            tone_of(counts.get(number, 0), bounds),
            f"{to_persian_digits(str(counts.get(number, 0)))} {unit}",
        )
        for number in DISTRICT_NUMBERS
    }
    return figure_of_states(
        title,
        column,
        states,
        legend=_legend_of(bounds, max(counts.values(), default=0)),
        url_for=url_for,
    )


def _legend_of(bounds: tuple[int, ...], largest: int) -> list[tuple[int, str]]:
    """«هیچ», «۱ تا ۴», «۵ تا ۸» …"""
    ends = [bound - 1 for bound in bounds[1:]] + [max(largest, bounds[-1])]
    legend = [(0, "هیچ")]
    for tone, (first, last) in enumerate(zip(bounds, ends, strict=True), start=1):
        text = f"{first}" if first == last else f"{first} تا {last}"
        legend.append((tone, to_persian_digits(text)))
    return legend
