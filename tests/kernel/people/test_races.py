"""The same thing done by several people at one moment is done once."""

from staff_portal.kernel.base.refusals import Refusal
from staff_portal.kernel.base.roles import Role
from staff_portal.kernel.models import AuditEntry, District, Hold, Referral, RoleAssignment, User
from staff_portal.kernel.operations import referrals, roles
from staff_portal.kernel.trail import file_kinds
from staff_portal.kernel.workflow import holds
from tests.kernel.people.conftest import AT, ON, give_role
from tests.support.committed import CommittedDatabase


def person(name: str, side: str, *held: str) -> User:
    user = User.objects.create_user(name, first_name="مریم", last_name=name, side=side, created_at=AT)
    for role in held:
        give_role(user, role)
    return user


def test_two_managers_confirm_a_role_once(committed_db: CommittedDatabase) -> None:
    admin, managers = (
        person("a", "admin", Role.ADMIN),
        [person(f"m{n}", "hq", Role.HQ_MANAGER) for n in range(4)],
    )
    row = roles.grant_role(person("p", "hq"), Role.HQ_EXPERT, start_on=ON, actor=admin, at=AT)
    outcomes = committed_db.together(
        [lambda manager=manager: roles.confirm_role(row, actor=manager, at=AT) for manager in managers]
    )
    assert sum(isinstance(outcome, RoleAssignment) for outcome in outcomes) == 1
    assert sum(isinstance(outcome, Refusal) for outcome in outcomes) == 3
    assert AuditEntry.objects.filter(event="role.confirmed").count() == 1


def test_the_same_role_granted_twice_at_once_stands_once(committed_db: CommittedDatabase) -> None:
    admin, auditor = person("a", "admin", Role.ADMIN), person("p", "oversight")

    def grant() -> RoleAssignment:
        return roles.grant_role(auditor, Role.AUDITOR, start_on=ON, actor=admin, at=AT)

    outcomes = committed_db.together([grant, grant])
    assert sum(isinstance(outcome, RoleAssignment) for outcome in outcomes) == 1
    (refusal,) = [outcome for outcome in outcomes if isinstance(outcome, Refusal)]
    assert "در همین دوره" in refusal.sentence


def test_a_form_sent_twice_refers_once_and_holds_once(committed_db: CommittedDatabase) -> None:
    file_kinds.ROOTS["kernel.district"] = file_kinds.Root(
        District, lambda user, on: District.objects.all(), lambda obj: f"/secretariats/{obj.pk}/"
    )
    try:
        file = District.objects.get(pk=6)
        by, to = person("b", "hq", Role.HQ_EXPERT), person("t", "hq", Role.HQ_EXPERT)

        def refer() -> Referral:
            return referrals.refer_file(file, to_user=to, note="ببینید", due_on=None, actor=by, at=AT)

        outcomes = committed_db.together([refer] * 4)
        assert sum(isinstance(outcome, Referral) for outcome in outcomes) == 1
        assert Referral.objects.count() == 1

        def hold() -> Hold:
            return holds.place_hold(file, reason="تعلیق", source="suspension", actor=by, at=AT)

        assert {outcome.pk for outcome in committed_db.together([hold] * 4)} == {Hold.objects.get().pk}
        assert AuditEntry.objects.filter(event="hold.placed").count() == 1
    finally:
        del file_kinds.ROOTS["kernel.district"]
