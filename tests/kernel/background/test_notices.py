"""Who hears of what, in which words."""

from datetime import date, timedelta

import pytest

from staff_portal.kernel.base.periods import period
from staff_portal.kernel.base.roles import Role, Side
from staff_portal.kernel.delivery import notices
from staff_portal.kernel.models import AuditEntry, District, Job, RoleAssignment
from staff_portal.kernel.operations import delegations, referrals, roles
from staff_portal.kernel.operations.cases import open_case
from staff_portal.kernel.people import access
from staff_portal.kernel.people.access import Authority
from staff_portal.kernel.trail import audit, events, file_kinds, timeline
from staff_portal.kernel.workflow.registry import TABLES
from tests.kernel.background.support import HAPPENED, NOW, happen, make_user

pytestmark = pytest.mark.django_db


def give_role(user, role, scope_id=0):
    return RoleAssignment.objects.create(
        user=user,
        role=role,
        scope_id=scope_id,
        scope_kind="district" if scope_id else "",
        period=period(date(2026, 1, 1)),
        granted_at=NOW,
        confirmed_at=NOW,
    )


def told(entry: AuditEntry) -> dict[int, str]:
    return {draft.recipient_id: draft.text for draft in notices.expand(entry)}


def test_everyone_in_the_audience_but_the_actor_is_told(tell):
    actor, first, second = make_user("karimi"), make_user("ahmadi"), make_user("rezaei")
    tell(audience=lambda entry: [actor.pk, first.pk, second.pk, None], url=lambda entry: "/profile/")

    drafts = notices.expand(happen(actor, first, note="پرونده آماده است"))

    assert [draft.recipient_id for draft in drafts] == sorted([first.pk, second.pk])
    assert drafts[0].text == "مریم karimi خبر داد: پرونده آماده است"
    assert drafts[0].url == "/profile/"


def test_a_delegates_act_names_whose_powers_it_used(tell):
    manager, delegate, reader = make_user("manager"), make_user("delegate"), make_user("reader")
    tell(audience=lambda entry: [reader.pk], text="{actor} «{subject}» را امضا کرد.")
    entry = audit.record(
        HAPPENED,
        reader,
        actor=delegate,
        at=NOW,
        authority=Authority(Role.HQ_MANAGER, on_behalf_of=manager),
        label="نامه ۱",
    )

    assert told(entry) == {reader.pk: "مریم delegate از طرف مریم manager «نامه ۱» را امضا کرد."}


def test_of_two_registrations_the_later_speaks_to_a_person_in_both(tell):
    reader, other = make_user("reader"), make_user("other")
    tell(audience=lambda entry: [reader.pk, other.pk], text="نخست")
    tell(audience=lambda entry: [reader.pk], text=lambda entry: "سپس", email=True)

    drafts = {draft.recipient_id: draft for draft in notices.expand(happen(None, reader))}

    assert drafts[reader.pk].text == "سپس"
    assert drafts[reader.pk].email is True
    assert drafts[other.pk].text == "نخست"


def test_braces_and_line_breaks_in_a_note_stay_text(tell):
    reader = make_user("reader")
    tell(audience=lambda entry: [reader.pk])
    entry = happen(None, reader, note="از {actor}\nتا {0.__class__}")
    assert told(entry) == {reader.pk: "سامانه خبر داد: از {actor} تا {0.__class__}"}


def test_a_long_sentence_is_cut_to_what_the_inbox_holds(tell):
    reader = make_user("reader")
    tell(audience=lambda entry: [reader.pk])
    (draft,) = notices.expand(happen(None, reader, note="شرح بلند " * 200))
    assert len(draft.text) <= 400
    assert draft.text.endswith("…")


@pytest.mark.parametrize(
    ("code", "text"),
    [
        ("nowhere.declared", "متن"),
        (events.SIGNED_IN.code, "متن"),
        (HAPPENED.code, "{somebody} آمد"),
    ],
    ids=["unknown event", "event nobody relays", "unknown placeholder"],
)
def test_a_wrong_registration_is_refused_at_once(code, text):
    with pytest.raises(ValueError, match="notice"):
        notices.register(code, audience=lambda entry: [], text=text)


