"""C8, C9: what the database itself refuses about outcomes, as the application and as the tables' owner."""

from datetime import timedelta
from typing import Any

import pgtrigger
import psycopg2
import pytest
from django.db import IntegrityError, transaction

from committee.models import ActionItem, AmendmentRequest, Minutes, MinutesSignature, Resolution
from committee.workflow.minutes import MINUTES
from committee.workflow.resolutions import ACTION
from staff_portal.kernel.base import constraints
from tests.committee import acts
from tests.committee.outcomes.world import NOW, World

DAY = timedelta(days=1)


def refused(name: str, write: Any) -> None:
    """``write`` is refused by the constraint ``name``, for which there is a sentence."""
    with pytest.raises(IntegrityError) as error, transaction.atomic():
        write()
    assert constraints.constraint_name(error.value) == name
    assert constraints.sentence_for(error.value) != constraints.FALLBACK


def update(row: Any, **changes: Any) -> Any:
    return lambda: type(row).objects.filter(pk=row.pk).update(**changes)


# --- minutes ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "changes",
    [{"content": {}}, {"content_hash": "0"}, {"signing_from": NOW.date().replace(day=1)}],
    ids=["content", "hash", "clock"],
)
def test_minutes_do_not_change_once_signing_began(world: World, changes: dict[str, Any]) -> None:
    refused("c9_minutes_in_order", update(world.minutes("signing"), **changes))


def test_sealed_minutes_do_not_change_at_all(world: World) -> None:
    minutes = world.minutes("sealed")
    for changes in ({"content": {}}, {"state": "signing"}, {"letter": None}, {"state_since": NOW + DAY}):
        refused("c9_minutes_in_order", update(minutes, **changes))


@pytest.mark.parametrize(
    ("state", "target", "name"),
    [
        ("draft", "signing", "c9_minutes_in_order"),
        ("draft", "sealed", "c9_minutes_in_order"),
        ("circulated", "draft", "c9_minutes_in_order"),
        ("circulated", "sealed", "c9_minutes_in_order"),
        ("circulated", "signing", "c9_minutes_in_order"),
        ("signing", "circulated", "c9_minutes_in_order"),
        ("signing", "sealed", "c9_sealed_is_letter"),
    ],
)
def test_no_state_is_skipped_and_no_seal_is_without_its_letter(
    world: World, state: str, target: str, name: str
) -> None:
    """Signing without the fingerprint of a text, or sealing without the letter, is refused too."""
    refused(name, update(world.minutes(state), state=target))


def test_signing_does_not_begin_while_a_request_is_unanswered(world: World) -> None:
    minutes = world.minutes("circulated")
    acts.ask_amendment(minutes, actor=world.committee.hq1, at=NOW, text="نام منطقه بیاید.")
    refused("c9_amendments_answered", update(minutes, state="signing", content_hash="1"))


def test_minutes_begin_as_a_draft_and_are_not_deleted(world: World, raw_sql: Any) -> None:
    minutes = world.minutes()
    refused("c9_minutes_sealed", lambda: raw_sql("DELETE FROM committee_minutes WHERE id = %s", [minutes.pk]))
    refused(
        "c9_minutes_in_order",
        lambda: Minutes.objects.create(meeting=minutes.meeting, state="circulated", state_since=NOW),
    )


def test_requests_are_kept_and_answered_once(world: World, raw_sql: Any) -> None:
    minutes, people = world.minutes("circulated"), world.committee
    asked = acts.ask_amendment(minutes, actor=people.hq1, at=NOW, text="نام منطقه بیاید.")
    refused("c9_amendment_kept", update(asked, text="چیز دیگر"))
    refused("c9_amendment_kept", update(asked, state="none", text=""))
    acts.decline_amendment(asked, actor=people.secretary, at=NOW, answer="در متن هست.")
    refused("c9_amendment_kept", update(asked, state="accepted"))
    refused("c9_amendment_kept", update(asked, answer="پاسخ دیگر"))
    refused(
        "c9_amendment_kept",
        lambda: raw_sql("DELETE FROM committee_amendmentrequest WHERE id = %s", [asked.pk]),
    )


def test_nothing_is_asked_outside_the_circulation(world: World) -> None:
    minutes = world.minutes("signing")
    seating = world.committee.seatings["hq1"]
    refused(
        "c9_amendment_in_time",
        lambda: AmendmentRequest.objects.create(minutes=minutes, seating=seating, text="دیر", asked_at=NOW),
    )


# --- signatures ------------------------------------------------------------------------------------------------


def _signature(world: World, minutes: Minutes, seat: str, **changes: Any) -> Any:
    seating = world.committee.seatings[seat]
    values = {
        "minutes": minutes,
        "seating": seating,
        "signed_by": seating.person,
        "signed_at": NOW,
        "content_hash": minutes.content_hash,
    }
    return lambda: MinutesSignature.objects.create(**(values | changes))


def test_nobody_signs_for_another_or_without_having_been_there(world: World) -> None:
    minutes = world.minutes("signing")
    refused("c9_own_signature", _signature(world, minutes, "hq1", signed_by=world.committee.hq2))
    refused("c9_own_signature", _signature(world, minutes, "hq1", signed_by=world.committee.secretary))
    refused("c9_present_signs", _signature(world, minutes, "deputy2"))


def test_nobody_signs_twice_another_text_or_outside_the_signing(world: World) -> None:
    minutes = world.minutes("signing")
    refused("c9_signing_open", _signature(world, minutes, "hq1", content_hash="0" * 64))
    _signature(world, minutes, "hq1")()
    refused("c9_signed_once", _signature(world, minutes, "hq1"))


def test_nobody_signs_minutes_that_still_go_round(world: World) -> None:
    refused("c9_signing_open", _signature(world, world.minutes("circulated"), "hq1"))


