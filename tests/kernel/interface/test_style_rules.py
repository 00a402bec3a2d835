"""House rules of the front end, read from the files: logical properties, strict policy, one set of names for both themes."""

import re
from pathlib import Path

import pytest

from staff_portal.kernel import assets
from staff_portal.kernel.frame.icons import ICONS, NAVIGATION_ICONS

STYLES = sorted((assets.ROOT / "assets" / "css").glob("*.css"))
SCRIPTS = sorted((assets.ROOT / "assets" / "js").glob("*.js"))
TEMPLATES = sorted((assets.ROOT / "templates").rglob("*.html"))
SIDES = re.compile(
    r"(?:^|[;{\s])(?:(?:margin|padding|border|inset)-(?:left|right)|left|right|float\s*:\s*(?:left|right))\b[^;{}]*:?"
    r"|text-align\s*:\s*(?:left|right)"
)


def name(path: Path) -> str:
    return str(path.relative_to(assets.ROOT))


@pytest.mark.parametrize("path", STYLES, ids=name)
def test_no_style_names_a_side(path: Path) -> None:
    text = re.sub(r"/\*.*?\*/", "", path.read_text("utf-8"), flags=re.DOTALL)
    assert SIDES.findall(text) == []


@pytest.mark.parametrize("path", TEMPLATES, ids=name)
def test_no_template_carries_style_or_script_of_its_own(path: Path) -> None:
    text = path.read_text("utf-8")
    assert (
        re.findall(
            r"<style|\sstyle\s*=|<script(?![^>]*\ssrc=)|\son[a-z]+\s*=\s*[\"']|\shx-on|javascript:",
            text,
        )
        == []
    )


@pytest.mark.parametrize("path", SCRIPTS, ids=name)
def test_no_script_evaluates_text_or_writes_markup(path: Path) -> None:
    assert (
        re.findall(
            r"\beval\(|new Function|innerHTML|outerHTML|insertAdjacentHTML|document\.write|\.style\b",
            path.read_text("utf-8"),
        )
        == []
    )


def test_the_dark_names_are_the_same_by_device_and_by_choice() -> None:
    text = (assets.ROOT / "assets" / "css" / "tokens.css").read_text("utf-8")
    by_device = re.search(r':root:not\(\[data-theme="light"\]\) \{(.*?)\}', text, re.DOTALL)
    by_choice = re.search(r'^\[data-theme="dark"\] \{(.*?)\}', text, re.DOTALL | re.MULTILINE)
    assert by_device and by_choice
    assert by_device[1].split() == by_choice[1].split()


def test_every_name_used_is_defined() -> None:
    text = "\n".join(path.read_text("utf-8") for path in STYLES)
    used = set(re.findall(r"var\((--[\w-]+)", text))
    defined = set(re.findall(r"(--[\w-]+)\s*:", text))
    assert {one for one in used - defined if not one.startswith("--bs-")} == set()


@pytest.mark.parametrize("path", TEMPLATES, ids=name)
def test_every_icon_called_is_drawn(path: Path) -> None:
    assert set(re.findall(r'{% icon "([^"]+)"', path.read_text("utf-8"))) - set(ICONS) == set()


def test_every_icon_of_the_navigation_is_drawn() -> None:
    assert set(NAVIGATION_ICONS.values()) - set(ICONS) == set()
