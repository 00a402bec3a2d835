"""The map of the 22 districts: every district once, tones by value, words for a screen reader."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from staff_portal.kernel.frame import district_map


def url(number: int) -> str:
    return f"/ngos/?district={number}"


def test_every_district_has_one_closed_outline() -> None:
    assert [shape.number for shape in district_map.shapes()] == list(range(1, 23))
    assert all(shape.path.startswith("M") and shape.path.endswith("Z") for shape in district_map.shapes())
    assert len({shape.path for shape in district_map.shapes()}) == 22


@pytest.mark.parametrize(
    ("counts", "bounds"),
    [
        ([], (1,)),
        ([0, 0], (1,)),
        ([1], (1,)),
        ([2, 1], (1, 2)),
        ([4], (1, 2, 3, 4)),
        ([62, 9], (1, 17, 33, 49)),
    ],
)
def test_bounds_are_equal_steps_up_to_the_largest(counts: list[int], bounds: tuple[int, ...]) -> None:
    assert district_map.bounds_for(counts) == bounds


@given(st.lists(st.integers(0, 100_000), min_size=1, max_size=22))
def test_nothing_stays_pale_and_the_largest_is_never_pale(counts: list[int]) -> None:
    bounds = district_map.bounds_for(counts)
    assert district_map.tone_of(0, bounds) == 0
    assert all(1 <= district_map.tone_of(value, bounds) <= 4 for value in counts if value)
    assert district_map.tone_of(max(counts), bounds) == (len(bounds) if max(counts) else 0)


def test_counts_become_tiles_with_words_and_a_legend_that_covers_them() -> None:
    figure = district_map.figure_of_counts("سمن‌ها", "شمار", {7: 12, 6: 3}, unit="سمن", url_for=url)
    tiles = {tile.number: tile for tile in figure.tiles}
    assert len(tiles) == 22
    assert tiles[7].label == "منطقه ۷: ۱۲ سمن"
    assert tiles[7].tone == 4
    assert tiles[6].tone == 1
    assert (tiles[1].text, tiles[1].tone, tiles[1].url) == (
        "۰ سمن",
        0,
        "/ngos/?district=1",
    )
    assert figure.legend == (
        (0, "هیچ"),
        (1, "۱ تا ۳"),
        (2, "۴ تا ۶"),
        (3, "۷ تا ۹"),
        (4, "۱۰ تا ۱۲"),
    )


def test_a_district_without_a_state_says_so() -> None:
    figure = district_map.figure_of_states(
        "دبیرخانه‌ها", "وضعیت", {1: (4, "دایر")}, legend=[(4, "دایر")], url_for=url
    )
    assert figure.tiles[0].label == "منطقه ۱: دایر"
    assert figure.tiles[1].text == "بدون داده"
