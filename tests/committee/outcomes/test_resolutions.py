"""C8: a carried motion becomes a numbered resolution, announced by a letter that both sides sign."""

from datetime import timedelta

import pytest
from django.db import IntegrityError
from django.urls import reverse

from committee.enums import Choice, ResolutionState
from committee.models import Resolution
from committee.operations import resolutions
from committee.workflow.motions import MOTION
from committee.workflow.resolutions import RESOLUTION
from staff_portal.kernel.base import constraints
from staff_portal.kernel.base.refusals import NotPermitted, Refusal, TransitionRefused
from staff_portal.kernel.base.roles import Role
from staff_portal.kernel.letters.issuing import ensure_rendered
from staff_portal.kernel.models import AuditEntry, IssuedNumber, Letter
from staff_portal.kernel.people import access
from staff_portal.kernel.workflow import sweeps
from tests.committee.outcomes.world import NOW, TEXT, World, step
from tests.factories.people import delegate, make_user


def test_a_carried_motion_becomes_a_numbered_resolution_with_the_same_text(world: World) -> None:
    made = world.resolution()
    assert made.number.text == "1405/م/1"
    assert (made.title, made.text, made.text_hash) == (made.motion.title, TEXT, made.motion.text_hash)
    assert (made.state, made.adopted_on) == (ResolutionState.AWAITING, NOW.date())
    entry = AuditEntry.objects.get(event="resolution.adopted")
    assert (entry.root_type, entry.root_id) == ("committee.resolution", made.pk)


def test_numbers_have_no_gap_when_one_is_refused(world: World) -> None:
    world.resolution()
    lost = world.lost(title="دیگر")
    with pytest.raises(Refusal, match="تصویب‌شده"):
        resolutions.adopt(lost, step=step(world.committee.secretary))
    assert world.resolution(title="سوم").number.text == "1405/م/2"


@pytest.mark.parametrize("change", ["title", "text", "text_hash"])
def test_the_database_refuses_another_text_and_a_motion_that_is_not_carried(
    world: World, change: str
) -> None:
    motion = world.lost() if change == "text_hash" else world.carried()
    before = Resolution.objects.count()
    values = {"title": motion.title, "text": motion.text, "text_hash": motion.text_hash} | {change: "0" * 8}
    with pytest.raises(IntegrityError) as refused:
        _store(motion, values)
    assert constraints.constraint_name(refused.value) == "c8_carried_only"
    assert Resolution.objects.count() == before


def _store(motion: object, values: dict[str, str]) -> Resolution:
    from django.db import transaction

    from staff_portal.kernel.letters.numbering import issue_number

    with transaction.atomic():
        number = issue_number(kind="م", on=NOW.date(), at=NOW)
        return Resolution.objects.create(
            motion=motion, number=number, adopted_on=NOW.date(), state_since=NOW, **values
        )


def test_a_lost_motion_cannot_be_stored_as_a_resolution(world: World) -> None:
    lost = world.lost()
    with pytest.raises(IntegrityError) as refused:
        _store(lost, {"title": lost.title, "text": lost.text, "text_hash": lost.text_hash})
    assert constraints.constraint_name(refused.value) == "c8_carried_only"
    assert not IssuedNumber.objects.filter(series__kind="م").exists()


def test_two_signatures_announce_it_in_one_transaction_with_the_letter(world: World) -> None:
    made = world.resolution()
    people = world.committee
    once = RESOLUTION.apply(made, "sign", actor=people.deputy_manager, at=NOW)
    assert (once.state, once.letter_id) == (ResolutionState.AWAITING, None)
    assert once.deputy_signature["name"] == people.deputy_manager.full_name
    done = RESOLUTION.apply(made, "sign", actor=people.hq_manager, at=NOW + timedelta(hours=1))
    assert done.state == ResolutionState.ANNOUNCED
    letter = done.letter
    assert letter.number.text == "1405/ب/1"
    assert (letter.kind, letter.template) == ("announcement", "announcement")
    assert (letter.root_type, letter.root_id) == ("committee.resolution", done.pk)
    assert letter.public_facts == [
        ["شماره مصوبه", "۱۴۰۵/م/۱"],
        ["عنوان", done.title],
        ["تاریخ تصویب", "۳ آذر ۱۴۰۵"],
    ]
    sides = [side["signature"]["name"] for side in letter.content["sides"]]
    assert sides == [people.hq_manager.full_name, people.deputy_manager.full_name]
    assert list(letter.content["paragraphs"]) == [TEXT]
    assert "جلسه شماره ۱" in letter.content["opening"]
    assert AuditEntry.objects.filter(event="resolution.announced").count() == 1
    assert ensure_rendered(letter, at=NOW).sha256


