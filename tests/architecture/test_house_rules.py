"""House rules a reader of the source would check by eye, checked by machine."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.servers import ROOT

PACKAGES = ("staff_portal", "ngos", "committee", "facilities", "secretariats")
MAX_LINES = 400
MAX_COLUMNS = 160
ONE_TAG = re.compile(r"\s*{%(?:(?!%}).)*%}\s*")
ARABIC_LETTERS = re.compile("[\u064a\u0643\u0649]")  # ي ك ى where Persian has ی ک
#: these speak about the Arabic letters themselves
ABOUT_LETTERS = {
    "staff_portal/kernel/persian/letters.py",
    "staff_portal/kernel/persian/search.py",
    "ngos/register_columns.py",
    "assets/js/fields.js",
}
CLOCKS = {
    ("timezone", "now"),
    ("timezone", "localdate"),
    ("date", "today"),
    ("datetime", "now"),
    ("datetime", "today"),
}
#: the edges of page 4: what may read the clock
EDGES = {"views", "tasks", "commands", "supervisor", "migrations", "demo", "middleware", "context"}


def sources(*suffixes: str, folders: tuple[str, ...] = PACKAGES) -> Iterator[Path]:
    for folder in folders:
        for path in sorted((ROOT / folder).rglob("*")):
            if path.suffix in suffixes and "__pycache__" not in path.parts and "vendor" not in path.parts:
                yield path


def short(path: Path) -> str:
    return str(path.relative_to(ROOT))


def test_modules_stay_small():
    long = {
        short(path): lines
        for path in sources(".py", folders=(*PACKAGES, "tests/support"))
        if "migrations" not in path.parts and (lines := len(path.read_text().splitlines())) > MAX_LINES
    }
    assert long == {}


def test_templates_have_no_inline_style_script_or_handler():
    forbidden = re.compile(
        r"<style\b|\bstyle=|<script(?![^>]*\bsrc=)|\son[a-z]+=|\bhx-on\b|javascript:", re.IGNORECASE
    )
    found = [
        f"{short(path)}: {match.group()}"
        for path in sources(".html", folders=("templates",))
        if (match := forbidden.search(path.read_text()))
    ]
    assert found == []


def test_stylesheets_know_no_left_and_right():
    physical = re.compile(
        r"(margin|padding|border|inset)?-?\b(left|right)\s*:|text-align:\s*(left|right)|float:\s*(left|right)"
    )
    found = [
        f"{short(path)}: {line.strip()}"
        for path in sources(".css", folders=("assets",))
        for line in path.read_text().splitlines()
        if physical.search(line.split("/*")[0])
    ]
    assert found == []


@pytest.mark.parametrize(("folder", "suffix"), [("assets", ".css"), ("templates", ".html")])
def test_lines_can_be_reviewed(folder, suffix):
    """A10: no line of a stylesheet or template is too long to be read in a difference.

    A template's tag cannot be broken, so that one alone on its line may be longer.
    """
    long = [
        f"{short(path)}:{number} ({len(line)})"
        for path in sources(suffix, folders=(folder,))
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if len(line) > MAX_COLUMNS and not ONE_TAG.fullmatch(line)
    ]
    assert long == []


def test_texts_use_persian_letters():
    found = [
        f"{short(path)}: {line.strip()[:80]}"
        for path in sources(".py", ".html", ".typ", ".js", ".txt", folders=(*PACKAGES, "templates", "assets"))
        if short(path) not in ABOUT_LETTERS
        for line in path.read_text().splitlines()
        if ARABIC_LETTERS.search(line)
    ]
    assert found == []


def test_the_clock_is_read_at_the_edges_only():
    found = []
    for path in sources(".py"):
        parts = set(path.relative_to(ROOT).with_suffix("").parts)
        if parts & EDGES:
            continue
        for node in ast.walk(ast.parse(path.read_text())):
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Attribute)
                and isinstance(node.func.value, ast.Name | ast.Attribute)
            ):
                owner = node.func.value.id if isinstance(node.func.value, ast.Name) else node.func.value.attr
                if (owner, node.func.attr) in CLOCKS:
                    found.append(f"{short(path)}:{node.lineno} {owner}.{node.func.attr}()")
    assert found == []


def test_models_have_no_logic_in_save():
    found = [
        f"{short(path)}:{node.lineno}"
        for path in sources(".py")
        if "models" in path.parts
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.FunctionDef) and node.name in {"save", "delete"}
    ]
    assert found == []


@pytest.mark.parametrize(
    "word", ["TO" + "DO", "FIX" + "ME", "NotImplemented" + "Error", "pragma: " + "no cover"]
)
def test_nothing_is_left_for_later(word):
    found = [
        short(path)
        for path in sources(
            ".py", ".html", ".js", ".css", folders=(*PACKAGES, "templates", "assets", "tests")
        )
        if word in path.read_text()
    ]
    assert found == []


def test_every_test_folder_is_a_package():
    folders = {path.parent for path in (ROOT / "tests").rglob("test_*.py")}
    assert [short(folder) for folder in folders if not (folder / "__init__.py").exists()] == []


def test_settings_keep_atomic_requests_off(settings):
    assert settings.DATABASES["default"]["ATOMIC_REQUESTS"] is False


#: these rows are deleted, or locked again by a trigger that needs them whole
LOCKED_WHOLE = {
    ("staff_portal/kernel/letters/numbering.py", "_locked_series"),
}


def test_a_locked_row_may_still_be_pointed_at():
    """A8: ``FOR NO KEY UPDATE`` lets others refer to the row (an entry to its actor) while it is being changed."""
    whole = {
        (short(path), function.name)
        for path in sources(".py")
        for function in ast.walk(ast.parse(path.read_text()))
        if isinstance(function, ast.FunctionDef)
        for call in ast.walk(function)
        if isinstance(call, ast.Call) and getattr(call.func, "attr", "") == "select_for_update"
        if not any(keyword.arg == "no_key" for keyword in call.keywords)
    }
    assert whole == LOCKED_WHOLE
