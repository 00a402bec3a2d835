"""A1: one rule for who reads what of a trail: a refused attempt is the auditor's and the person's own to read."""

import ast
from pathlib import Path

import pytest
from django.conf import settings
from django.db import transaction

from ngos.workflow import MEMBERSHIP
from staff_portal.kernel.base.refusals import Refusal
from staff_portal.kernel.base.roles import Role
from staff_portal.kernel.models import AuditEntry, Unit, User
from staff_portal.kernel.trail import audit, events
from staff_portal.kernel.trail.timeline import entries_of, trail
from tests.factories.ngos import draft
from tests.factories.people import NOW, TODAY, make_user

APPS = ("staff_portal", "ngos", "committee", "facilities", "secretariats")
#: who may look into the trail by another way than the reading function: it writes, seals, verifies or counts it
WITHOUT_READER = {
    "staff_portal/kernel/trail/audit.py",
    "staff_portal/kernel/trail/timeline.py",
    "staff_portal/kernel/workflow/refused.py",
    "staff_portal/kernel/workflow/work.py",
    "committee/operations/ballot_ledger.py",
    "ngos/operations/membership_facts.py",  # one event of the file, on a page of HQ's own
    "ngos/operations/registry.py",
}


@pytest.fixture
def unit(db: None) -> Unit:
    """Any record that stands already, with nothing in its trail."""
    return Unit.objects.get(pk=1)


@pytest.fixture
def tried(unit: Unit) -> User:
    """An expert who changed something, and whose other attempt was refused."""
    person = make_user(Role.HQ_EXPERT)
    with transaction.atomic():
        audit.record(events.SETTING_CHANGED, unit, actor=person, at=NOW)
        audit.record(events.SENSITIVE_READ, unit, actor=person, at=NOW)
        audit.record(events.REFUSED, unit, actor=person, at=NOW, note="ابلاغ")
        audit.record(events.REFUSED, unit, actor=None, at=NOW, note="کار شبانه")
    return person


def codes(unit: Unit, reader: User) -> list[str]:
    return list(entries_of(unit, reader, TODAY).order_by("id").values_list("event", flat=True))


@pytest.mark.parametrize("role", [role for role in Role if role != Role.AUDITOR])
def test_nobody_else_reads_a_refused_attempt(unit: Unit, tried: User, role: Role) -> None:
    assert events.REFUSED.code not in codes(unit, make_user(role))


def test_the_auditor_reads_all_and_the_person_the_own_attempt(unit: Unit, tried: User) -> None:
    assert len(codes(unit, make_user(Role.AUDITOR))) == 4
    own = entries_of(unit, tried, TODAY).filter(event=events.REFUSED.code)
    assert [entry.actor_id for entry in own] == [tried.pk]


def test_a_refused_attempt_reads_as_a_sentence_with_the_role(db: None) -> None:
    """Also of somebody who has no role for it: the own role, and never one that is another's to lend."""
    ngo, expert = draft(make_user(Role.HQ_EXPERT)), make_user(Role.DEPUTY_EXPERT)
    with pytest.raises(Refusal):
        MEMBERSHIP.apply(ngo, "submit", actor=expert, at=NOW)
    line = trail(ngo, expert, TODAY)[0]
    assert (line["actor"], line["text"], line["role"]) == (
        expert.full_name,
        "کوشید «ارسال درخواست عضویت» را انجام دهد و پذیرفته نشد",
        "کارشناس معاونت",
    )


@pytest.mark.parametrize("role", [Role.NGO_USER, Role.NGO_MEMBER])
def test_an_ngo_s_people_do_not_read_what_is_the_office_s_own(unit: Unit, tried: User, role: Role) -> None:
    assert codes(unit, make_user(role)) == [events.SETTING_CHANGED.code]
    assert events.SENSITIVE_READ.code in codes(unit, make_user(Role.DEPUTY_EXPERT))


def test_the_length_counts_what_is_read(unit: Unit, tried: User) -> None:
    """Refused attempts between the lines cost no line of those who do not read them."""
    with transaction.atomic():
        for _ in range(5):
            audit.record(events.REFUSED, unit, actor=tried, at=NOW, note="ابلاغ")
    assert len(trail(unit, make_user(Role.SECRETARY), TODAY, limit=2)) == 2


def _asks_the_trail(path: Path) -> bool:
    """Whether the module reads audit entries without the reading function."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    raw = any(
        isinstance(node, ast.Attribute)
        and node.attr == "objects"
        and isinstance(node.value, ast.Name)
        and node.value.id == AuditEntry.__name__
        for node in ast.walk(tree)
    )
    names = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    return raw and "readable" not in names


def test_no_page_reads_the_trail_past_the_rule() -> None:
    found = {
        str(path.relative_to(settings.BASE_DIR))
        for app in APPS
        for path in (settings.BASE_DIR / app).rglob("*.py")
        if _asks_the_trail(path)
    }
    assert found <= WITHOUT_READER