def test_every_relayed_event_of_the_kernel_but_holds_has_a_notice():
    # Whom a hold concerns only the app of the record knows.
    prefixes = ("role.", "delegation.", "referral.", "case.", "job.")
    relayed = {code for code, event in events.EVENTS.items() if event.notify and code.startswith(prefixes)}
    by_rows = {
        table.events[row.name].code for table in TABLES.values() for row in table.rows.values() if row.tell
    }
    assert relayed
    assert relayed <= notices.NOTICES.keys() | by_rows


def last(event: str) -> AuditEntry:
    return AuditEntry.objects.filter(event=event).latest("id")


@pytest.mark.parametrize(
    ("role", "side", "confirming"),
    [
        (Role.HQ_EXPERT, Side.HQ, Role.HQ_MANAGER),
        (Role.DEPUTY_EXPERT, Side.DEPUTY, Role.DEPUTY_MANAGER),
        (Role.AUDITOR, Side.OVERSIGHT, Role.HQ_MANAGER),
    ],
)
def test_a_granted_role_is_told_to_the_manager_of_its_side_and_then_to_its_holder(role, side, confirming):
    admin, person = make_user("admin", side=Side.ADMINISTRATION), make_user("person", side=side)
    give_role(admin, Role.ADMIN)
    managers = {code: make_user(code) for code in (Role.HQ_MANAGER, Role.DEPUTY_MANAGER)}
    for code, manager in managers.items():
        give_role(manager, code)
    assignment = roles.grant_role(person, role, start_on=NOW.date(), actor=admin, at=NOW)
    assert list(told(last("role.granted"))) == [managers[confirming].pk]
    roles.confirm_role(assignment, actor=managers[confirming], at=NOW)
    assert list(told(last("role.confirmed"))) == [person.pk]
    roles.end_role(assignment, actor=admin, at=NOW)
    assert list(told(last("role.ended"))) == [person.pk]


def test_a_refused_role_is_told_to_who_proposed_it():
    admin, person = make_user("admin", side=Side.ADMINISTRATION), make_user("person")
    manager = make_user("manager")
    give_role(admin, Role.ADMIN)
    give_role(manager, Role.HQ_MANAGER)
    assignment = roles.grant_role(person, Role.HQ_EXPERT, start_on=NOW.date(), actor=admin, at=NOW)
    roles.refuse_role(assignment, actor=manager, at=NOW, note="در مأموریت است")
    assert told(last("role.refused")) == {
        admin.pk: f"مریم manager نقش «{assignment}» را نپذیرفت: در مأموریت است"
    }


def test_a_delegation_is_told_to_the_delegate():
    manager, delegate = make_user("manager"), make_user("delegate")
    give_role(manager, Role.HQ_MANAGER)
    row = delegations.delegate_powers(
        delegate,
        role=Role.HQ_MANAGER,
        start_on=NOW.date(),
        last_day=NOW.date() + timedelta(days=9),
        actor=manager,
        at=NOW,
    )
    (draft,) = notices.expand(last("delegation.given"))
    assert (draft.recipient_id, draft.email, draft.sms) == (delegate.pk, True, True)
    delegations.end_delegation(row, actor=manager, at=NOW)
    (draft,) = notices.expand(last("delegation.ended"))
    assert (draft.recipient_id, draft.email, draft.sms) == (delegate.pk, True, False)


@pytest.fixture
def file(monkeypatch):
    """A file of the kernel's own that everybody may see."""
    root = file_kinds.Root(
        District, lambda user, on: District.objects.all(), lambda obj: f"/secretariats/{obj.pk}/"
    )
    monkeypatch.setitem(file_kinds.ROOTS, "kernel.district", root)
    return District.objects.get(pk=6)


