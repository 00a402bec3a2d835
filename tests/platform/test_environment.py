"""The environment is read in one place; what is wrong is one line."""

import subprocess
import sys

import pytest

from staff_portal.environment import EnvironmentProblem, parse_database_url, parse_email_url, read_environment
from tests.support.servers import ROOT

PRODUCTION = {
    "DJANGO_ENV": "production",
    "SECRET_KEY": "k" * 64,
    "ALLOWED_HOSTS": "portal.example",
    "BEHIND_PROXY": "1",
    "SITE_URL": "https://portal.example",
    "SIGNING_KEY_FILE": "/srv/signing.pem",
    "DATABASE_URL": "postgresql://portal_app:secret@db.example:5432/portal",
}


def test_a_complete_production_environment_is_taken():
    environment = read_environment(PRODUCTION)
    assert environment.production and not environment.debug
    assert environment.database["USER"] == "portal_app"
    assert environment.database["ATOMIC_REQUESTS"] is False


@pytest.mark.parametrize(
    ("change", "word"),
    [
        ({"DEBUG": "1"}, "DEBUG"),
        ({"SECRET_KEY": ""}, "SECRET_KEY"),
        ({"SECRET_KEY": "short"}, "SECRET_KEY"),
        ({"BEHIND_PROXY": ""}, "BEHIND_PROXY"),
        ({"ALLOWED_HOSTS": ""}, "ALLOWED_HOSTS"),
        ({"ALLOWED_HOSTS": "*"}, "ALLOWED_HOSTS"),
        ({"SITE_URL": "http://portal.example"}, "SITE_URL"),
        ({"SIGNING_KEY_FILE": ""}, "SIGNING_KEY_FILE"),
        ({"DATABASE_URL": ""}, "DATABASE_URL"),
        ({"DATABASE_URL": "sqlite:///x"}, "DATABASE_URL"),
        ({"DATABASE_URL": "postgresql://a@b:port/c"}, "DATABASE_URL"),
        ({"EMAIL_URL": "pigeon://roof"}, "EMAIL_URL"),
        ({"LOG_LEVEL": "LOUD"}, "LOG_LEVEL"),
        ({"BEHIND_PROXY": "perhaps"}, "BEHIND_PROXY"),
        ({"DJANGO_ENV": "staging"}, "DJANGO_ENV"),
    ],
)
def test_what_is_missing_or_unsafe_is_refused_by_name(change, word):
    with pytest.raises(EnvironmentProblem, match=word):
        read_environment(PRODUCTION | change)


def test_a_bad_value_ends_manage_py_in_one_line():
    done = subprocess.run(
        [sys.executable, "manage.py", "check"],
        cwd=ROOT,
        env={"DJANGO_ENV": "staging", "PATH": "/usr/bin"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    assert done.stderr.startswith("configuration: DJANGO_ENV") and done.stderr.count("\n") == 1


def test_special_characters_of_a_password_survive_the_address():
    database = parse_database_url("postgresql://u%40x:p%2Fw%3A@h/n?sslmode=require")
    assert (database["USER"], database["PASSWORD"], database["NAME"]) == ("u@x", "p/w:", "n")
    assert database["OPTIONS"] == {"sslmode": "require"}


def test_mail_addresses():
    assert parse_email_url("smtps://u:p@mail.example")["EMAIL_PORT"] == 465
    assert parse_email_url("console:")["EMAIL_BACKEND"].endswith("console.EmailBackend")
