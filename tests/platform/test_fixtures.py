"""The fixtures themselves: isolation, roles, committed copies."""

import psycopg2
import pytest
from django.db import Error, connection


def test_ordinary_tests_run_as_the_application_role(db, raw_sql):
    assert raw_sql("SELECT current_user, rolsuper FROM pg_roles WHERE rolname = current_user") == [
        ("portal_app", False)
    ]


@pytest.mark.parametrize(
    "statement", ["CREATE TABLE public.x (y int)", "TRUNCATE django_session", "DROP TABLE django_session"]
)
def test_the_application_role_cannot_touch_the_schema(db, raw_sql, statement):
    with pytest.raises(Error, match=r"permission denied|must be owner"):
        raw_sql(statement)
    assert raw_sql("SELECT 1") == [(1,)]


INSERT = "INSERT INTO django_session (session_key, session_data, expire_date) VALUES (%s, '', now())"
COUNT = "SELECT count(*) FROM django_session"


@pytest.mark.parametrize("turn", [1, 2])
def test_what_a_test_writes_is_rolled_back(db, raw_sql, turn):
    assert raw_sql(COUNT) == [(0,)]
    raw_sql(INSERT, [f"turn-{turn}"])


@pytest.mark.parametrize("turn", [1, 2])
def test_a_committed_test_starts_clean_and_other_sessions_see_it(committed_db, owner_cursor, raw_sql, turn):
    assert raw_sql(COUNT) == [(0,)]
    raw_sql(INSERT, ["committed"])
    owner_cursor.execute(COUNT)
    assert owner_cursor.fetchone() == (1,)


def test_calls_together_work_on_the_committed_copy(committed_db, raw_sql):
    def insert(key):
        with connection.cursor() as cursor:
            cursor.execute(INSERT, [key])

    results = committed_db.together([lambda key=key: insert(key) for key in ("one", "two", "two")])
    refused = [result for result in results if result is not None]
    assert len(refused) == 1 and isinstance(refused[0], Error)
    assert raw_sql(COUNT) == [(2,)]


def test_the_worker_database_is_untouched_by_committed_tests(db, raw_sql):
    assert raw_sql(COUNT) == [(0,)]


def test_owner_may_create_what_migrations_create(committed_db, owner_cursor):
    owner_cursor.execute("CREATE TABLE something (x int)")
    with committed_db.app_cursor() as cursor:
        cursor.execute("INSERT INTO something VALUES (1)")
        with pytest.raises(psycopg2.errors.InsufficientPrivilege):
            cursor.execute("DROP TABLE something")
