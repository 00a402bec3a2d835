"""The register of resolutions, what waits for whom, what people are told, and how many queries it costs."""

from datetime import timedelta
from io import BytesIO
from typing import Any

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook

from committee import rules
from committee.frame import outcomes
from committee.models import Minutes, Resolution
from committee.workflow.minutes import MINUTES
from committee.workflow.motions import MOTION
from committee.workflow.resolutions import RESOLUTION
from ngos.models import Ngo, NgoAccount
from staff_portal.kernel.base.periods import period
from staff_portal.kernel.base.roles import Role
from staff_portal.kernel.delivery import notices
from staff_portal.kernel.frame import contributions
from staff_portal.kernel.models import AuditEntry, SavedView, User
from staff_portal.kernel.people import access
from tests.committee import acts
from tests.committee.outcomes.world import NOW, TODAY, World
from tests.factories.people import make_user

KINDS = {"committee.resolution", "committee.action", "committee.minutes"}


def tasks(user: User, *, at: Any = NOW) -> list[contributions.Task]:
    return [task for task in contributions.inbox(user, at) if task.kind in KINDS]


def titles(user: User, *, at: Any = NOW) -> list[str]:
    return [task.title for task in tasks(user, at=at)]


def told(event: str) -> dict[int, str]:
    """Who hears what of the newest entry of an event."""
    entry = AuditEntry.objects.filter(event=event).order_by("-id").first()
    return {draft.recipient_id: draft.text for draft in notices.expand(entry)}


# --- the register ------------------------------------------------------------------------------------------


def test_search_chips_sort_and_excel(world: World, client: Any) -> None:
    first = world.announced(title="واگذاری فضاهای محله‌ای")
    second = world.resolution(title="برنامه آموزش داوطلبان", kind="programme")
    world.action(second, days=1)
    client.force_login(world.committee.hq1)
    url = reverse("committee:resolution_list")

    def page(query: str) -> str:
        return client.get(f"{url}?{query}").content.decode()

    both = page("")
    assert first.title in both and second.title in both
    assert first.title not in page("q=آموزش+داوطلب")
    assert second.title in page("q=داوطلبان+آموزش")
    assert first.title in page("q=۱۴۰۵/م/۱") and second.title not in page("q=۱۴۰۵/م/۱")
    assert second.title not in page("state=announced")
    assert second.title in page("kind=programme") and first.title not in page("kind=programme")
    assert first.title in page("year=1405")
    assert "مصوبه‌ای با این صافی‌ها نیست" in page("year=1404")
    assert "مصوبه‌ای با این صافی‌ها نیست" in page("only=late")
    for odd in ("state=nothing", "year=²", "year=x", "sort=nothing", "page=99", "kind=&only=y"):
        assert first.title in page(odd)
    newest = page("sort=-number")
    assert newest.index(second.title) < newest.index(first.title)
    book = load_workbook(BytesIO(client.get(f"{url}?format=xlsx&state=announced").content))
    rows = list(book.active.iter_rows(values_only=True))
    assert [row[0] for row in rows] == ["شماره", "۱۴۰۵/م/۱"]


def _many(world: World, count: int) -> None:
    """Resolutions by circulation."""
    for place in range(count):
        motion = world.motion(title=f"پیشنهاد {place}")
        MOTION.apply(motion, "circulate", actor=world.committee.secretary, at=NOW, days=5)
        for code in ("hq1", "hq2", "deputy1"):
            person = world.committee.seatings[code].person
            MOTION.apply(motion, "cast", actor=person, at=NOW, choice="for")
        MOTION.apply(motion, "close_vote", actor=world.committee.secretary, at=NOW + timedelta(days=30))


def test_the_register_costs_the_same_for_few_and_for_many(world: World, client: Any) -> None:
    resolution = world.resolution()
    world.action(resolution)
    client.force_login(world.committee.hq1)
    url = reverse("committee:resolution_list")

    def cost() -> int:
        client.get(url)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert client.get(url).status_code == 200
        return len(queries)

    few = cost()
    _many(world, 8)
    for row in Resolution.objects.exclude(pk=resolution.pk):
        world.action(row, at=NOW + timedelta(days=30))
    assert Resolution.objects.count() == 9
    assert cost() == few


def test_one_resolution_costs_the_same_whatever_follows_from_it(world: World, client: Any) -> None:
    resolution = world.resolution()
    world.action(resolution)
    client.force_login(world.committee.secretary)

    def cost() -> int:
        client.get(resolution.get_absolute_url())
        with CaptureQueriesContext(connection) as queries:
            client.get(resolution.get_absolute_url())
        return len(queries)

    few = cost()
    for place in range(12):
        world.action(resolution, title=f"کار {place}")
    assert cost() == few


