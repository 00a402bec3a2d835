"""``docs/access.md``: the matrix as tables, one for each part of the portal."""

from collections.abc import Iterable, Mapping

from tests.access.matrix.table import Outcome, Outcomes, Row

MEANINGS = {
    Outcome.PAGE: "the page, or a way on inside the site; a wrong form comes back with its sentences",
    Outcome.NO: "403 with a sentence that says why",
    Outcome.HIDDEN: "404: that there is such a thing is itself a secret",
    Outcome.LOGIN: "to the sign-in page",
    Outcome.METHOD: "405: the address does not take this method",
}


def draw(rows: Iterable[Row], people: Mapping[str, tuple[str, str]], things: Mapping[str, str]) -> str:
    """The whole document."""
    lines = [
        "# Who may open and send what\n",
        "Drawn from `tests/access/matrix/` by `make docs`; do not edit by hand.",
        "A test sends a real request for every cell, and fails for an address that is not here.\n",
        "A cell is what GET brings, then what POST brings:\n",
        *(f"- `{sign}` {meaning}" for sign, meaning in MEANINGS.items()),
        "\n## The people\n",
        "| column | who |",
        "|---|---|",
        *(f"| {word} | {about} |" for word, about in people.values()),
        "\n## The records\n",
        "| name | what |",
        "|---|---|",
        *(f"| `{name}` | {about} |" for name, about in things.items()),
        "\n## The addresses\n",
        f"| address | what | {' | '.join(word for word, _ in people.values())} |",
        f"|---|---|{'---|' * len(people)}",
        *(_line(row, people) for row in rows),
    ]
    return "\n".join([*lines, ""])


def _line(row: Row, people: Iterable[str]) -> str:
    args = ", ".join(value.removeprefix(":") for value in row.args.values())
    address = f"`{row.name}`" + (f" {args}" if args else "")
    about = f"{row.about} ({row.case})" if row.case else row.about
    cells = " | ".join(_cell(row.get, row.post, person) for person in people)
    return f"| {address} | {about} | {cells} |"


def _cell(get: Outcomes, post: Outcomes, person: str) -> str:
    return f"{get[person]}{post[person]}"
