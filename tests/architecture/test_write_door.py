"""One door for writes: nothing outside operations, rows and the kernel's own shelves writes to the database.

The test reads the syntax trees: ``save``, ``create``, ``delete``, the bulk forms, ``update`` with columns by name, and
raw SQL. A planted write is found wherever it stands (see the samples below).
"""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.architecture.test_house_rules import PACKAGES, short, sources
from tests.support.servers import ROOT

ALWAYS = {
    "save",
    "delete",
    "create",
    "get_or_create",
    "update_or_create",
    "bulk_create",
    "bulk_update",
    "execute",
    "executemany",
    "raw",
}
#: folders and modules through which writes go, or that stand outside the running site
DOORS = ("operations", "workflow", "migrations", "management", "supervisor", "demo", "models")
#: the kernel's own shelves that keep what happened and send it on
KERNEL_DOORS = {"trail", "delivery", "letters", "jobs"}
#: what the kernel's shelves write beside the rows, and why: what came of rows already taken, or no record of the office
BESIDE_THE_ROWS = {
    "delivery/notifications.py": "which notices a person has read",
    "delivery/outbox.py": "notices and deliveries of entries that stand already",
    "jobs/handlers.py": "the progress of a running job",
    "jobs/running.py": "a job's beginning and end",
    "letters/attachments.py": "a file that was uploaded, and where a row's effect hung it",
    "letters/issuing.py": "a letter's later fate, in the effect of its row; its PDF, made again at any time",
    "letters/numbering.py": "the next number, in the outcome of the row that carries it",
    "letters/qr.py": "draws into a buffer",
    "trail/audit.py": "the entries of the rows themselves",
    "trail/ledger.py": "reads and recomputes",
    "trail/sealing.py": "the chain over the entries",
}
#: what only looks like a write
NO_WRITES = {
    "staff_portal/kernel/checks.py": "asks PostgreSQL what it can do",
    "staff_portal/kernel/pages/tables.py": "saves a workbook into a buffer",
    "ngos/filters/registry.py": "reads the chips of the registry in one statement",
    "staff_portal/kernel/people/access.py": "asks for a person's roles in one statement, on every page",
    "staff_portal/kernel/frame/contributions.py": "counts a person's work by a statement put together once",
    "ngos/queries.py": "sets how near two names must be, for one statement",
}


def writes(tree: ast.AST) -> Iterator[ast.Call]:
    """The calls that write to the database, by their form."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            name = node.func.attr
            by_column = name == "update" and node.keywords and not node.args
            if name in ALWAYS or by_column:
                yield node


def is_door(path: Path) -> bool:
    parts = path.relative_to(ROOT).parts
    stem = path.stem
    on_shelf = parts[:2] == ("staff_portal", "kernel") and parts[2] in KERNEL_DOORS
    return on_shelf or any(part in DOORS for part in parts[:-1]) or stem in DOORS


def test_no_module_writes_past_the_door() -> None:
    found = [
        f"{short(path)}:{call.lineno}: {ast.unparse(call)[:80]}"
        for path in sources(".py", folders=PACKAGES)
        if not is_door(path) and short(path) not in NO_WRITES
        for call in writes(ast.parse(path.read_text(encoding="utf-8")))
    ]
    assert found == []


def test_the_kernel_s_shelves_write_only_what_is_named_here() -> None:
    kernel = ROOT / "staff_portal" / "kernel"
    found = {
        str(path.relative_to(kernel))
        for shelf in KERNEL_DOORS
        for path in (kernel / shelf).rglob("*.py")
        if any(writes(ast.parse(path.read_text(encoding="utf-8"))))
    }
    assert found == set(BESIDE_THE_ROWS)


@pytest.mark.parametrize("model", ["Letter", "MembershipPeriod", "RoleAssignment", "AuditEntry"])
def test_a_record_with_rows_is_made_by_them_alone(model: str) -> None:
    """Also behind the doors: no operation and no shelf makes one past its row (the trail makes its own entries)."""
    made = [
        short(path)
        for path in sources(".py", folders=PACKAGES)
        for call in writes(ast.parse(path.read_text(encoding="utf-8")))
        if ast.unparse(call.func).startswith(f"{model}.objects.")
    ]
    assert made == (["staff_portal/kernel/trail/audit.py"] if model == "AuditEntry" else [])


@pytest.mark.parametrize(
    "planted",
    [
        "Ngo.objects.filter(pk=1).update(state='member')",
        "ngo.licences.create(number='1')",
        "Ngo.objects.update_or_create(pk=1, defaults={})",
        "ngo.save(update_fields=['state'])",
        "Ngo.objects.filter(pk=1).delete()",
        "Ngo.objects.bulk_update(rows, ['state'])",
        "cursor.execute('UPDATE ngos_ngo SET state = 1')",
        "Ngo.objects.raw('SELECT 1')",
    ],
)
def test_a_planted_write_is_found(planted: str) -> None:
    assert len(list(writes(ast.parse(planted)))) == 1


@pytest.mark.parametrize("harmless", ["words.update(other)", "digest.update(b'x')", "found.update({1})"])
def test_what_only_looks_like_a_write_is_not(harmless: str) -> None:
    assert list(writes(ast.parse(harmless))) == []
