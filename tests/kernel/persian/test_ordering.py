"""D11: whatever people read in a row stands in the order of the Persian alphabet, not of code points."""

import ast
import itertools

import pytest

from ngos.forms.registry import neighbourhood_choices
from staff_portal.kernel.base.periods import period
from staff_portal.kernel.base.roles import Role
from staff_portal.kernel.models import Unit
from staff_portal.kernel.pages.forms import UserForm
from staff_portal.kernel.pages.letter_forms import AuditFilterForm
from staff_portal.kernel.people import rules
from staff_portal.kernel.persian.ordering import alphabetical
from staff_portal.kernel.persian.search import sort_key
from staff_portal.kernel.trail import events
from tests.architecture.test_house_rules import short, sources
from tests.factories.people import TODAY

WORDS = [
    "آبان",
    "احسان",
    "پیوند",
    "تلاش",
    "جهاد",
    "چتر",
    "ژاله",
    "سبز",
    "کمک",
    "گام",
    "لاله",
    "نور",
    "وفا",
    "هما",
    "یار",
]


@pytest.mark.django_db
def test_the_database_orders_by_the_alphabet() -> None:
    for word in reversed(WORDS):
        Unit.objects.create(title=f"آزمون {word}", kind="directorate", period=period(TODAY))
    found = Unit.objects.filter(title__startswith="آزمون").order_by(alphabetical("title"), "id")
    assert [unit.title.split()[1] for unit in found] == WORDS


@pytest.mark.django_db
def test_units_and_neighbourhoods_are_offered_by_the_alphabet() -> None:
    titles = [unit.title for unit in UserForm().fields["unit"].queryset]
    assert len(titles) > 10 and titles == sorted(titles, key=sort_key)
    for _, names in neighbourhood_choices()[1:]:
        keys = [sort_key(name) for _, name in names]
        assert all(one <= other for one, other in itertools.pairwise(keys))


def test_powers_and_events_are_offered_by_the_alphabet() -> None:
    powers = [power.label for power in rules.delegable_permissions(Role.HQ_MANAGER)]
    assert powers == sorted(powers, key=sort_key)
    labels = [str(label) for _, label in AuditFilterForm().fields["event"].choices if label][1:]
    assert len(labels) > 20 and labels == sorted(labels, key=sort_key)
    assert len(labels) <= len(events.EVENTS)


def test_no_query_orders_texts_by_code_points() -> None:
    """``order_by("title")`` and the like would put «پ» after «و»: a stored key or ``alphabetical`` does not."""
    texts = {"title", "-title", "name", "-name", "label", "last_name", "first_name", "name_folded"}
    found = [
        f"{short(path)}:{node.lineno}"
        for path in sources(".py")
        if "migrations" not in path.parts
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr == "order_by"
        and texts & {arg.value for arg in node.args if isinstance(arg, ast.Constant)}
    ]
    assert found == []
