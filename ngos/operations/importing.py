"""Importing a register (page 7, N1, N2): what would happen, and making it happen in chunks (page 9).

Both go through the rows in the same way, so that the preview says what the import does. A chunk is written by the
batch form of the operations behind the page; where the database refuses it, its rows are written one by one.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import islice
from typing import Any

from django.db import DataError, IntegrityError, connection, transaction

from ngos import rules
from ngos.models import Ngo
from ngos.operations.ngo_data import NgoData
from ngos.operations.register_plan import (
    CREATED,
    UNCHANGED,
    UPDATED,
    Plan,
    data_of,
    plan_rows,
    read_stored,
    read_vocabulary,
    store_plan,
)
from ngos.register_columns import HEADINGS
from ngos.register_file import RegisterSheet
from ngos.register_rows import Finding, ParsedRow, RegisterRecord, check_rows
from ngos.similar_names import SimilarNames
from staff_portal.kernel.base import constraints
from staff_portal.kernel.base.refusals import Refusal
from staff_portal.kernel.models import User
from staff_portal.kernel.persian.digits import to_persian_digits
from staff_portal.kernel.persian.identifiers import IdentifierError, normalise_national_id
from staff_portal.kernel.workflow import refused
from staff_portal.kernel.workflow.transactions import require
from staff_portal.kernel.workflow.writing import whole

CHUNK = 200
LINE = ("row", "column", "value", "code", "reason")
_IMPORT_LOCK = 4_826_003
_CONFLICTS = {
    "n1_national_id_unique": "national_id",
    "n1_national_id_ascii": "national_id",
    "licence_once": "licence_number",
}

Progress = Callable[[int, int, str], None]
Keep = Callable[[int, dict[str, Any]], None]


def _quiet(done: int, total: int, message: str) -> None:
    """Nobody watches."""


@dataclass
class Report:
    """The report of page 7: counts, and lists of ``{row, column, value, code, reason}`` in the order of rows."""

    created: int = 0
    updated: int = 0
    unchanged: int = 0
    duplicates: list[dict[str, Any]] = field(default_factory=list)
    rejected: list[dict[str, Any]] = field(default_factory=list)
    warned: list[dict[str, Any]] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        """The six members of the report, nothing else."""
        lists = {
            name: sorted(({key: entry[key] for key in LINE} for entry in getattr(self, name)), key=_row_of)
            for name in ("duplicates", "rejected", "warned")
        }
        return {"created": self.created, "updated": self.updated, "unchanged": self.unchanged, **lists}

    @classmethod
    def from_json(cls, kept: dict[str, Any]) -> "Report":
        """The report that :meth:`as_json` gave; lists are copies."""
        report = cls()
        for name, value in kept.items():
            setattr(report, name, list(value) if isinstance(value, list) else value)
        return report

    def plus(self, other: "Report") -> "Report":
        """Both together."""
        return Report(*(getattr(self, name) + getattr(other, name) for name in self.__dataclass_fields__))


def check_register(sheet: RegisterSheet, *, on: date, progress: Progress = _quiet) -> Report:
    """What importing these rows would do with the registry as it stands; writes nothing.

    ``on`` is the day by which dates of the register are judged (expired licences, dates in the future).
    """
    run = _Run(sheet, on)
    for chunk in run.chunks():
        records = run.take(chunk)
        run.plan(records, lock=False)
        progress(run.rows, len(sheet.rows), "بررسی سطرها")
    return run.report()


def import_register(
    sheet: RegisterSheet,
    *,
    actor: User,
    at: datetime,
    on: date,
    progress: Progress = _quiet,
    kept: dict[str, Any] | None = None,
    keep: Keep | None = None,
) -> Report:
    """Write the rows in chunks of :data:`CHUNK`, each committed by itself; running it again does no harm.

    ``keep(rows_before, state)`` is called in the transaction of each chunk and may store ``state``; given back
    as ``kept``, the import goes on behind the last chunk that was committed, and reports it all.
    """
    require(rules.IMPORT_NGOS, actor, None, at)
    run = _Run(sheet, on, kept)
    for chunk in run.chunks():
        records = run.take(chunk)
        if run.rows <= run.rows_kept:
            continue
        with transaction.atomic():
            _one_import_at_a_time()
            run.store(records, actor=actor, at=at)
            if keep is not None:
                keep(run.rows - len(chunk), run.state())
        progress(run.rows, len(sheet.rows), "ورود سطرها")
    return run.report()


def _one_import_at_a_time() -> None:
    """Chunks of several imports take turns, so that they see one another's rows and never block in a ring."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_IMPORT_LOCK])


