"""Assessments of the demo: confirmed ones of every level, and open ones in every state."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from random import Random

from ngos.grading import SCALE_TOP
from ngos.models import Assessment, Framework, Indicator, Ngo
from ngos.operations import assessing, frameworks, moderating
from ngos.operations.sheets import ScoreData
from ngos.queries import merged_scores
from ngos.workflow import ASSESSMENT, FRAMEWORK
from staff_portal.demo.schedule import Story
from staff_portal.demo.stories import World
from staff_portal.kernel.models import User
from staff_portal.kernel.workflow.writing import whole


@dataclass(frozen=True)
class GradingPlan:
    """How far one assessment gets, when, and how good the NGO is (mean value 0–4)."""

    number: int
    ngo: Ngo
    until: str
    days_ago: int
    quality: float
    weak_finance: bool = False
    failed_gate: bool = False


def publish_default(world: World, days_ago: int) -> Framework:
    """The default framework, drafted by an expert and published by the manager."""
    draft = frameworks.create_framework(
        actor=world.people["hq.expert"], at=world.clock.at(days_ago + 5), title=frameworks.DEFAULT_TITLE
    )
    published: Framework = FRAMEWORK.apply(
        draft, "publish", actor=world.manager, at=world.clock.at(days_ago, 12)
    )
    return published


def assessment(world: World, plan: GradingPlan) -> Story:
    """One assessment from planning as far as ``plan.until`` says."""
    expert, moderator = world.people["hq.expert"], world.people["hq.expert2"]
    place = plan.number % 4
    assessors = [world.people[f"hq.assessor{place + 1}"], world.people[f"hq.assessor{(place + 1) % 4 + 1}"]]
    day = plan.days_ago
    yield world.clock.at(day, 9)
    item = assessing.plan_assessment(
        actor=expert, at=world.clock.at(day, 9), ngo=plan.ngo, assessors=assessors
    )
    if plan.until == "planned":
        return
    yield world.clock.at(max(day - 1, 0), 9)
    ASSESSMENT.apply(item, "start", actor=expert, at=world.clock.at(max(day - 1, 0), 9))
    if plan.until == "started":
        return
    truth = _truth(world.random, plan, item.framework)
    for number, assessor in enumerate(assessors):
        partial = plan.until == "scoring" and number == 1
        moment = world.clock.at(max(day - 4 - number, 0), 14)
        yield moment
        _score(world.random, item, assessor, truth, moment, partial=partial)
        if not partial:
            ASSESSMENT.apply(item, "submit_scores", actor=assessor, at=moment)
    item.refresh_from_db()
    if item.state == "moderation" and plan.until not in {"scoring", "moderation"}:
        moment = world.clock.at(max(day - 7, 0), 11)
        yield moment
        _moderate(item, moderator, moment)
        item.refresh_from_db()
    if plan.until == "confirmed":
        moment = world.clock.at(max(day - 9, 0), 10)
        yield moment
        ASSESSMENT.apply(item, "confirm", actor=world.manager, at=moment)


def _truth(random: Random, plan: GradingPlan, framework: Framework) -> dict[int, int]:
    """What an all-knowing assessor would score."""
    result = {}
    indicators = Indicator.objects.filter(dimension__framework=framework)
    for pk, dimension, is_gate in indicators.values_list("pk", "dimension__code", "is_gate"):
        mean = plan.quality - (1.8 if plan.weak_finance and dimension == "finance" else 0)
        value = max(0, min(SCALE_TOP, round(random.gauss(mean, 0.7))))
        if is_gate:
            value = 2 if plan.failed_gate else max(3, value)
        result[pk] = int(value)
    return result


def _score(
    random: Random, item: Assessment, assessor: User, truth: dict[int, int], at: datetime, *, partial: bool
) -> None:
    gates = set(Indicator.objects.filter(is_gate=True, pk__in=truth).values_list("pk", flat=True))
    rows = []
    for pk, value in truth.items():
        off = 0 if pk in gates else random.choice((0, 0, 0, 0, 0, 0, 1, -1, 2))
        rows.append(
            ScoreData(pk, max(0, min(4, value + off)), note="" if off < 2 else "بر پایه گفت‌وگو با هیئت‌مدیره.")
        )
    assessing.save_scores(item, actor=assessor, at=at, scores=rows[:31] if partial else rows)


def _moderate(item: Assessment, moderator: User, at: datetime) -> None:
    indicators = Indicator.objects.filter(dimension__framework_id=item.framework_id)
    keys = dict(indicators.values_list("code", "pk"))
    with whole(moderator, at):
        for difference in merged_scores(item).to_moderate:
            values = [value for value in (difference.first, difference.second) if value is not None]
            moderating.moderate_indicator(
                item,
                actor=moderator,
                at=at,
                indicator_id=keys[difference.indicator_code],
                value=Decimal(round(sum(values) / len(values))),
                reason="مدارک پیوست بازبینی شد و این مقدار با توصیف شاخص سازگارتر است.",
            )
        ASSESSMENT.apply(item, "moderate", actor=moderator, at=at)
