"""The relay: each person hears once, and one bad notice keeps nobody else waiting."""

from datetime import timedelta

import pytest

from staff_portal.kernel.delivery.outbox import relay_outbox
from staff_portal.kernel.models import Delivery, Notification, OutboxMessage
from tests.kernel.background.support import NOW, happen, make_user


@pytest.mark.django_db
def test_a_message_becomes_a_notice_and_a_delivery_for_each_way(tell):
    reader, actor = make_user("reader"), make_user("actor")
    tell(audience=lambda entry: [reader.pk, actor.pk], email=True, sms=True, url=lambda entry: "/inbox/")
    entry = happen(actor, reader, note="آماده شد")

    assert relay_outbox(at=NOW) == 1

    notice = Notification.objects.get()
    assert (notice.recipient, notice.entry, notice.url) == (reader, entry, "/inbox/")
    assert notice.text == "مریم actor خبر داد: آماده شد"
    assert set(Delivery.objects.values_list("channel", "address", "due_at")) == {
        ("email", "reader@people.example", NOW),
        ("sms", "09121234567", NOW),
    }
    assert OutboxMessage.objects.get().relayed_at == NOW
    assert relay_outbox(at=NOW) == 0


@pytest.mark.django_db
def test_people_without_an_address_and_people_who_left(tell):
    plain = make_user("plain", email="", mobile="")
    gone = make_user("gone", is_active=False)
    tell(audience=lambda entry: [plain.pk, gone.pk, 987_654_321], email=True, sms=True)
    happen(None, plain)

    assert relay_outbox(at=NOW) == 1

    assert list(Notification.objects.values_list("recipient", flat=True)) == [plain.pk]
    assert not Delivery.objects.exists()


@pytest.mark.django_db
def test_a_notice_that_was_already_written_is_not_written_again(tell):
    reader = make_user("reader")
    tell(audience=lambda entry: [reader.pk], email=True)
    happen(None, reader)
    relay_outbox(at=NOW)
    OutboxMessage.objects.update(relayed_at=None)  # as after a restored backup

    assert relay_outbox(at=NOW + timedelta(minutes=1)) == 1

    assert Notification.objects.count() == 1
    assert Delivery.objects.count() == 1


@pytest.mark.django_db
def test_a_poisoned_message_waits_and_the_others_go_on(tell):
    reader = make_user("reader")

    def audience(entry):
        if entry.note == "poison":
            raise KeyError("a bug of some app")
        return [reader.pk]

    tell(audience=audience)
    poisoned = [happen(None, reader, note="poison") for _ in range(3)]
    healthy = [happen(None, reader, note=str(number)) for number in range(4)]

    assert relay_outbox(at=NOW, limit=2) == 2
    assert relay_outbox(at=NOW, limit=2) == 2
    assert relay_outbox(at=NOW) == 0

    assert set(Notification.objects.values_list("entry", flat=True)) == {entry.pk for entry in healthy}
    waiting = OutboxMessage.objects.filter(relayed_at=None).values_list("entry", flat=True)
    assert set(waiting) == {entry.pk for entry in poisoned}


@pytest.mark.django_db
def test_a_poisoned_message_is_delivered_once_its_notice_is_mended(tell):
    reader = make_user("reader")
    is_broken = True

    def audience(entry):
        if is_broken:
            raise ValueError("not yet")
        return [reader.pk]

    tell(audience=audience)
    happen(None, reader)
    assert relay_outbox(at=NOW) == 0
    is_broken = False
    assert relay_outbox(at=NOW) == 1
    assert Notification.objects.count() == 1


@pytest.mark.django_db
def test_a_notice_that_the_database_refuses_stops_only_itself(tell):
    reader = make_user("reader")
    tell(
        audience=lambda entry: [reader.pk],
        url=lambda entry: "/x" * 300 if entry.note == "too long" else "/inbox/",
    )
    refused = happen(None, reader, note="too long")
    happen(None, reader, note="fine")

    assert relay_outbox(at=NOW) == 1

    assert Notification.objects.get().url == "/inbox/"
    assert OutboxMessage.objects.get(relayed_at=None).entry == refused


@pytest.mark.django_db
def test_a_notice_whose_audience_breaks_the_query_stops_only_itself(tell):
    reader = make_user("reader")

    def audience(entry):
        if entry.note == "bad query":
            return [row.pk for row in Notification.objects.extra(where=["no_such_column = 1"])]
        return [reader.pk]

    tell(audience=audience)
    happen(None, reader, note="bad query")
    happen(None, reader, note="fine")

    assert relay_outbox(at=NOW) == 1
    assert Notification.objects.get().entry.note == "fine"


@pytest.mark.django_db
def test_the_number_of_queries_does_not_grow_with_the_messages(tell, django_assert_max_num_queries):
    reader = make_user("reader")
    tell(audience=lambda entry: [reader.pk], email=True, sms=True)
    for number in range(40):
        happen(None, reader, note=str(number))
    # Two for the savepoint around each notice, and the same few for all of them.
    with django_assert_max_num_queries(2 * 40 + 14):
        assert relay_outbox(at=NOW) == 40


def test_relays_at_the_same_time_tell_everybody_once(committed_db, tell):
    readers = [make_user(f"reader{number}") for number in range(5)]
    tell(audience=lambda entry: [reader.pk for reader in readers], email=True)
    for number in range(120):
        happen(None, readers[0], note=str(number))

    results = committed_db.together([lambda: relay_outbox(at=NOW)] * 6)

    assert sum(results) == 120
    assert not OutboxMessage.objects.filter(relayed_at=None).exists()
    assert Notification.objects.count() == 120 * 5
    assert Delivery.objects.count() == 120 * 5