class _Run:
    """One way through the rows: what the file itself says, and what the registry says to it."""

    def __init__(self, sheet: RegisterSheet, on: date, kept: dict[str, Any] | None = None) -> None:
        self._sheet = sheet
        self._on = on
        self._of_file = Report()
        self._of_registry = Report.from_json((kept or {}).get("report", {}))
        self.rows_kept = int((kept or {}).get("rows", 0))
        self.rows = 0
        self._known = _Known(_national_ids(sheet))

    def chunks(self) -> Iterator[list[ParsedRow]]:
        rows = check_rows(self._sheet.rows, on=self._on, vocab=read_vocabulary())
        while chunk := list(islice(rows, CHUNK)):
            yield chunk

    def report(self) -> Report:
        return self._of_file.plus(self._of_registry)

    def state(self) -> dict[str, Any]:
        """What is needed to go on here: the file's own findings are found again."""
        return {"rows": self.rows, "report": self._of_registry.as_json()}

    def take(self, chunk: list[ParsedRow]) -> "list[_Row]":
        """The rows to be written; the others are noted. Names are compared with everything that came before."""
        self.rows += len(chunk)
        taken = []
        for parsed in chunk:
            number = parsed.number_in_sheet
            if parsed.duplicate is not None:
                self._of_file.duplicates.append(line(number, parsed.duplicate))
            self._of_file.rejected += [line(number, finding) for finding in parsed.rejections]
            self._of_file.warned += [line(number, finding) for finding in parsed.warnings]
            if parsed.record is None:
                continue
            try:
                data = data_of(parsed.record)
            except Refusal as refusal:
                self._of_file.rejected.append(line(number, Finding("", "", "row", refusal.sentence)))
                continue
            taken.append(_Row(number, data, self._known.look(parsed.record)))
            self._known.add(parsed.record)
        return taken

    def plan(self, rows: "list[_Row]", *, lock: bool) -> Plan:
        """Decide about these rows and count them."""
        free = self._without_taken_numbers(rows)
        stored = read_stored([row.data.national_id for row in free], on=self._on, lock=lock)
        plan = plan_rows([row.data for row in free], stored)
        self._count(free, plan)
        return plan

    def store(self, rows: "list[_Row]", *, actor: User, at: datetime) -> None:
        """Write a chunk, or its rows one by one where the database refuses it; call it in a transaction.

        What the chunk is refused is no attempt of anybody: it is asked again of the row that it is about.
        """
        with refused.passed_over():
            if self._try(rows, actor, at) is None:
                return
        for row in rows:
            error = self._try([row], actor, at)
            if error is not None:
                self._of_registry.rejected.append(line(row.number, _conflict(row.data, error)))

    def _try(
        self, rows: "list[_Row]", actor: User, at: datetime
    ) -> IntegrityError | DataError | Refusal | None:
        """Write these rows and count them, or leave everything as it was and give the database's refusal."""
        before = Report.from_json(self._of_registry.as_json())
        try:
            with whole(actor, at):
                store_plan(self.plan(rows, lock=True), actor=actor, at=at)
        except (IntegrityError, DataError) as error:
            self._of_registry = before
            return error
        except Refusal as refusal:
            self._of_registry = before
            return refusal.__cause__ if isinstance(refusal.__cause__, IntegrityError) else refusal
        return None

    def _count(self, rows: "list[_Row]", plan: Plan) -> None:
        verdicts = list(plan.verdicts.values())
        self._of_registry.created += verdicts.count(CREATED)
        self._of_registry.updated += verdicts.count(UPDATED)
        self._of_registry.unchanged += verdicts.count(UNCHANGED)
        newly_named = plan.newly_named
        for row in rows:
            found = list(row.likenesses) if row.data.national_id in newly_named else []
            found += plan.warnings.get(row.data.national_id, [])
            self._of_registry.warned += [line(row.number, finding) for finding in found]

    def _without_taken_numbers(self, rows: "list[_Row]") -> "list[_Row]":
        """N3: a membership number that is another NGO's is not taken; the row is rejected."""
        numbers = {row.data.claimed_number for row in rows} - {""}
        if not numbers:
            return rows
        holders: dict[str, dict[str, str]] = {}
        for column in ("membership_number", "claimed_number"):
            held = Ngo.objects.filter(**{f"{column}__in": numbers}).values_list(column, "national_id", "name")
            for number, national_id, name in held:
                holders.setdefault(number, {})[national_id] = name
        free = []
        for row in rows:
            others = [
                name
                for national_id, name in holders.get(row.data.claimed_number, {}).items()
                if national_id != row.data.national_id
            ]
            if others:
                reason = f"این شماره عضویت برای «{others[0]}» ثبت شده است؛ شماره درست را بنویسید."
                finding = Finding(
                    HEADINGS["membership_number"], row.data.claimed_number, "membership_number", reason
                )
                self._of_registry.rejected.append(line(row.number, finding))
            else:
                free.append(row)
        return free


