"""State × transition × role of membership, every cell, from the table itself and the design's own list."""

from typing import Any

import pytest

from ngos.enums import MembershipState
from ngos.models import MembershipPeriod, Ngo
from ngos.operations.ngo_data import normalised
from ngos.workflow import MEMBERSHIP
from staff_portal.kernel.base.periods import period
from staff_portal.kernel.base.refusals import NotPermitted, Refusal
from staff_portal.kernel.base.roles import Role
from staff_portal.kernel.models import User
from staff_portal.kernel.workflow.holds import place_hold
from tests.factories import ngos as make
from tests.factories.people import NOW, TODAY, make_user
from tests.ngos.registry.conftest import SignIn
from tests.ngos.registry.support import represent, text_of
from tests.support.cells import Names, Trial, assert_as_written, cells, line, try_cell
from tests.support.states import put

pytestmark = pytest.mark.django_db

ANY = set(MembershipState.values)

# the design's page on workflows, word for word: who, from, to
DESIGN = {
    "register": line({Role.HQ_EXPERT}, (), {"draft"}),
    "import": line({Role.HQ_EXPERT}, (), {"draft"}),
    "change": line({Role.HQ_EXPERT, Role.NGO_USER}, ANY, ANY),
    "change_by_register": line({Role.HQ_EXPERT}, ANY, ANY),
    "submit": line({Role.HQ_EXPERT, Role.NGO_USER}, {"draft", "returned"}, {"submitted"}),
    "withdraw": line({Role.HQ_EXPERT, Role.NGO_USER}, {"submitted"}, {"draft"}),
    "take_up": line({Role.HQ_EXPERT}, {"submitted"}, {"under_review"}),
    "send_back": line({Role.HQ_EXPERT}, {"under_review"}, {"returned"}),
    "lapse": line((), {"returned"}, {"draft"}, system=True, by_hand=False),
    "approve": line({Role.HQ_MANAGER}, {"under_review"}, {"member"}),
    "reject": line({Role.HQ_MANAGER}, {"under_review"}, {"rejected"}),
    "confirm_existing": line({Role.HQ_MANAGER}, {"draft"}, {"member"}),
    "propose_suspension": line({Role.HQ_EXPERT}, {"member"}, {"member"}),
    "suspend": line({Role.HQ_MANAGER}, {"member"}, {"suspended"}),
    "reinstate": line({Role.HQ_MANAGER}, {"suspended"}, {"member"}),
    "end": line({Role.HQ_MANAGER}, {"member", "suspended"}, {"ended"}),
    "reopen": line({Role.HQ_EXPERT, Role.NGO_USER}, {"rejected", "ended"}, {"draft"}),
    "restore": line(
        {Role.HQ_MANAGER},
        {"rejected", "suspended", "ended"},
        {"under_review", "member", "suspended"},
        by_hand=False,
    ),
}
ASKED: dict[str, dict[str, Any]] = {
    "send_back": {"note": "کامل نیست", "missing": ["اساسنامه"]},
    "reject": {"note": "دلیل"},
    "propose_suspension": {"note": "دلیل"},
    "suspend": {"note": "دلیل"},
    "end": {"note": "دلیل"},
}
STEPS = sorted(name for name, row in DESIGN.items() if row.sources and row.sources != ANY and row.by_hand)
BEGUN, OVER = NOW.replace(year=2024), NOW.replace(month=10)
ONCE_MEMBER = {"member", "suspended", "ended"}


@pytest.fixture
def in_state(registrar: User, reviewer: User) -> Any:
    """A complete file put into a state, with what a file in that state has."""

    def make_one(state: str) -> Ngo:
        ngo = make.draft(registrar)
        make.complete(ngo, registrar=registrar, reviewer=reviewer)
        values: dict[str, Any] = {"state": state, "claimed_number": "1399/12", "claimed_since": TODAY}
        if state in {"under_review", "returned", "rejected"} | ONCE_MEMBER:
            values["reviewer"] = reviewer
        if state in ONCE_MEMBER:
            values |= {"membership_number": f"1400/{ngo.pk}", "member_since": TODAY.replace(year=2024)}
        del values["state"]
        if state not in ONCE_MEMBER:
            return put(MEMBERSHIP, ngo, state, **values)
        return with_period(put(MEMBERSHIP, ngo, "member", since=BEGUN, **values), state, values)

    return make_one