# --- who waits for what ------------------------------------------------------------------------------------


def test_both_heads_are_asked_to_sign_until_their_side_has(world: World) -> None:
    made, people = world.resolution(), world.committee
    assert titles(people.hq_manager) == [f"امضای ابلاغ «{made.title}»"]
    assert made.title not in "".join(titles(people.secretary))
    RESOLUTION.apply(made, "sign", actor=people.hq_manager, at=NOW)
    assert titles(people.hq_manager) == []
    waiting = tasks(people.deputy_manager)
    assert "طرف دیگر امضا کرده است" in waiting[0].detail


def test_whoever_was_given_work_has_it_with_its_due_date(world: World) -> None:
    owner = make_user(Role.NGO_USER)
    world.action(world.resolution(), owner=owner)
    task = next(iter(tasks(owner)))
    assert (task.title, task.due_on) == ("تهیه فهرست فضاها", NOW.date() + timedelta(days=10))
    assert task.title not in titles(world.committee.secretary)


def test_the_page_of_ones_work_belongs_to_the_resolutions_in_the_rail(world: World) -> None:
    action = world.action(world.resolution())
    rail = contributions.navigation(
        world.committee.secretary, TODAY, reverse("committee:action_do", args=[action.pk, "finish"]), {}
    )
    assert [entry.label for part in rail for entry in part.entries if entry.current] == ["مصوبه‌ها"]


def test_minutes_wait_for_members_and_secretary_in_turn(world: World) -> None:
    people = world.committee
    minutes = world.minutes()
    assert "نوشتن و گردش" in titles(people.secretary)[0]
    assert titles(people.hq1) == []
    MINUTES.apply(minutes, "circulate", actor=people.secretary, at=NOW)
    task = next(iter(tasks(people.deputy2)))
    assert task.title.startswith("بررسی صورتجلسه")
    assert task.due_on == NOW.date() + timedelta(days=7)
    assert titles(people.secretary) == []
    asked = acts.ask_amendment(minutes, actor=people.deputy2, at=NOW, text="اصلاح شود.")
    assert titles(people.deputy2) == []
    assert "پاسخ به درخواست‌های اصلاح" in titles(people.secretary)[0]
    acts.decline_amendment(asked, actor=people.secretary, at=NOW, answer="در متن هست.")
    for person in world.present:
        acts.want_no_amendment(minutes, actor=person, at=NOW)
    assert "آغاز امضای" in titles(people.secretary)[0]
    MINUTES.apply(minutes, "start_signing", actor=people.secretary, at=NOW)
    assert titles(people.deputy2) == []
    assert titles(people.secretary) == []
    for person in world.present:
        assert titles(person)[0].startswith("امضای صورتجلسه")
        MINUTES.apply(minutes, "sign", actor=person, at=NOW)
    assert titles(people.hq1) == []
    assert "نهایی‌کردن" in titles(people.secretary)[0]
    MINUTES.apply(minutes, "seal", actor=people.secretary, at=NOW)
    assert titles(people.secretary) == []


def test_a_silent_clock_gives_the_secretary_the_start_of_signing(world: World) -> None:
    world.minutes("circulated")
    late = NOW + timedelta(days=12)
    assert "آغاز امضای" in titles(world.committee.secretary, at=late)[0]


def test_nobody_without_a_part_in_it_costs_a_query(world: World) -> None:
    world.minutes("circulated")
    stranger = make_user(Role.ADMIN)
    access.authorities(stranger, NOW.date())
    with CaptureQueriesContext(connection) as queries:
        assert contributions.inbox(stranger, NOW) == []
    assert len(queries) <= 2  # the work of all and the notices, whatever there is


def test_the_search_finds_what_the_person_may_see(world: World) -> None:
    made = world.resolution(title="واگذاری فضاهای محله‌ای")
    assert [hit.title for hit in outcomes.found(world.committee.hq1, NOW, "فضاهای محله", 8)] == [made.title]
    assert [hit.title for hit in outcomes.found(world.committee.hq1, NOW, "۱۴۰۵/م/۱", 8)] == [made.title]
    assert list(outcomes.found(make_user(Role.UNIT_EXPERT), NOW, "فضاهای محله", 8)) == []
    assert list(outcomes.found(make_user(Role.ADMIN), NOW, "فضاهای محله", 8)) == []


# --- lists and objects agree -----------------------------------------------------------------------------------


