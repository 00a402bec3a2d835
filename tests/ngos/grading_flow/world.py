"""The people, members and frameworks of the grading tests, and the steps of one assessment."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import count
from typing import Any

from ngos.enums import MembershipState
from ngos.grading import FrameworkSpec
from ngos.models import Assessment, Framework, MembershipPeriod, Ngo, NgoAccount
from ngos.operations import assessing, frameworks
from ngos.operations.derived import derive
from ngos.operations.moderating import Decision, moderate_indicators
from ngos.operations.sheets import ScoreData
from ngos.workflow import ASSESSMENT, FRAMEWORK, MEMBERSHIP
from staff_portal.kernel.base.periods import period
from staff_portal.kernel.base.roles import ROLE_SCOPE, Role
from staff_portal.kernel.models import User
from tests.factories import people
from tests.factories.people import NOW, TODAY
from tests.ngos.grading_builder import EXAMPLES, LEVELS, PLAIN_LEVELS, build
from tests.support.states import put

_NUMBERS = count(1)


def make_user(username: str, *roles: str, scope_id: int = 6, **fields: Any) -> User:
    """A person with these confirmed roles, in force for years; district roles for one district."""
    user = people.make_user(None, username=username, **fields)
    for role in roles:
        people.add_role(user, role, scope_id=scope_id if ROLE_SCOPE.get(role) else 0)
    return user


def make_ngo(name: str = "انجمن یاوران طلوع", state: str = MembershipState.MEMBER, **fields: Any) -> Ngo:
    """An NGO of the register, a member unless said otherwise."""
    number = next(_NUMBERS)
    defaults: dict[str, Any] = {
        "national_id": f"{14000000000 + number}",
        "state_since": NOW - timedelta(days=400),
        "registered_at": NOW - timedelta(days=500),
        "district_id": 6,
    }
    put_in: dict[str, Any] = {}
    if state in (MembershipState.MEMBER, MembershipState.SUSPENDED):
        put_in |= {"membership_number": f"1404/{number:04d}", "member_since": TODAY - timedelta(days=400)}
    if state == MembershipState.SUSPENDED:
        put_in["suspension_kind"] = "disciplinary"
    ngo = Ngo(name=name, **(defaults | fields))
    derive(ngo)
    ngo.save(force_insert=True)
    ngo = put(MEMBERSHIP, ngo, state, **put_in)
    if state == MembershipState.MEMBER:
        MembershipPeriod.objects.create(ngo=ngo, period=period(ngo.member_since), created_at=NOW)
    return ngo


def represent(user: User, ngo: Ngo) -> NgoAccount:
    return NgoAccount.objects.create(
        ngo=ngo, user=user, period=period(date(2025, 1, 1)), letter_reference="۱", created_at=NOW
    )


def example(
    letter: str, gates: frozenset[str] = frozenset()
) -> tuple[FrameworkSpec, dict[str, Decimal | None]]:
    """One of the worked examples of the design as a framework and the values that count."""
    dimensions = EXAMPLES[letter][0]
    levels = LEVELS if "finance" in dimensions else PLAIN_LEVELS
    return build(dimensions, gates, levels)


def publish(spec: FrameworkSpec, *, expert: User, manager: User, at: datetime = NOW) -> Framework:
    """A framework as a draft, then published."""
    draft = frameworks.create_framework(actor=expert, at=at, title="چارچوب آزمون", spec=spec)
    return FRAMEWORK.apply(draft, "publish", actor=manager, at=at)


class World:
    """Two experts, two managers, four assessors, one NGO with its user."""

    def __init__(self, letter: str = "A", gates: frozenset[str] = frozenset()) -> None:
        self.expert = make_user("expert", Role.HQ_EXPERT)
        self.expert2 = make_user("expert2", Role.HQ_EXPERT)
        self.manager = make_user("manager", Role.HQ_MANAGER)
        self.first, self.second, self.third = (
            make_user(f"assessor{number}", Role.HQ_ASSESSOR) for number in (1, 2, 3)
        )
        self.auditor = make_user("auditor", Role.AUDITOR)
        self.ngo_user = make_user("ngo.user", Role.NGO_USER)
        self.ngo = make_ngo()
        represent(self.ngo_user, self.ngo)
        self.spec, self.values = example(letter, gates)
        self.framework = publish(self.spec, expert=self.expert, manager=self.manager)

    def plan(self, at: datetime = NOW, ngo: Ngo | None = None) -> Assessment:
        return assessing.plan_assessment(
            actor=self.expert, at=at, ngo=ngo or self.ngo, assessors=[self.first, self.second]
        )

    def started(self, at: datetime = NOW, ngo: Ngo | None = None) -> Assessment:
        return ASSESSMENT.apply(self.plan(at, ngo), "start", actor=self.expert, at=at)

    def keys(self) -> dict[str, int]:
        """Indicator ids by code."""
        rows = self.framework.dimensions.values_list("indicators__code", "indicators__pk")
        return dict(rows)

    def give(self, assessment: Assessment, user: User, values: dict[str, Any], at: datetime = NOW) -> None:
        """Save one assessor's values."""
        keys = self.keys()
        rows = [
            ScoreData(keys[code], None if value is None else int(value), value is None)
            for code, value in values.items()
        ]
        assessing.save_scores(assessment, actor=user, at=at, scores=rows)

    def submit(
        self, assessment: Assessment, user: User, values: dict[str, Any], at: datetime = NOW
    ) -> Assessment:
        self.give(assessment, user, values, at)
        return ASSESSMENT.apply(assessment, "submit_scores", actor=user, at=at)

    def halves(self) -> tuple[dict[str, Any], dict[str, Any]]:
        """Two sheets whose mean is ``self.values``: 3.5 from 3 and 4."""
        down = {code: None if v is None else int(v) for code, v in self.values.items()}
        up = {code: None if v is None else int(v + Decimal("0.5")) for code, v in self.values.items()}
        return down, up

    def scored(self, at: datetime = NOW, ngo: Ngo | None = None) -> Assessment:
        """Both sheets in, without a difference to moderate."""
        assessment = self.started(at, ngo)
        first, second = self.halves()
        self.submit(assessment, self.first, first, at)
        return self.submit(assessment, self.second, second, at)

    def differing(self, code: str, one: int | None, two: int | None, at: datetime = NOW) -> Assessment:
        """Both sheets in, with one indicator that goes to moderation."""
        assessment = self.started(at)
        first, second = self.halves()
        self.submit(assessment, self.first, {**first, code: one}, at)
        return self.submit(assessment, self.second, {**second, code: two}, at)

    def moderate(
        self, assessment: Assessment, code: str, value: str | None, *, by: User | None = None
    ) -> None:
        decision = Decision(self.keys()[code], None if value is None else Decimal(value), "مدرک دیده شد.")
        moderate_indicators(assessment, actor=by or self.expert, at=NOW, decisions=[decision])

    def confirmed(self, at: datetime = NOW, ngo: Ngo | None = None) -> Assessment:
        return ASSESSMENT.apply(self.scored(at, ngo), "confirm", actor=self.manager, at=at)


def assessment_in(world: World, state: str) -> Assessment:
    """The assessment at its place of the path, reached by the steps themselves where there are any."""
    if state in ("planned", "self_assessment"):
        planned = world.plan()
        if state == "self_assessment":
            planned = ASSESSMENT.apply(planned, "ask_self", actor=world.expert, at=NOW)
        return planned
    if state == "scoring":
        assessment = world.started()
        world.give(assessment, world.first, world.halves()[0])
        return assessment
    if state == "moderation":
        assessment = world.differing("g1", 1, 4)
        world.moderate(assessment, "g1", "3", by=world.expert2)
        return assessment
    if state == "cancelled":
        return ASSESSMENT.apply(world.plan(), "cancel", actor=world.manager, at=NOW, note="لغو")
    if state == "confirmed":
        return world.confirmed()
    return world.scored()