def with_period(member: Ngo, state: str, values: dict[str, Any]) -> Ngo:
    """A member since long ago, or one whose membership ended last month."""
    running = MembershipPeriod.objects.create(ngo=member, period=period(BEGUN.date()), created_at=BEGUN)
    if state == "member":
        return member
    if state == "suspended":
        values = values | {"suspension_kind": "disciplinary"}
    ngo = put(MEMBERSHIP, member, state, since=OVER, **values)
    running.period, running.ended_by, running.ended_at = period(BEGUN.date(), OVER.date()), "ended", OVER
    running.save()
    return ngo


def test_the_table_is_the_design() -> None:
    assert_as_written(MEMBERSHIP, DESIGN)


@pytest.mark.parametrize(("state", "name"), cells(MEMBERSHIP, DESIGN, alone=("send_back",)))
def test_every_role_in_every_cell(name: Names, state: str, in_state: Any, reviewer: User) -> None:
    people = {role: make_user(role, scope_id=6) for role in Role.values}
    if name == "send_back":  # whom nothing else than the role stands against
        people[Role.HQ_EXPERT] = reviewer

    def record(wanted: str) -> Ngo:
        ngo = in_state(wanted)
        represent(ngo, people[Role.NGO_USER])
        data = normalised(make.ngo_data(national_id=ngo.national_id, name="نامی دیگر"))
        asked["change_by_register"] = {"data": data}
        asked["change"] = {"data": data, "version": ngo.version}
        return ngo

    asked = dict(ASKED)
    try_cell(MEMBERSHIP, DESIGN, state, name, Trial(record, people, lambda row: NOW, asked))


def test_the_system_takes_no_step_of_a_person(in_state: Any) -> None:
    for name in STEPS:
        row = DESIGN[name]
        with pytest.raises(NotPermitted):
            MEMBERSHIP.apply(in_state(min(row.sources)), name, actor=None, at=NOW, **ASKED.get(name, {}))


@pytest.mark.parametrize("name", STEPS)
def test_an_ngo_moves_no_other_ngo(name: str, in_state: Any, sign_in: SignIn) -> None:
    ngo = in_state(min(DESIGN[name].sources))
    stranger = make_user(Role.NGO_USER)
    represent(make.draft(make_user(Role.HQ_EXPERT)), stranger)
    with pytest.raises(NotPermitted):
        MEMBERSHIP.apply(ngo, name, actor=stranger, at=NOW, **ASKED.get(name, {}))
    client = sign_in(stranger)
    assert client.post(f"/ngos/{ngo.pk}/do/{name}/", ASKED.get(name, {})).status_code == 404
    assert client.get(f"/ngos/{ngo.pk}/do/{name}/").status_code == 404


def test_a_hold_stops_every_step_but_the_end(in_state: Any, manager: User, sign_in: SignIn) -> None:
    ngo = in_state("member")
    place_hold(ngo, reason="رسیدگی به شکایت", source="test", actor=None, at=NOW)
    with pytest.raises(Refusal, match="رسیدگی به شکایت"):
        MEMBERSHIP.apply(ngo, "suspend", actor=manager, at=NOW, note="دلیل")
    page = text_of(sign_in(manager).get(f"/ngos/{ngo.pk}/"))
    assert "این پرونده متوقف است" in page
    assert MEMBERSHIP.apply(ngo, "end", actor=manager, at=NOW, note="دلیل").state == "ended"


def test_buttons_are_what_the_table_allows(in_state: Any, manager: User, sign_in: SignIn) -> None:
    """A step of other roles is not drawn; the own role's is a link, or greyed with its sentence."""
    ngo = in_state("under_review")
    page = text_of(sign_in(manager).get(f"/ngos/{ngo.pk}/"))
    assert f'href="/ngos/{ngo.pk}/do/approve/"' in page
    assert "بازگرداندن برای اصلاح" not in page
    other = make_user(Role.HQ_EXPERT)
    page = text_of(sign_in(other).get(f"/ngos/{ngo.pk}/"))
    assert "بررسی این درخواست با کارشناس دیگری است" in page
    assert f"/ngos/{ngo.pk}/do/send_back/" not in page