def test_a_circulation_that_the_system_closes_is_adopted_and_the_letter_says_how(world: World) -> None:
    people = world.committee
    motion = MOTION.apply(world.motion(), "circulate", actor=people.secretary, at=NOW, days=5)
    for code in ("hq1", "hq2", "deputy1"):
        person = people.seatings[code].person
        MOTION.apply(motion, "cast", actor=person, at=NOW, choice=Choice.FOR)
    later = NOW + timedelta(days=20)
    assert sweeps.run(later, MOTION) == 1
    made = Resolution.objects.get(motion=motion)
    assert AuditEntry.objects.get(event="resolution.adopted").actor is None
    world.addressed(made, at=later)
    for head in (people.hq_manager, people.deputy_manager):
        made = RESOLUTION.apply(made, "sign", actor=head, at=later)
    assert "با رأی‌گیری مکاتبه‌ای" in made.letter.content["opening"]


def test_one_person_does_not_sign_for_both_sides(world: World) -> None:
    made, people = world.resolution(), world.committee
    delegate(people.deputy_manager, people.hq_manager, Role.DEPUTY_MANAGER)
    RESOLUTION.apply(made, "sign", actor=people.hq_manager, at=NOW)
    with pytest.raises(NotPermitted, match="پیش از این"):
        RESOLUTION.apply(made, "sign", actor=people.hq_manager, at=NOW)
    made.refresh_from_db()
    assert (made.deputy_signed_by, made.letter) == (None, None)
    with pytest.raises(IntegrityError) as refused:
        _raw(made, deputy_signed_by=people.hq_manager)
    assert constraints.constraint_name(refused.value) == "c8_two_persons"


def _raw(made: Resolution, **changes: object) -> None:
    from django.db import transaction

    with transaction.atomic():
        Resolution.objects.filter(pk=made.pk).update(**changes)


def test_a_delegate_signs_on_behalf_and_the_letter_says_so(world: World) -> None:
    made, people = world.resolution(), world.committee
    deputy_of = make_user(None, side="deputy", first_name="زهرا", post="مدیرکل حوزه")
    delegate(people.deputy_manager, deputy_of, Role.DEPUTY_MANAGER)
    RESOLUTION.apply(made, "sign", actor=people.hq_manager, at=NOW)
    done = RESOLUTION.apply(made, "sign", actor=deputy_of, at=NOW)
    signature = done.letter.content["sides"][1]["signature"]
    assert signature["name"] == deputy_of.full_name
    assert signature["on_behalf_of"].startswith(people.deputy_manager.full_name)
    entry = AuditEntry.objects.filter(event="resolution.signed").order_by("-id").first()
    assert entry.on_behalf_of == people.deputy_manager


def test_a_delegate_without_this_power_does_not_sign(world: World) -> None:
    made, people = world.resolution(), world.committee
    other = make_user(None, side="hq")
    delegate(people.hq_manager, other, Role.HQ_MANAGER, powers=["committee.appoint"])
    with pytest.raises(NotPermitted):
        RESOLUTION.apply(made, "sign", actor=other, at=NOW)


def test_a_side_signs_once_and_nothing_is_signed_after_the_announcement(world: World) -> None:
    made, people = world.resolution(), world.committee
    second_head = make_user(Role.HQ_MANAGER)
    RESOLUTION.apply(made, "sign", actor=people.hq_manager, at=NOW)
    with pytest.raises(NotPermitted, match="پیش از این"):
        RESOLUTION.apply(made, "sign", actor=second_head, at=NOW)
    done = RESOLUTION.apply(made, "sign", actor=people.deputy_manager, at=NOW)
    with pytest.raises(Refusal):
        RESOLUTION.apply(done, "sign", actor=people.deputy_manager, at=NOW)
    assert Letter.objects.filter(kind="announcement").count() == 1


@pytest.mark.parametrize(
    ("changes", "name"),
    [
        ({"title": "دیگر"}, "c8_resolution_kept"),
        ({"text": "دیگر"}, "c8_resolution_kept"),
        ({"text_hash": "0"}, "c8_resolution_kept"),
        ({"adopted_on": NOW.date() - timedelta(days=1)}, "c8_resolution_kept"),
        ({"state": "awaiting"}, "c8_resolution_kept"),
        ({"letter": None}, "c8_resolution_kept"),
        ({"hq_signed_by": None}, "c8_resolution_kept"),
        ({"hq_signature": {"name": "دیگری"}}, "c8_resolution_kept"),
        ({"deputy_signed_at": NOW + timedelta(days=1)}, "c8_resolution_kept"),
    ],
)
def test_an_announced_resolution_does_not_change_in_the_database(
    world: World, changes: dict[str, object], name: str
) -> None:
    done = world.announced()
    with pytest.raises(IntegrityError) as refused:
        _raw(done, **changes)
    assert constraints.constraint_name(refused.value) == name
    assert constraints.sentence_for(refused.value) != constraints.FALLBACK