def test_a_signature_is_not_changed_or_taken_back(world: World, raw_sql: Any) -> None:
    minutes = world.minutes("signing")
    MINUTES.apply(minutes, "sign", actor=world.committee.hq1, at=NOW)
    signature = minutes.signatures.get()
    refused("c9_signature_kept", update(signature, dissent="موافق نبودم"))
    refused(
        "c9_signature_kept",
        lambda: raw_sql("DELETE FROM committee_minutessignature WHERE id = %s", [signature.pk]),
    )


# --- action items ----------------------------------------------------------------------------------------------


def test_action_items_are_kept_and_closed_ones_do_not_change(world: World, raw_sql: Any) -> None:
    action = world.action(world.resolution())
    refused("c8_action_kept", lambda: raw_sql("DELETE FROM committee_actionitem WHERE id = %s", [action.pk]))
    refused("c8_action_kept", update(action, title="کار دیگر"))
    refused("c8_action_kept", update(action, owner=world.committee.hq_expert))
    ACTION.apply(action, "finish", actor=action.owner, at=NOW, note="انجام شد")
    refused("c8_action_kept", update(action, state="open"))
    refused("c8_action_kept", update(action, result="چیز دیگر"))


def test_the_database_follows_the_rows_of_an_action_item(world: World, raw_sql: Any) -> None:
    """Only the states the table knows, and in each state the columns that some row of it stores."""
    action = world.action(world.resolution())
    for change in ("state = 'nowhere'", "created_at = now()", "state_since = now()", "resolution_id = 0"):
        refused("c8_action_kept", lambda change=change: raw_sql(f"UPDATE committee_actionitem SET {change}"))
    raw_sql("UPDATE committee_actionitem SET due_on = due_on + 1")  # a row of this state stores it
    ACTION.apply(action, "cancel", actor=world.committee.secretary, at=NOW, note="نه")
    for change in ("due_on = due_on + 1", "state = 'done'", "state_since = now()", "result = ''"):
        refused("c8_action_kept", lambda change=change: raw_sql(f"UPDATE committee_actionitem SET {change}"))
    refused(
        "c8_action_kept",
        lambda: raw_sql(
            "INSERT INTO committee_actionitem (resolution_id, title, owner_id, due_on, state, state_since, result,"
            " created_at) SELECT resolution_id, title, owner_id, due_on, 'done', state_since, 'شد', created_at"
            " FROM committee_actionitem"
        ),
    )


def test_a_resolution_is_not_announced_or_signed_past_its_rows(world: World, raw_sql: Any) -> None:
    made = world.announced()
    for change in ("state = 'awaiting'", "state_since = now()", "hq_signed_at = now()", "letter_id = NULL"):
        with pytest.raises(IntegrityError) as error:
            raw_sql(f"UPDATE committee_resolution SET {change} WHERE id = %s", [made.pk])
        assert constraints.constraint_name(error.value) in {"c8_resolution_kept", "c8_announced_by_both"}


# --- as the owner of the tables --------------------------------------------------------------------------------

TABLES = {
    "committee_resolution": "c8_resolution_kept",
    "committee_actionitem": "c8_action_kept",
    "committee_minutes": "c9_minutes_sealed",
    "committee_amendmentrequest": "c9_amendment_kept",
    "committee_minutessignature": "c9_signature_kept",
    "committee_policydocument": "policy_kept",
    "committee_policyarticle": "policy_kept",
}


def _owner_refused(cursor: Any, name: str, statement: str, parameters: Any = None) -> None:
    with pytest.raises(psycopg2.Error) as error:
        cursor.execute(statement, parameters)
    assert error.value.diag.constraint_name == name


def test_the_owner_cannot_do_it_either_nor_with_the_triggers_told_to_be_quiet(
    committed_db: Any, owner_cursor: Any
) -> None:
    """Neither TRUNCATE nor pgtrigger's own switch gets round the rules; nothing is lost."""
    from committee.enums import PolicyKind
    from committee.operations import policies

    world = World.make()
    minutes = world.minutes("sealed")
    resolution = Resolution.objects.get()
    world.action(resolution)
    document = policies.record_policy(
        actor=world.committee.secretary, at=NOW, kind=PolicyKind.PLAN, title="برنامه پنج‌ساله دوم"
    )
    for table, name in TABLES.items():
        _owner_refused(owner_cursor, name, f"TRUNCATE {table} CASCADE")
    owner_cursor.execute("SET pgtrigger.ignore = '{%%}'")
    _owner_refused(owner_cursor, "c8_resolution_kept", "UPDATE committee_resolution SET text = 'x'")
    _owner_refused(owner_cursor, "c8_resolution_kept", "DELETE FROM committee_resolution")
    _owner_refused(owner_cursor, "c9_minutes_in_order", "UPDATE committee_minutes SET content = '{}'")
    _owner_refused(owner_cursor, "c9_signature_kept", "UPDATE committee_minutessignature SET dissent = 'x'")
    _owner_refused(owner_cursor, "c8_action_kept", "DELETE FROM committee_actionitem")
    with pgtrigger.ignore(
        "committee.Resolution:rules", "committee.Minutes:rules", "committee.Minutes:no_delete"
    ):
        refused("c8_resolution_kept", update(resolution, text="x"))
        refused("c9_minutes_in_order", update(minutes, content={}))
        refused(
            "c9_minutes_sealed",
            lambda: Minutes.objects.filter(pk=minutes.pk)._raw_delete("default"),
        )
    refused("policy_kept", lambda: document.delete())
    assert Resolution.objects.get().text == resolution.text
    assert Minutes.objects.get().content == minutes.content
    assert minutes.signatures.count() == 4
    assert ActionItem.objects.count() == 1
