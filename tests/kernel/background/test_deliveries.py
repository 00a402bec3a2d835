"""E-mail and SMS: what is sent, when it is tried again, and when it is given up."""

from datetime import timedelta

import pytest
import structlog
from django.db import InterfaceError, OperationalError, connection

from staff_portal.kernel.delivery.outbox import MAX_ATTEMPTS, pause_after, relay_outbox, send_deliveries
from staff_portal.kernel.delivery.sms import ConsoleSms, get_backend
from staff_portal.kernel.models import Delivery, Notification
from tests.kernel.background.providers import Mailbox, Telephones
from tests.kernel.background.support import NOW, happen, make_user


@pytest.fixture
def ways_out(settings):
    settings.EMAIL_BACKEND = "tests.kernel.background.providers.Mailbox"
    settings.SMS_BACKEND = "tests.kernel.background.providers.Telephones"
    settings.SITE_URL = "https://portal.example"
    Mailbox.sent.clear()
    Mailbox.refused.clear()
    Mailbox.opened = 0
    Mailbox.is_down = False
    Telephones.sent.clear()


@pytest.fixture
def notice(db, ways_out, tell):
    """One relayed notice with an e-mail and an SMS that are due."""
    reader = make_user("reader", honorific="خانم", last_name="احمدی")
    tell(audience=lambda entry: [reader.pk], email=True, sms=True, url=lambda entry: "/ngos/12/")
    happen(None, reader, note="پرونده 12 <b>آماده</b> است")
    relay_outbox(at=NOW)
    return Notification.objects.get()


def test_the_email_is_persian_right_to_left_and_leads_to_the_page(notice):
    assert send_deliveries(at=NOW) == 2

    (mail,) = Mailbox.sent
    html = mail.alternatives[0][0]
    assert mail.to == ["reader@people.example"]
    assert mail.subject == "رویداد آزمایشی: مریم احمدی"
    assert "خانم احمدی، سلام." in mail.body
    assert "پرونده ۱۲ <b>آماده</b> است" in mail.body
    assert "https://portal.example/ngos/12/" in mail.body
    assert 'dir="rtl"' in html
    assert "&lt;b&gt;آماده" in html
    assert 'href="https://portal.example/ngos/12/"' in html
    assert "src=" not in html
    assert mail.extra_headers["Message-ID"].endswith("@portal.example>")


def test_the_sms_is_the_sentence_in_persian_digits(notice):
    send_deliveries(at=NOW)
    assert Telephones.sent == [("09121234567", "سامانه خبر داد: پرونده ۱۲ <b>آماده</b> است\nستاد سمن‌ها")]


def test_what_was_sent_is_not_sent_again(notice):
    assert send_deliveries(at=NOW) == 2
    assert send_deliveries(at=NOW + timedelta(days=1)) == 0
    assert set(Delivery.objects.values_list("attempts", "sent_at", "last_error")) == {(1, NOW, "")}


def test_a_failure_is_put_off_and_keeps_nothing_else_back(notice):
    Mailbox.refused.add("reader@people.example")

    assert send_deliveries(at=NOW) == 1

    failed = Delivery.objects.get(channel="email")
    assert (failed.attempts, failed.sent_at, failed.given_up_at) == (1, None, None)
    assert failed.due_at == NOW + timedelta(minutes=1)
    assert failed.last_error == "ConnectionRefusedError: mail server says no"
    assert send_deliveries(at=NOW + timedelta(seconds=59)) == 0
    Mailbox.refused.clear()
    assert send_deliveries(at=NOW + timedelta(seconds=60)) == 1


def test_the_pauses_double_up_to_six_hours():
    minutes = [pause_after(attempts) / timedelta(minutes=1) for attempts in range(1, 13)]
    assert minutes == [1, 2, 4, 8, 16, 32, 64, 128, 256, 360, 360, 360]


def test_after_twelve_attempts_it_is_given_up_and_logged(notice):
    Mailbox.refused.add("reader@people.example")
    at, tries = NOW, 0
    with structlog.testing.capture_logs() as logs:
        while (row := Delivery.objects.get(channel="email")).given_up_at is None:
            at = max(at, row.due_at)
            send_deliveries(at=at)
            tries += 1
            assert tries <= 20
    assert tries == MAX_ATTEMPTS == 12
    assert [log["event"] for log in logs if log["log_level"] == "error"] == ["delivery_given_up"]
    Mailbox.refused.clear()
    assert send_deliveries(at=at + timedelta(days=30)) == 0