def test_it_is_not_announced_with_one_signature_nor_with_another_letter(world: World) -> None:
    made, people = world.resolution(), world.committee
    RESOLUTION.apply(made, "sign", actor=people.hq_manager, at=NOW)
    with pytest.raises(IntegrityError) as refused:
        _raw(made, state="announced")
    assert constraints.constraint_name(refused.value) == "c8_announced_by_both"
    other = world.announced(title="دیگر").letter
    with pytest.raises(IntegrityError) as refused:
        _raw(made, state="announced", letter=other, deputy_signed_by=people.deputy_manager)
    assert constraints.constraint_name(refused.value) == "c8_announced_by_both"


def test_a_resolution_is_not_deleted(world: World, raw_sql: object) -> None:
    made = world.announced()
    with pytest.raises(IntegrityError) as refused:
        raw_sql("DELETE FROM committee_resolution WHERE id = %s", [made.pk])
    assert constraints.constraint_name(refused.value) == "c8_resolution_kept"
    assert Resolution.objects.count() == 1


def test_only_the_two_heads_sign_by_the_page(world: World, client: object) -> None:
    made, people = world.resolution(), world.committee
    url = reverse("committee:resolution_do", args=[made.pk, "sign"])
    for person in (people.secretary, people.hq1, people.hq_expert, people.auditor):
        client.force_login(person)
        assert client.post(url).status_code == 403
    client.force_login(people.hq_manager)
    assert made.text in client.get(url).content.decode()  # what is signed stands on the page
    assert client.post(url).status_code == 302
    assert client.post(url).status_code == 403
    client.force_login(people.deputy_manager)
    assert client.post(url).status_code == 302
    made.refresh_from_db()
    assert made.state == ResolutionState.ANNOUNCED
    assert client.post(url).status_code in (403, 409, 302)
    assert Letter.objects.filter(kind="announcement").count() == 1


def test_the_page_shows_who_is_still_missing_and_then_the_letter(world: World, client: object) -> None:
    made, people = world.resolution(), world.committee
    client.force_login(people.secretary)
    page = client.get(made.get_absolute_url()).content.decode()
    assert page.count("در انتظار امضا") == 2
    RESOLUTION.apply(made, "sign", actor=people.hq_manager, at=NOW)
    page = client.get(made.get_absolute_url()).content.decode()
    assert page.count("در انتظار امضا") == 1
    assert people.hq_manager.full_name in page
    RESOLUTION.apply(made, "sign", actor=people.deputy_manager, at=NOW)
    page = client.get(made.get_absolute_url()).content.decode()
    assert "در انتظار امضا" not in page
    assert "۱۴۰۵/ب/۱" in page
    assert "۳ موافق، ۱ مخالف، ۰ ممتنع" in page


def test_announced_ones_are_read_by_every_role_but_the_administrator(world: World, client: object) -> None:
    waiting, done = world.resolution(), world.announced(title="ابلاغ‌شده")
    for role in (Role.UNIT_EXPERT, Role.NGO_USER, Role.HQ_ASSESSOR, Role.REGION_OFFICER):
        client.force_login(make_user(role))
        assert client.get(waiting.get_absolute_url()).status_code == 404
        assert client.get(done.get_absolute_url()).status_code == 200
        listed = client.get(reverse("committee:resolution_list")).content.decode()
        assert done.title in listed and waiting.title not in listed
    client.force_login(make_user(Role.ADMIN))
    assert client.get(reverse("committee:resolution_list")).status_code == 403
    assert client.get(done.get_absolute_url()).status_code == 403


def test_whoever_was_given_its_work_sees_it_before_the_announcement(world: World, client: object) -> None:
    from committee import rules

    made = world.resolution()
    owner = make_user(Role.UNIT_EXPERT)
    world.action(made, owner=owner)
    client.force_login(owner)
    assert client.get(made.get_absolute_url()).status_code == 200
    on = access.local_date(NOW)
    assert rules.can_view_resolution(owner, made, on)
    assert Resolution.objects.filter(rules.resolutions_visible_to(owner, on)).count() == 1


def test_a_greyed_button_is_not_shown_to_those_who_never_sign(world: World) -> None:
    made = world.resolution()
    own = RESOLUTION.options(made, world.committee.secretary, NOW)
    assert [option.name for option in own] == ["address"]
    options = RESOLUTION.options(made, world.committee.hq_manager, NOW)
    assert [(option.name, option.allowed) for option in options] == [("sign", True)]


def test_a_hold_stops_the_signature(world: World) -> None:
    from staff_portal.kernel.workflow.holds import place_hold

    made = world.resolution()
    place_hold(made, reason="بررسی حقوقی", actor=None, at=NOW)
    with pytest.raises(TransitionRefused, match="بررسی حقوقی"):
        RESOLUTION.apply(made, "sign", actor=world.committee.hq_manager, at=NOW)