def test_list_and_object_rules_agree_for_every_role(world: World) -> None:
    world.announced()
    waiting = world.resolution(title="در انتظار")
    owner = make_user(Role.DISTRICT_HEAD)
    world.action(waiting, owner=owner)
    world.minutes("circulated")
    on = NOW.date()
    for user in [owner, make_user(None), *(make_user(role) for role in Role)]:
        seen = set(Resolution.objects.filter(rules.resolutions_visible_to(user, on)))
        assert seen == {row for row in Resolution.objects.all() if rules.can_view_resolution(user, row, on)}
        read = set(Minutes.objects.filter(rules.minutes_visible_to(user, on)))
        assert read == {row for row in Minutes.objects.all() if rules.can_view_minutes(user, row, on)}


# --- what people are told --------------------------------------------------------------------------------------


def test_heads_hear_of_a_resolution_and_of_the_other_sides_signature(world: World) -> None:
    made, people = world.resolution(), world.committee
    assert set(told("resolution.adopted")) == {people.hq_manager.pk, people.deputy_manager.pk}
    RESOLUTION.apply(made, "sign", actor=people.hq_manager, at=NOW)
    assert set(told("resolution.signed")) == {people.deputy_manager.pk}
    RESOLUTION.apply(made, "sign", actor=people.deputy_manager, at=NOW)
    assert told("resolution.signed") == {}


def test_everybody_concerned_hears_of_the_announcement(world: World) -> None:
    made, people = world.resolution(), world.committee
    owner = make_user(Role.UNIT_EXPERT)
    world.action(made, owner=owner)
    for head in (people.hq_manager, people.deputy_manager):
        RESOLUTION.apply(made, "sign", actor=head, at=NOW)
    heard = set(told("resolution.announced"))
    members = {person.pk for person in people.members}
    assert members | {owner.pk, people.secretary.pk, people.hq_manager.pk, people.hq_expert.pk} <= heard
    assert people.deputy_manager.pk not in heard  # did it
    assert people.ngo_user.pk not in heard


def test_the_ngo_of_an_individual_case_hears_of_the_announcement(world: World) -> None:
    people = world.committee
    other = Ngo.objects.exclude(pk=people.ngo.pk).first()
    representative = make_user(Role.NGO_USER)
    NgoAccount.objects.create(
        ngo=other,
        user=representative,
        period=period(NOW.date() - timedelta(days=90)),
        letter_reference="۱",
        created_at=NOW,
    )
    made = world.resolution(concerns_ngo=other, kind="other")
    for head in (people.hq_manager, people.deputy_manager):
        RESOLUTION.apply(made, "sign", actor=head, at=NOW)
    heard = set(told("resolution.announced"))
    assert representative.pk in heard
    assert people.ngo_user.pk not in heard


def test_members_asker_and_those_present_hear_of_the_minutes(world: World) -> None:
    people = world.committee
    minutes = world.minutes("circulated")
    assert set(told("minutes.circulated")) == {person.pk for person in people.members}
    asked = acts.ask_amendment(minutes, actor=people.deputy2, at=NOW, text="اصلاح شود.")
    assert set(told("minutes.amendment_asked")) == {people.secretary.pk}
    acts.decline_amendment(asked, actor=people.secretary, at=NOW, answer="در متن هست.")
    assert set(told("minutes.amendment_answered")) == {people.deputy2.pk}
    MINUTES.apply(minutes, "start_signing", actor=people.secretary, at=NOW + timedelta(days=9))
    assert set(told("minutes.signing_started")) == {person.pk for person in world.present}
    acts.advance_minutes(NOW + timedelta(days=30))
    heard = set(told("minutes.sealed"))
    assert {person.pk for person in people.members} | {people.secretary.pk, people.hq_manager.pk} == heard - {
        people.deputy_manager.pk
    }


# --- views of one's own ---------------------------------------------------------------------------------------


def test_the_filters_of_a_declared_list_are_kept_and_forgotten_by_their_owner(
    world: World, client: Any, client_for: Any
) -> None:
    mine, address = client_for(world.committee.secretary), reverse("committee:resolution_list")
    sent = {"title": "مصوبه‌های آب", "query": "q=آب&page=2"}
    save = reverse("view_save", args=["committee:resolution_list"])
    assert mine.post(save, sent)["Location"].startswith(f"{address}?q=")
    assert "مصوبه‌های آب" in mine.get(address).content.decode()
    other = client_for(world.committee.hq_manager)
    assert "مصوبه‌های آب" not in other.get(address).content.decode()
    assert other.post(reverse("view_delete", args=[SavedView.objects.get().pk])).status_code == 404
    assert client_for(make_user(Role.ADMIN)).post(save, sent).status_code == 403
    assert mine.post(reverse("view_save", args=["nothing"]), sent).status_code == 404
    assert mine.post(reverse("view_delete", args=[SavedView.objects.get().pk]))["Location"] == address
    assert not SavedView.objects.exists()
