"""People who import, and registers made for one test."""

import io
import random
from collections.abc import Iterable
from datetime import UTC, date, datetime
from typing import Any

from ngos.register_file import RegisterSheet, read_register
from staff_portal.kernel.base.periods import period
from staff_portal.kernel.base.roles import Role, Side
from staff_portal.kernel.models import RoleAssignment, User
from staff_portal.kernel.persian.identifiers import is_valid_national_id
from tests.ngos.register_samples import REGISTER, workbook

AT = datetime(2026, 11, 24, 6, 30, tzinfo=UTC)
ON = date(2026, 11, 24)
HEADING = ("نام سازمان", "شناسه ملی", "تلفن", "منطقه", "مدیرعامل", "نشانی")


def make_user(username: str, role: str = Role.HQ_EXPERT) -> User:
    """A person with one role in force."""
    user = User.objects.create(
        username=username,
        first_name="مریم",
        last_name=username,
        side=Side.HQ,
        email=f"{username}@people.example",
        created_at=AT,
    )
    RoleAssignment.objects.create(
        user=user, role=role, period=period(date(2026, 1, 1)), granted_at=AT, confirmed_at=AT
    )
    return user


def sample() -> RegisterSheet:
    """The sample register of 640 rows."""
    return read_register(REGISTER)


def national_ids(count: int) -> list[str]:
    """Valid national ids, different from those of the sample register."""
    found: list[str] = []
    body = 1_026_000_000
    while len(found) < count:
        found += [f"{body}{check}" for check in range(10) if is_valid_national_id(f"{body}{check}")]
        body += 1
    return found[:count]


_LETTERS = "ابتجحخدرزسشصطعفقکگلمنوهی"


def name_of(number: int) -> str:
    """A name of its own for each number, of words nobody knows; no two are similar."""
    chance = random.Random(number)
    words = ["".join(chance.choices(_LETTERS, k=chance.randint(4, 8))) for _ in range(3)]
    return f"انجمن {' '.join(words)}"


def rows(count: int, start: int = 0) -> list[tuple[Any, ...]]:
    """Rows that are all taken, without a warning."""
    return [
        (
            name_of(start + number),
            national_id,
            f"0212{(start + number) % 1000:03}{(start + number) // 1000:04}",
            number % 22 + 1,
            f"زهرا {name_of(number).split()[1]}",
            f"تهران، خیابان {number + 1}",
        )
        for number, national_id in enumerate(national_ids(start + count)[start:])
    ]


def register(data: Iterable[tuple[Any, ...]], heading: tuple[str, ...] = HEADING) -> bytes:
    """An .xlsx with these rows."""
    return workbook(heading, *data)


def sheet(data: Iterable[tuple[Any, ...]], heading: tuple[str, ...] = HEADING) -> RegisterSheet:
    return read_register(io.BytesIO(register(data, heading)), "register.xlsx")
