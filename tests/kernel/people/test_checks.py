"""What must hold before the portal serves anybody."""

import pytest
from django.core.checks import Error, Warning
from django.db import connections
from pytest_django import Settings

from staff_portal.environment import parse_database_url
from staff_portal.kernel import checks
from staff_portal.kernel.base.roles import Role
from staff_portal.kernel.models import User
from tests.kernel.people.conftest import MakePerson
from tests.support.committed import CommittedDatabase


def test_the_tests_own_database_is_fit(db: None) -> None:
    assert checks.unfit() == []


def test_a_database_that_does_not_speak_persian_is_an_error(
    db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A word without letters has no trigrams, as Persian has none under a «C» character type."""
    monkeypatch.setattr(checks, "PERSIAN_SAMPLE", "؟؟؟")
    (problem,) = checks.persian_trigrams(None, databases=["default"])
    assert isinstance(problem, Error) and "trigrams" in problem.msg


def test_a_role_that_owns_the_tables_is_warned_about_and_refused_in_production(
    committed_db: CommittedDatabase, settings: Settings
) -> None:
    connections.databases["owner"] = {
        **connections.databases["default"],
        **parse_database_url(committed_db.owner_url),
    }
    try:
        assert checks.weak_database_role(None, databases=["default"]) == []
        (problem,) = checks.weak_database_role(None, databases=["owner"])
        assert isinstance(problem, Warning) and not problem.is_serious() and "owns" in problem.msg
        settings.PRODUCTION = True
        (problem,) = checks.weak_database_role(None, databases=["owner"])
        assert problem.is_serious()
    finally:
        connections["owner"].close()
        del connections["owner"], connections.databases["owner"]


def test_production_refuses_active_demo_users(
    settings: Settings, make_person: MakePerson, capsys: pytest.CaptureFixture[str]
) -> None:
    person = make_person(Role.HQ_EXPERT)
    User.objects.filter(pk=person.pk).update(is_demo=True)
    assert checks.no_demo_users(None, databases=["default"]) == []
    checks.refuse_unfit_start()
    settings.PRODUCTION = True
    with pytest.raises(SystemExit) as ended:
        checks.refuse_unfit_start()
    assert ended.value.code == 2 and person.username in capsys.readouterr().err
    User.objects.filter(pk=person.pk).update(is_active=False)
    checks.refuse_unfit_start()
