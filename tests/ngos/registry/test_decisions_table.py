"""State × row × role of the adverse decisions (X5), from the table itself and a table written by hand from the design."""

from datetime import timedelta
from typing import Any

import pytest

from ngos.enums import DecisionState
from ngos.models import MembershipDecision, Ngo
from ngos.workflow import DECISION, MEMBERSHIP
from staff_portal.kernel.base.refusals import NotPermitted
from staff_portal.kernel.base.roles import Role
from staff_portal.kernel.models import User
from tests.factories import ngos as make
from tests.factories.people import NOW, TODAY, make_user
from tests.ngos.registry.support import represent
from tests.support.cells import Names, Trial, assert_as_written, cells, line, try_cell
from tests.support.states import put

pytestmark = pytest.mark.django_db

NGO, EXPERT, MANAGER = {Role.NGO_USER}, {Role.HQ_EXPERT}, {Role.HQ_MANAGER}
BOTH = NGO | EXPERT
CLOCK: dict[str, Any] = {"system": True, "by_hand": False}

# the design: grounds first and ten working days to answer; fifteen from delivery to object; decided by another person
DESIGN = {
    "propose": line(EXPERT, (), {"proposed"}, by_hand=False),
    "issue": line(MANAGER, (), {"issued"}, by_hand=False),
    "answer": line(BOTH, {"proposed"}, {"heard"}),
    "close_hearing": line((), {"proposed"}, {"heard"}, **CLOCK),
    "drop": line(MANAGER, {"proposed", "heard"}, {"dropped"}),
    "lapse": line((), {"heard"}, {"dropped"}, **CLOCK),
    "overtake": line(MANAGER, {"proposed", "heard"}, {"dropped"}, by_hand=False),
    "decide": line(MANAGER, {"heard"}, {"issued"}, by_hand=False),
    "review": line(MANAGER, {"issued", "delivered", "objected"}, {"issued", "delivered", "objected"}),
    "hand_over": line(EXPERT, {"issued"}, {"delivered"}),
    "acknowledge": line(NGO, {"issued"}, {"delivered"}),
    "object": line(BOTH, {"issued", "delivered"}, {"objected"}),
    "settle": line((), {"delivered"}, {"final"}, **CLOCK),
    "uphold": line(MANAGER, {"objected"}, {"upheld"}),
    "dismiss": line(MANAGER, {"objected"}, {"dismissed"}),
}
NOTE = {"note": "دلیل"}
ASKED: dict[str, dict[str, Any]] = {
    "answer": {**NOTE, "paper": "۱۲/۳"},
    "drop": NOTE,
    "review": NOTE,
    "hand_over": {"delivered_on": TODAY, "delivery": "پست سفارشی"},
    "object": {**NOTE, "paper": "۱۲/۳"},
    "uphold": NOTE,
    "dismiss": NOTE,
}
BEFORE = {"proposed", "heard", "dropped"}


@pytest.fixture
def in_state(registrar: User, reviewer: User, manager: User) -> Any:
    """A suspension put into a state: before the decision a proposal, after it an urgent one."""

    def make_one(state: str) -> MembershipDecision:
        ngo = make.member(registrar, reviewer, manager, at=NOW - timedelta(days=90))
        if state in BEFORE:
            MEMBERSHIP.apply(ngo, "propose_suspension", actor=reviewer, at=NOW, **NOTE)
        else:
            MEMBERSHIP.apply(ngo, "suspend", actor=manager, at=NOW, **NOTE)
        made = MembershipDecision.objects.get(ngo=ngo)
        return put(DECISION, made, state, delivered_on=TODAY, objected_on=TODAY)

    return make_one


def test_the_table_is_the_design() -> None:
    assert_as_written(DECISION, DESIGN)


@pytest.mark.parametrize(("state", "name"), cells(DECISION, DESIGN))
def test_every_role_in_every_cell(name: Names, state: str, in_state: Any) -> None:
    people = {role: make_user(role, scope_id=6) for role in Role.values}

    def record(wanted: str) -> MembershipDecision:
        made = in_state(wanted)
        represent(made.ngo, people[Role.NGO_USER])
        return made

    try_cell(DECISION, DESIGN, state, name, Trial(record, people, lambda row: NOW, dict(ASKED)))


@pytest.mark.parametrize("state", DecisionState.values)
def test_an_ngo_neither_sees_nor_moves_another_s(state: str, in_state: Any, sign_in: Any) -> None:
    made, stranger = in_state(state), make_user(Role.NGO_USER)
    represent(make.draft(make_user(Role.HQ_EXPERT)), stranger)
    client = sign_in(stranger)
    assert client.get(made.get_absolute_url()).status_code == 404
    for name in ("answer", "object", "acknowledge"):
        assert client.post(f"{made.get_absolute_url()}do/{name}/", NOTE).status_code == 404
    with pytest.raises(NotPermitted):
        DECISION.apply(made, "object", actor=stranger, at=NOW, **ASKED["object"])


def test_what_only_follows_is_taken_by_nobody(in_state: Any, manager: User) -> None:
    for name in ("decide", "overtake"):
        with pytest.raises(NotPermitted):
            DECISION.apply(in_state("heard"), name, actor=manager, at=NOW, **NOTE)
    with pytest.raises(NotPermitted):
        DECISION.apply(Ngo.objects.first(), "issue", actor=manager, at=NOW, kind="end", **NOTE)