def test_a_mail_server_that_is_down_is_asked_once_a_minute_and_sms_go_on(db, ways_out, tell):
    readers = [make_user(f"reader{number}") for number in range(5)]
    tell(audience=lambda entry: [reader.pk for reader in readers], email=True, sms=True)
    happen(None, readers[0])
    relay_outbox(at=NOW)
    Mailbox.is_down = True

    assert send_deliveries(at=NOW) == 5
    assert Mailbox.opened == 1
    assert sorted(Delivery.objects.filter(channel="email").values_list("attempts", flat=True)) == [
        0,
        0,
        0,
        0,
        1,
    ]
    assert send_deliveries(at=NOW + timedelta(seconds=59)) == 0
    assert Mailbox.opened == 1
    Mailbox.is_down = False
    assert send_deliveries(at=NOW + timedelta(seconds=60)) == 5
    assert len(Mailbox.sent) == len(Telephones.sent) == 5


def test_an_sms_provider_that_cannot_be_loaded_is_put_off_as_well(notice, settings):
    settings.SMS_BACKEND = "tests.kernel.background.providers.Nobody"
    assert send_deliveries(at=NOW) == 1
    assert "Nobody" in Delivery.objects.get(channel="sms").last_error


def test_one_connection_serves_a_whole_run(db, ways_out, tell):
    readers = [make_user(f"reader{number}") for number in range(6)]
    tell(audience=lambda entry: [reader.pk for reader in readers], email=True)
    happen(None, readers[0])
    relay_outbox(at=NOW)
    assert send_deliveries(at=NOW) == 6
    assert Mailbox.opened == 1


def test_the_console_provider_shows_no_long_number(settings):
    settings.SMS_BACKEND = "staff_portal.kernel.delivery.sms.ConsoleSms"
    backend = get_backend()
    assert isinstance(backend, ConsoleSms)
    with structlog.testing.capture_logs() as logs:
        backend.send("09121234567", "کد ملی ۰۰۱۲۳۴۵۶۷۹ و تلفن 09121234567، پرونده ۱۲۳")
    written = str(logs[0])
    assert "09121234567" not in written
    assert "۰۰۱۲۳۴۵۶۷۹" not in written
    assert "۱۲۳" in written


def test_workers_at_the_same_time_send_everything_once(committed_db, ways_out, tell):
    reader = make_user("reader")
    tell(audience=lambda entry: [reader.pk], email=True, sms=True)
    for number in range(40):
        happen(None, reader, note=str(number))
    relay_outbox(at=NOW)

    results = committed_db.together([lambda: send_deliveries(at=NOW)] * 5)

    assert sum(results) == 80
    assert len(Mailbox.sent) == 40
    assert len({mail.extra_headers["Message-ID"] for mail in Mailbox.sent}) == 40
    assert len(Telephones.sent) == 40


def test_a_connection_lost_between_sending_and_marking_sends_that_one_again(
    committed_db, ways_out, tell, settings
):
    reader = make_user("reader")
    tell(audience=lambda entry: [reader.pk], sms=True)
    for number in range(3):
        happen(None, reader, note=str(number))
    relay_outbox(at=NOW)
    settings.SMS_BACKEND = "tests.kernel.background.test_deliveries.CutOff"
    CutOff.left = 2

    (outcome,) = committed_db.together([lambda: send_deliveries(at=NOW)])

    assert isinstance(outcome, InterfaceError | OperationalError)
    assert Delivery.objects.filter(sent_at__isnull=False).count() == 1
    settings.SMS_BACKEND = "tests.kernel.background.providers.Telephones"
    assert send_deliveries(at=NOW) == 2
    texts = [text for _, text in Telephones.sent]
    assert len(texts) == 4
    assert len(set(texts)) == 3


class CutOff(Telephones):
    """Sends, and at the second message takes the database connection away, like a killed worker."""

    left = 0

    def send(self, number: str, text: str) -> None:
        super().send(number, text)
        type(self).left -= 1
        if self.left == 0:
            connection.connection.close()
