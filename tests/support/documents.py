"""Documents that are drawn from the code: workflows from their tables, access from the matrix, licences.

``make docs`` writes them; a test of the architecture says whether they are true.
"""

import json
import re
from collections.abc import Callable
from importlib.metadata import PackageNotFoundError, metadata
from pathlib import Path
from typing import Any

from staff_portal.kernel.base.roles import Role
from staff_portal.kernel.workflow.registry import TABLES
from staff_portal.kernel.workflow.rows import Creation, Removal
from staff_portal.kernel.workflow.table import Table
from tests.access.matrix import PEOPLE, ROWS, THINGS
from tests.access.matrix.printing import draw

BASE_DIR = Path(__file__).resolve().parent.parent.parent


def workflows_markdown() -> str:
    """Every workflow with a diagram and its rows."""
    parts = [
        "# Workflows\n",
        "Drawn from the tables in each app's `workflow/` by `make docs`; do not edit by hand.\n",
        "A refusal names each thing that stands against the step. Every step leaves an audit entry.\n",
    ]
    for label, table in sorted(TABLES.items()):
        parts.append(f"## {table.title} (`{label}`)\n")
        if table.state_field:
            parts.append(_diagram(table))
        parts.append(_rows(table))
    return "\n".join(parts)


def _diagram(table: Table) -> str:
    """States and the rows between them: sources and targets as declared, creations from the outside."""
    lines = ["```mermaid", "stateDiagram-v2"]
    for row in table.rows.values():
        if isinstance(row, Creation):
            lines += [f"    [*] --> {target}: {row.name}" for target in row.targets]
        lines += [
            f"    {source} --> {target}: {row.name}"
            for source, targets in table.targets_of(row).items()
            for target in targets
        ]
    return "\n".join([*lines, "```", ""])


def _rows(table: Table) -> str:
    lines = ["| row | label | from → to | who | asks | waits for |", "|---|---|---|---|---|---|"]
    for row in table.rows.values():
        if not table.state_field:
            moves = {Creation: "made", Removal: "taken away"}.get(type(row), "kept")
        elif isinstance(row, Creation):
            moves = "→ " + "، ".join(table.state_label(target) for target in row.targets)
        else:
            moves = " / ".join(
                f"{table.state_label(source)} → {'، '.join(table.state_label(target) for target in targets)}"
                for source, targets in table.targets_of(row).items()
            )
        people = [str(Role(role).label) for role in row.by.roles] + (["سامانه"] if row.by.system else [])
        asked = [ask.label for ask in row.asks] + ([row.note] if row.note else [])
        waits = "، ".join(wait.title for wait in row.waits)
        cells = (f"`{row.name}`", row.label, moves, "، ".join(people), "، ".join(asked) or "–", waits or "–")
        lines.append(f"| {' | '.join(cells)} |")
    if table.waits:
        waits = "، ".join(dict.fromkeys(wait.title for wait in table.waits))
        lines += ["", f"Waits for what is done within the record: {waits}"]
    return "\n".join([*lines, ""])


def access_markdown() -> str:
    """The access matrix as a table: addresses down, roles across."""
    return draw(ROWS, PEOPLE, THINGS)


def licences_markdown() -> str:
    """Every run-time package with version and licence, as the packages state it themselves."""
    lines = [
        "# Licences of what the portal is built with\n",
        "From the packages' own metadata, written by `make docs`; third-party files come by package",
        "manager and are not part of this repository.\n",
        "## Python packages\n",
        "| package | version | licence |",
        "|---|---|---|",
    ]
    for line in (BASE_DIR / "requirements.txt").read_text(encoding="utf-8").splitlines():
        found = re.match(r"([A-Za-z0-9_.-]+)==(\S+)", line)
        if found:
            lines.append(f"| {found[1]} | {found[2]} | {_licence(found[1])} |")
    lines += ["", "## npm packages\n", "| package | version | licence |", "|---|---|---|"]
    lock = json.loads((BASE_DIR / "package-lock.json").read_text(encoding="utf-8"))
    for path, package in sorted(lock["packages"].items()):
        if path:
            name = path.removeprefix("node_modules/")
            lines.append(f"| {name} | {package['version']} | {package.get('license', '–')} |")
    return "\n".join([*lines, ""])


def _licence(name: str) -> str:
    try:
        about: Any = metadata(name)
    except PackageNotFoundError:
        return "–"
    expression = about.get("License-Expression")
    if expression:
        return str(expression)
    classified = [
        value.rsplit("::", 1)[-1].strip()
        for value in about.get_all("Classifier") or []
        if value.startswith("License ::")
    ]
    return ", ".join(classified) or str(about.get("License") or "–").splitlines()[0][:60]


DOCUMENTS: dict[str, Callable[[], str]] = {
    "docs/workflows.md": workflows_markdown,
    "docs/access.md": access_markdown,
    "docs/licenses/README.md": licences_markdown,
}


def outdated(base: Path = BASE_DIR) -> list[str]:
    """The documents that are not what the code says now."""
    return [
        name
        for name, draw in DOCUMENTS.items()
        if not (base / name).exists() or (base / name).read_text(encoding="utf-8") != draw()
    ]


def write(base: Path = BASE_DIR) -> list[str]:
    """Write all documents; returns their names."""
    for name, text_of in DOCUMENTS.items():
        path = base / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text_of(), encoding="utf-8")
    return list(DOCUMENTS)
