"""One step of a workflow: permission, state, holds, note, effect, audit and refusal (K4, K6, house rule 4)."""

import pytest

from ngos.enums import MembershipState
from ngos.models import Ngo
from ngos.workflow import MEMBERSHIP
from staff_portal.kernel.base.refusals import NotPermitted, TransitionRefused
from staff_portal.kernel.base.roles import Role
from staff_portal.kernel.models import AuditEntry, OutboxMessage
from staff_portal.kernel.workflow.holds import lift_hold, place_hold
from tests.factories.ngos import draft, under_review
from tests.factories.people import NOW, add_role, delegate, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def expert():
    return make_user(Role.HQ_EXPERT)


@pytest.fixture
def second_expert():
    return make_user(Role.HQ_EXPERT)


@pytest.fixture
def manager():
    return make_user(Role.HQ_MANAGER)


def last_entry(event: str) -> AuditEntry:
    return AuditEntry.objects.filter(event=event).latest("id")


def test_a_step_changes_the_state_and_leaves_one_entry_with_role_and_outbox(expert):
    ngo = draft(expert)
    MEMBERSHIP.apply(ngo, "submit", actor=expert, at=NOW)
    ngo.refresh_from_db()
    entry = last_entry("membership.submitted")
    assert ngo.state == MembershipState.SUBMITTED
    assert ngo.state_since == NOW
    assert (entry.actor, entry.role, entry.at) == (expert, "hq_expert", NOW)
    assert entry.before["state"] == "draft"
    assert entry.after["state"] == "submitted"
    assert OutboxMessage.objects.filter(entry=entry).count() == 1


def test_a_person_without_the_role_is_refused_and_nothing_changes(expert, manager):
    ngo = draft(expert)
    with pytest.raises(NotPermitted) as refusal:
        MEMBERSHIP.apply(ngo, "submit", actor=manager, at=NOW)
    ngo.refresh_from_db()
    assert ngo.state == MembershipState.DRAFT
    assert "کارشناس ستاد سمن‌ها" in refusal.value.sentence


def test_a_refused_attempt_is_recorded_for_the_auditor(expert, manager):
    ngo = draft(expert)
    with pytest.raises(NotPermitted):
        MEMBERSHIP.apply(ngo, "submit", actor=manager, at=NOW)
    entry = last_entry("kernel.refused")
    assert entry.actor == manager
    assert entry.after["transition"] == "submit"
    assert entry.root_id == ngo.pk
    assert not AuditEntry.objects.filter(event="membership.submitted").exists()


def test_a_step_from_another_state_says_which_state_it_is(expert):
    ngo = draft(expert)
    with pytest.raises(TransitionRefused, match="پیش‌نویس"):
        MEMBERSHIP.apply(ngo, "take_up", actor=make_user(Role.HQ_EXPERT), at=NOW)


def test_every_missing_thing_is_its_own_sentence(expert):
    ngo = draft(expert, legal_kind="", phone="", mobile="")
    with pytest.raises(TransitionRefused) as refusal:
        MEMBERSHIP.apply(ngo, "submit", actor=expert, at=NOW)
    assert len(refusal.value.sentences) == 2


def test_the_note_is_wanted_where_the_row_says_so(expert, second_expert):
    ngo = under_review(expert, second_expert)
    with pytest.raises(TransitionRefused, match="چه چیز باید اصلاح شود"):
        MEMBERSHIP.apply(ngo, "send_back", actor=second_expert, at=NOW, note="  ", missing=["اساسنامه"])
    with pytest.raises(TransitionRefused, match="کمبودها"):
        MEMBERSHIP.apply(ngo, "send_back", actor=second_expert, at=NOW, note="مدرک")