def test_a_referral_is_told_to_its_receiver_and_its_end_to_its_sender(file):
    sender, receiver = make_user("sender"), make_user("receiver")
    give_role(sender, Role.HQ_EXPERT)
    give_role(receiver, Role.HQ_EXPERT)

    def refer():
        return referrals.refer_file(
            file, to_user=receiver, note="بررسی شود", due_on=None, actor=sender, at=NOW
        )

    row = refer()
    made = last("referral.made")
    assert told(made) == {receiver.pk: "مریم sender پرونده‌ای را به شما ارجاع داد: بررسی شود"}
    assert notices.expand(made)[0].url == "/secretariats/6/"
    referrals.finish_referral(row, note="بررسی شد", actor=receiver, at=NOW)
    assert list(told(last("referral.done"))) == [sender.pk]
    referrals.finish_referral(refer(), note="لازم نیست", actor=sender, at=NOW)
    assert told(last("referral.done")) == {receiver.pk: "مریم sender ارجاع به شما را پس گرفت: لازم نیست"}


def test_a_case_is_told_to_its_assignee_or_to_the_role_within_its_scope(file):
    here, elsewhere, assignee = make_user("here"), make_user("elsewhere"), make_user("assignee")
    give_role(here, Role.DISTRICT_HEAD, 6)
    give_role(elsewhere, Role.DISTRICT_HEAD, 14)

    def opened(title, **fields):
        open_case(file, title=title, url="/", actor=None, at=NOW, **fields)
        return set(told(last("case.opened")))

    assert opened("الف", role=Role.DISTRICT_HEAD, scope_id=6) == {here.pk}
    assert opened("ب", role=Role.DISTRICT_HEAD) == {here.pk, elsewhere.pk}
    assert opened("پ", assignee=assignee) == {assignee.pk}


def test_a_finished_job_leads_its_owner_to_the_outcome():
    owner = make_user("owner")
    job = Job.objects.create(
        handler="x", title="ورود فهرست", owner=owner, result={"url": "/ngos/import/7/"}, created_at=NOW
    )
    (draft,) = notices.expand(audit.record(events.JOB_FINISHED, job, actor=None, at=NOW))
    assert (draft.recipient_id, draft.url) == (owner.pk, "/ngos/import/7/")


# --- timeline ---------------------------------------------------------------------------------------------


def test_the_timeline_says_who_did_what_by_whose_powers():
    manager, delegate = make_user("manager"), make_user("delegate")
    entry = audit.record(
        HAPPENED,
        delegate,
        actor=delegate,
        at=NOW,
        authority=Authority(Role.HQ_MANAGER, on_behalf_of=manager),
        note="طبق نامه",
    )
    line = timeline.sentence_of(entry)

    assert line.actor == "مریم delegate"
    assert line.sentence == "کار مریم delegate را انجام داد: طبق نامه"
    assert (line.tone, line.note, line.at) == ("ok", "", NOW)
    assert line.on_behalf_of == "از طرف مریم manager"
    assert line.role == "رئیس ستاد سمن‌ها"


def test_an_empty_note_leaves_no_colon_behind():
    user = make_user("user")
    assert timeline.sentence_of(happen(None, user)).sentence == "کار مریم user را انجام داد"


def test_a_note_the_sentence_does_not_say_is_kept_apart():
    user = make_user("user")
    line = timeline.sentence_of(
        audit.record(events.USER_CREATED, user, actor=None, at=NOW, note="به درخواست واحد")
    )
    assert line.note == "به درخواست واحد"


def test_an_event_that_nobody_declares_any_more_still_has_a_line():
    user = make_user("user")
    entry = happen(None, user)
    entry.event = "old.gone"
    line = timeline.sentence_of(entry)
    assert "old.gone" in line.sentence
    assert line.tone == "neutral"


def test_the_kit_gets_items_newest_first_in_one_query(django_assert_num_queries):
    user = make_user("user")
    for number in range(3):
        happen(user, user, note=str(number), at=NOW + timedelta(minutes=number))
    reader = make_user("reader")
    access.authorities(reader, NOW.date())
    with django_assert_num_queries(1):
        items = timeline.trail(user, reader, NOW.date())
    assert [item["text"][-1] for item in items] == ["۲", "۱", "۰"]
    assert set(items[0]) == {"actor", "text", "tone", "note", "role", "at"}