@dataclass(frozen=True)
class _Row:
    """A row that may be written, with what it resembles."""

    number: int
    data: NgoData
    likenesses: list[Finding]


class _Known:
    """Names and telephones of the registry and of the rows so far (N1). Rows of the file speak for themselves."""

    def __init__(self, in_file: set[str]) -> None:
        self._names = SimilarNames()
        self._phones: dict[str, str] = {}
        stored = Ngo.objects.order_by("pk").values_list("national_id", "name", "phone")
        for national_id, name, phone in stored.iterator(chunk_size=2000):
            if national_id not in in_file:
                self._keep(f"«{name}» با شناسه ملی {to_persian_digits(national_id)}", name, phone)

    def look(self, record: RegisterRecord) -> list[Finding]:
        """A finding for the nearest name, and one for the telephone if it is another NGO's."""
        found = []
        similar = self._names.find(record.name)
        if similar:
            reason = f"نام آن به نام {similar[0][0]} نزدیک است؛ بررسی کنید که یک سازمان نباشند."
            found.append(Finding(HEADINGS["name"], record.name, "similar_name", reason))
        other = self._phones.get(record.phone) if record.phone else None
        if other and not similar:
            reason = f"تلفن آن با تلفن {other} یکی است؛ بررسی کنید که یک سازمان نباشند."
            found.append(Finding(HEADINGS["phone"], record.phone, "similar_name", reason))
        return found

    def add(self, record: RegisterRecord) -> None:
        row = to_persian_digits(record.number_in_sheet)
        self._keep(f"«{record.name}» در سطر {row} همین فایل", record.name, record.phone)

    def _keep(self, title: str, name: str, phone: str) -> None:
        self._names.add(title, name)
        if phone:
            self._phones.setdefault(phone, title)


def _national_ids(sheet: RegisterSheet) -> set[str]:
    found = set()
    for row in sheet.rows:
        try:
            found.add(normalise_national_id(row.cells.get("national_id")))
        except IdentifierError:
            continue
    return found


def _conflict(data: NgoData, error: Exception) -> Finding:
    """Why the database would not take a row, for the person who reads the report."""
    if isinstance(error, IntegrityError):
        key = _CONFLICTS.get(constraints.constraint_name(error), "")
        value = data.national_id if key == "national_id" else ""
        return Finding(HEADINGS.get(key, ""), value, key or "row", constraints.sentence_for(error))
    if isinstance(error, Refusal):
        return Finding("", "", "row", error.sentence)
    return Finding("", "", "row", "یکی از نوشته‌های این سطر بلندتر از اندازه است؛ آن را کوتاه کنید.")


def line(row: int, finding: Finding) -> dict[str, Any]:
    """A finding as the report writes it."""
    return dict(zip(LINE, (row, finding.column, finding.value, finding.code, finding.reason), strict=True))


def _row_of(entry: dict[str, Any]) -> int:
    return int(entry["row"])


def rows_named(lines: Iterable[dict[str, Any]]) -> set[int]:
    """The numbers of the rows that lines of a report name."""
    return {_row_of(entry) for entry in lines}