def test_four_eyes_count_persons_not_roles(expert, second_expert, manager):
    ngo = under_review(expert, second_expert)
    add_role(second_expert, Role.HQ_MANAGER)
    with pytest.raises(NotPermitted, match="خود شما بررسی کرده‌اید"):
        MEMBERSHIP.apply(ngo, "approve", actor=second_expert, at=NOW)
    delegate(manager, expert, Role.HQ_MANAGER)
    with pytest.raises(NotPermitted, match="خود شما ثبت کرده‌اید"):
        MEMBERSHIP.apply(ngo, "approve", actor=expert, at=NOW)


def test_a_delegate_acts_for_the_manager_and_the_entry_says_so(expert, second_expert, manager):
    ngo = under_review(expert, second_expert)
    stand_in = make_user(Role.HQ_EXPERT, post="کارشناس مسئول")
    delegate(manager, stand_in, Role.HQ_MANAGER, powers=["membership.approve"])
    MEMBERSHIP.apply(ngo, "approve", actor=stand_in, at=NOW)
    entry = last_entry("membership.approved")
    assert (entry.actor, entry.role, entry.on_behalf_of) == (stand_in, "hq_manager", manager)


def test_a_power_that_was_not_handed_over_is_not_held(expert, second_expert, manager):
    ngo = under_review(expert, second_expert)
    stand_in = make_user(Role.HQ_EXPERT)
    delegate(manager, stand_in, Role.HQ_MANAGER, powers=["membership.reject"])
    with pytest.raises(NotPermitted):
        MEMBERSHIP.apply(ngo, "approve", actor=stand_in, at=NOW)


def test_a_hold_stops_every_step_but_those_that_ignore_holds(expert, second_expert, manager):
    ngo = under_review(expert, second_expert)
    hold = place_hold(ngo, reason="شکایت در حال رسیدگی", actor=None, at=NOW)
    with pytest.raises(TransitionRefused, match="شکایت در حال رسیدگی"):
        MEMBERSHIP.apply(ngo, "approve", actor=manager, at=NOW)
    lift_hold(hold, subject=ngo, actor=None, at=NOW)
    MEMBERSHIP.apply(ngo, "approve", actor=manager, at=NOW)
    place_hold(ngo, reason="شکایت دیگر", actor=None, at=NOW)
    MEMBERSHIP.apply(ngo, "end", actor=manager, at=NOW, note="به درخواست سمن")
    ngo.refresh_from_db()
    assert ngo.state == MembershipState.ENDED


def test_a_button_says_the_same_words_as_the_refusal(expert, second_expert, manager):
    ngo = draft(expert)
    MEMBERSHIP.apply(ngo, "submit", actor=expert, at=NOW)
    MEMBERSHIP.apply(ngo, "take_up", actor=second_expert, at=NOW)
    options = {option.name: option for option in MEMBERSHIP.options(Ngo.objects.get(pk=ngo.pk), manager, NOW)}
    with pytest.raises(TransitionRefused) as refusal:
        MEMBERSHIP.apply(ngo, "approve", actor=manager, at=NOW)
    assert not options["approve"].allowed
    assert list(options["approve"].reasons) == refusal.value.sentences
    assert options["reject"].allowed
    assert "send_back" not in options


def test_steps_of_other_roles_are_not_shown(expert):
    ngo = draft(expert)
    outsider = make_user(Role.UNIT_EXPERT, scope_id=1)
    assert MEMBERSHIP.options(ngo, outsider, NOW) == []


def test_an_unexpected_error_in_the_effect_leaves_nothing_behind(
    expert, second_expert, manager, settings, tmp_path
):
    from staff_portal.kernel.models import IssuedNumber

    ngo = under_review(expert, second_expert)
    numbers = IssuedNumber.objects.count()
    settings.SIGNING_KEY_FILE = tmp_path / "missing.pem"
    with pytest.raises(Exception, match=r"missing\.pem"):
        MEMBERSHIP.apply(ngo, "approve", actor=manager, at=NOW)
    ngo.refresh_from_db()
    assert (ngo.state, ngo.membership_number) == (MembershipState.UNDER_REVIEW, None)
    assert IssuedNumber.objects.count() == numbers
    assert not ngo.membership_periods.exists()
