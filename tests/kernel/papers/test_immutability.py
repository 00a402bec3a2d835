"""Signed letters, what became of them and their numbers can't be changed or deleted (K1), by nobody's SQL."""

from typing import Any

import pgtrigger
import psycopg2
import pytest
from django.db import IntegrityError, connection
from django.db.models import F

from staff_portal.kernel.base import constraints
from staff_portal.kernel.base.refusals import Refusal
from staff_portal.kernel.base.roles import Role
from staff_portal.kernel.letters import letter_desk
from staff_portal.kernel.models import IssuedNumber, Letter, LetterEvent
from tests.kernel.papers.support import NOW, make_letter, make_root, make_user

TABLES = {
    "kernel_letter": ("subject", Letter),
    "kernel_letterevent": ("reason", LetterEvent),
    "kernel_issuednumber": ("text", IssuedNumber),
}
STATEMENTS = [
    *(f"UPDATE {table} SET {column} = 'دیگر'" for table, (column, _) in TABLES.items()),
    *(f"UPDATE {table} SET id = id + 1000" for table in TABLES),
    *(f"DELETE FROM {table}" for table in TABLES),
    *(f"TRUNCATE {table} CASCADE" for table in TABLES),
    "UPDATE kernel_letter SET content = '{}'",
    "UPDATE kernel_letter SET public_facts = '[]'",
    "UPDATE kernel_letter SET signed_by_id = NULL",
]
REFUSED = (psycopg2.errors.CheckViolation, psycopg2.errors.InsufficientPrivilege)


@pytest.fixture
def letter(committed_db: Any) -> Letter:
    manager, root = make_user("hq.karimi", Role.HQ_MANAGER), make_root()
    made = make_letter(root, actor=manager)
    letter_desk.revoke_at_desk(made, reason="خطا", actor=manager, at=NOW)
    return made


def everything() -> list[Any]:
    return [list(model.objects.order_by("pk").values()) for _, model in TABLES.values()]


def test_neither_the_application_nor_the_owner_changes_them(committed_db: Any, letter: Letter) -> None:
    before = everything()
    with committed_db.app_cursor() as app, committed_db.owner_cursor() as owner:
        for statement in STATEMENTS:
            with pytest.raises(REFUSED):
                app.execute(statement)
            with pytest.raises(psycopg2.errors.CheckViolation):
                owner.execute(statement)
    assert everything() == before


def test_the_setting_that_ignores_triggers_changes_nothing(committed_db: Any, letter: Letter) -> None:
    before = everything()
    names = ",".join(f"{name}:append_only,{name}:no_truncate" for name in TABLES)
    with committed_db.owner_cursor() as owner:
        owner.execute("SELECT set_config('pgtrigger.ignore', %s, false)", [f"{{{names}}}"])
        for statement in STATEMENTS:
            with pytest.raises(psycopg2.errors.CheckViolation):
                owner.execute(statement)
    for _, model in TABLES.values():
        with pgtrigger.ignore(), pytest.raises(IntegrityError):
            model.objects.all().update(id=F("id") + 1000)
        with pgtrigger.ignore(), pytest.raises(IntegrityError), connection.cursor() as cursor:
            cursor.execute(f"DELETE FROM {model._meta.db_table}")
    assert everything() == before


def test_triggers_cannot_be_switched_off_by_the_session(committed_db: Any) -> None:
    for session in (committed_db.app_cursor, committed_db.owner_cursor):
        with session() as cursor, pytest.raises(psycopg2.errors.InsufficientPrivilege):
            cursor.execute("SET session_replication_role = replica")


def test_the_orm_is_refused_with_a_sentence(letter: Letter) -> None:
    with pytest.raises(IntegrityError) as caught:
        Letter.objects.filter(pk=letter.pk).update(subject="دیگر")
    assert constraints.sentence_for(caught.value) == "نامه امضاشده را نمی‌توان تغییر داد یا حذف کرد."


def test_a_letter_ends_once_also_by_raw_sql(committed_db: Any, letter: Letter) -> None:
    with committed_db.app_cursor() as cursor, pytest.raises(psycopg2.errors.UniqueViolation):
        cursor.execute(
            "INSERT INTO kernel_letterevent (letter_id, kind, at, reason, office_number) "
            "VALUES (%s, 'replaced', now(), '', '')",
            [letter.pk],
        )


def test_four_revocations_at_once_have_one_winner(committed_db: Any) -> None:
    manager, root = make_user("hq.karimi", Role.HQ_MANAGER), make_root()
    made = make_letter(root, actor=manager)

    def revoke() -> LetterEvent:
        mine = Letter.objects.get(pk=made.pk)
        return letter_desk.revoke_at_desk(mine, reason="خطا", actor=manager, at=NOW)

    results = committed_db.together([revoke] * 4)
    assert sum(isinstance(result, LetterEvent) for result in results) == 1
    refused = [result.sentence for result in results if isinstance(result, Refusal)]
    assert refused == ["این نامه پیش از این باطل یا جایگزین شده است."] * 3
    assert made.events.count() == 1
