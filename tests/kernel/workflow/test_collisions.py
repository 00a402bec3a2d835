"""Colliding steps have exactly one winner, and a refusal survives the rollback (PostgreSQL, real commits)."""

import pytest

from ngos.models import Ngo
from ngos.workflow import MEMBERSHIP
from staff_portal.kernel.base.refusals import Refusal, TransitionRefused
from staff_portal.kernel.base.roles import Role
from staff_portal.kernel.models import AuditEntry, IssuedNumber, Letter, User
from tests.factories.ngos import draft, under_review
from tests.factories.people import NOW, make_user


def test_four_colliding_approvals_have_one_winner(committed_db):
    expert, reviewer = make_user(Role.HQ_EXPERT), make_user(Role.HQ_EXPERT)
    managers = [make_user(Role.HQ_MANAGER) for _ in range(4)]
    ngo = under_review(expert, reviewer)

    def approve(pk: int):
        def call():
            return MEMBERSHIP.apply(
                Ngo.objects.get(pk=ngo.pk), "approve", actor=User.objects.get(pk=pk), at=NOW
            )

        return call

    results = committed_db.together([approve(user.pk) for user in managers])
    winners = [result for result in results if not isinstance(result, Exception)]
    losers = [result for result in results if isinstance(result, Exception)]
    assert len(winners) == 1
    assert all(isinstance(loser, TransitionRefused) for loser in losers)
    ngo.refresh_from_db()
    assert ngo.membership_number == "1405/0001"
    assert Letter.objects.count() == 1
    assert sorted(IssuedNumber.objects.values_list("text", flat=True)) == ["1405/0001", "1405/گ/1"]
    assert ngo.membership_periods.count() == 1
    assert AuditEntry.objects.filter(event="kernel.refused").count() == 3


def test_a_refusal_is_kept_although_its_transaction_was_rolled_back(committed_db):
    expert = make_user(Role.HQ_EXPERT)
    ngo = draft(expert)
    with pytest.raises(Refusal):
        MEMBERSHIP.apply(ngo, "take_up", actor=expert, at=NOW)
    with committed_db.app_cursor() as cursor:
        cursor.execute("SELECT note FROM kernel_auditentry WHERE event = 'kernel.refused'")
        assert cursor.fetchall() == [("آغاز بررسی",)]
