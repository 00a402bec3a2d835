"""A hundred thousand NGOs by COPY, with the derived columns the operations would have written."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from random import Random

from psycopg2.extensions import connection as Connection  # noqa: N812
from psycopg2.extensions import cursor as Cursor  # noqa: N812

COUNT = 100_000
AT = datetime(2026, 1, 1, tzinfo=UTC)
FIRST_SERIAL = 1_700_000_000
RARE_WORD = "فیروزه‌کوب"
RARE_EVERY = 4_000
STATES = ("member",) * 14 + ("suspended", "under_review", "submitted", "returned", "draft", "ended")
WITH_NUMBER = {"member", "suspended", "ended"}

COLUMNS = (
    "name", "name_core", "sort_key", "search_text", "legal_kind", "national_id", "registration_number",
    "registration_office", "registered_on", "phone", "mobile", "email", "website", "postal_code", "address",
    "district_id", "neighbourhood_text", "primary_field_id", "target_groups", "volunteer_count", "sheba",
    "about", "state", "state_since", "suspension_kind", "missing_items", "membership_number", "member_since",
    "claimed_number", "registered_at", "level_rank", "grade_valid_until", "version",
)  # fmt: skip


def fill(session: Connection, on: date, count: int = COUNT) -> None:
    """Write ``count`` NGOs with one licence each and the periods of the members, then the statistics.

    ``session`` belongs to the tables' owner and is in autocommit.
    """
    random = Random(1)
    with session.cursor() as cursor:
        cursor.execute("SELECT id FROM kernel_activityfield ORDER BY id")
        fields = [row[0] for row in cursor.fetchall()]
        lines = io.StringIO()
        for number in range(count):
            lines.write("\t".join(_ngo(number, random, fields, on)) + "\n")
        lines.seek(0)
        with _beside_the_rows(cursor, "ngos_ngo", "moves"):
            cursor.copy_expert(f"COPY ngos_ngo ({', '.join(COLUMNS)}) FROM STDIN", lines)
        cursor.execute(
            "INSERT INTO ngos_licence (ngo_id, licensor, licensor_place, number, subject, scope, valid_until,"
            " recorded_at) SELECT id, 'interior', '', id::text, '', '', %s::date + (id %% 900)::int, %s"
            " FROM ngos_ngo WHERE national_id >= %s",
            [on - timedelta(days=200), AT, f"{FIRST_SERIAL}0"],
        )
        with _beside_the_rows(cursor, "ngos_membershipperiod", "facts"):
            cursor.execute(
                "INSERT INTO ngos_membershipperiod (ngo_id, period, ended_by, created_at)"
                " SELECT id, daterange(member_since, NULL), '', %s FROM ngos_ngo"
                " WHERE national_id >= %s AND state IN ('member', 'suspended')",
                [AT, f"{FIRST_SERIAL}0"],
            )
        cursor.execute("VACUUM ANALYZE")


@contextmanager
def _beside_the_rows(cursor: Cursor, table: str, trigger: str) -> Iterator[None]:
    """New files begin as drafts and periods with a membership (the tables' own guards); here they come in every state
    at once, as their owner may."""
    cursor.execute(
        "SELECT tgname FROM pg_trigger WHERE tgrelid = %s::regclass AND tgname LIKE %s",
        [table, f"pgtrigger_{trigger}%"],
    )
    (name,) = cursor.fetchone()
    cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER {name}")
    try:
        yield
    finally:
        cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER {name}")


def _ngo(number: int, random: Random, fields: list[int], on: date) -> list[str]:
    from ngos.similarity import name_core
    from staff_portal.demo import names
    from staff_portal.kernel.persian.identifiers import national_id_check_digit
    from staff_portal.kernel.persian.search import compact_fold, search_fold, sort_key

    kind = random.choice(names.KINDS)
    topic = random.choice(random.choice(tuple(names.TOPICS.values())))
    rare = f" {RARE_WORD}" if number % RARE_EVERY == 0 else ""
    name = f"{kind.label} {random.choice(names.DOERS)} {topic} {random.choice(names.MARKS)}{rare} {number}"
    serial = str(FIRST_SERIAL + number)
    national_id = f"{serial}{national_id_check_digit(serial)}"
    ceo = names.person(random)
    state = random.choice(STATES)
    phone = f"021{20_000_000 + number * 7}"
    registration = str(100_000 + number)
    membership = f"B-{number}" if state in WITH_NUMBER else None
    level = random.choice((None, 1, 2, 3, 4)) if state == "member" else None
    parts = (
        search_fold(name), compact_fold(name), national_id, registration,
        search_fold(membership or ""), search_fold(ceo), phone,
    )  # fmt: skip
    values: tuple[object, ...] = (
        name, name_core(name), sort_key(name), " ".join(part for part in parts if part), kind.value,
        national_id, registration, "تهران", "2015-05-05", phone, "", f"n{number}@ngo.example", "", "",
        f"تهران، خیابان {number % 900 + 1}، پلاک {number % 200 + 1}", random.randint(1, 22), "",
        random.choice(fields), "{}", random.choice((None, *range(3, 400, 7))), "", "", state, AT,
        "disciplinary" if state == "suspended" else "", "{}", membership,
        "2020-03-01" if membership else None, "", AT, level,
        on + timedelta(days=random.randint(-200, 700)) if level else None, 1,
    )  # fmt: skip
    return ["\\N" if value is None else str(value) for value in values]
