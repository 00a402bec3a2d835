"""The audit trail's page (K4): for the auditor and HQ's manager, by event, person, days and record."""

from datetime import datetime, timedelta
from io import BytesIO
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook

from staff_portal.kernel.base.roles import Role
from staff_portal.kernel.models import AuditEntry, Unit, User
from staff_portal.kernel.people.access import Authority
from staff_portal.kernel.trail import audit, events
from staff_portal.kernel.trail.sealing import seal_entries
from tests.kernel.papers.support import NOW, client_of, make_root, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def auditor() -> User:
    return make_user("auditor", Role.AUDITOR, first_name="کامران", last_name="رحمانی")


@pytest.fixture
def root() -> Unit:
    return make_root()


def happen(
    actor: User | None, root: Unit, event: events.Event = events.SETTING_CHANGED, **fields: Any
) -> AuditEntry:
    at: datetime = fields.pop("at", NOW)
    with transaction.atomic():
        return audit.record(event, root, actor=actor, at=at, **fields)


def look(user: User, **query: Any) -> str:
    response = client_of(user).get(reverse("audit_log"), query)
    assert response.status_code == 200
    return response.content.decode()


def lines(user: User, **query: Any) -> list[dict[str, Any]]:
    return client_of(user).get(reverse("audit_log"), query).context["lines"]


@pytest.mark.parametrize("role", list(Role))
def test_only_the_auditor_and_hq_s_manager_read_it(role: str) -> None:
    response = client_of(make_user("someone", role)).get(reverse("audit_log"))
    assert response.status_code == (200 if role in {Role.AUDITOR, Role.HQ_MANAGER} else 403)


def test_an_entry_is_a_sentence_with_who_in_which_role_and_when(auditor: User, root: Unit) -> None:
    manager = make_user("manager", Role.HQ_MANAGER, first_name="زهرا", last_name="کریمی")
    expert = make_user("expert", Role.HQ_EXPERT)
    authority = Authority(Role.HQ_MANAGER, on_behalf_of=manager)
    happen(expert, root, note="برای آزمون", authority=authority)
    (line,) = lines(auditor)
    assert line["actor"] == "مریم احمدی"
    assert line["sentence"] == "تنظیم «اداره کل نمونه» را تغییر داد: برای آزمون"
    assert line["role"] == "رئیس ستاد سمن‌ها، از طرف زهرا کریمی"
    assert line["at"] == "۳ آذر ۱۴۰۵، ساعت ۱۰:۰۰"


def test_before_and_after_are_shown_in_people_s_words(auditor: User) -> None:
    user = make_user("someone", Role.HQ_EXPERT, mobile="09121234567")
    with transaction.atomic():
        audit.record(
            events.USER_CHANGED,
            user,
            actor=None,
            at=NOW,
            before={"side": "hq", "post": "", "is_active": True, "mobile": audit.mark("09121234567")},
            after={
                "side": "deputy",
                "post": "کارشناس 12",
                "is_active": True,
                "mobile": audit.mark("09127654321"),
                "created_at": "2026-11-24T06:30:00+00:00",
                "due_on": "2026-11-24",
            },
        )
    (line,) = lines(auditor)
    changes = {item["label"]: (item["before"], item["after"]) for item in line["changes"]}
    assert changes == {
        "طرف": ("ستاد سمن‌ها", "معاونت امور اجتماعی و فرهنگی"),
        "سمت": ("—", "کارشناس ۱۲"),
        "تلفن همراه": ("پوشیده", "پوشیده"),
        "زمان ساخت": ("—", "۳ آذر ۱۴۰۵، ساعت ۱۰:۰۰"),
        "due_on": ("—", "۳ آذر ۱۴۰۵"),
    }
    text = look(auditor)
    assert "0912" not in text
    assert audit.mark("09121234567") not in text


def test_refused_attempts_are_found_with_one_click(auditor: User, root: Unit) -> None:
    expert = make_user("expert", Role.HQ_EXPERT)
    happen(expert, root, events.REFUSED, note="تأیید عضویت", after={"reason": "این کار با رئیس است."})
    happen(expert, root)
    text = look(auditor, event="kernel.refused")
    assert "کوشید «تأیید عضویت» را انجام دهد و پذیرفته نشد" in text
    assert "این کار با رئیس است." in text
    assert len(lines(auditor, event="kernel.refused")) == 1
    assert "event=kernel.refused" in look(auditor)


@pytest.mark.parametrize(
    ("who", "count"),
    [("احمدی", 2), ("مريم احمدي", 2), ("expert", 2), ("سامانه", 1), ("کریمی", 0), ("مریم کریمی", 0), ("", 3)],
)
def test_by_person_in_any_letters(auditor: User, root: Unit, who: str, count: int) -> None:
    expert = make_user("expert", Role.HQ_EXPERT)
    for actor in (expert, expert, None):
        happen(actor, root)
    assert len(lines(auditor, who=who)) == count


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ({"since": "۱۴۰۵/۹/۳"}, 2),
        ({"until": "1405/9/3"}, 2),
        ({"since": "۱۴۰۵/۹/۳", "until": "۱۴۰۵/۹/۳"}, 1),
        ({"since": "۱۴۰۵/۹/۵"}, 0),
        ({}, 3),
    ],
)
def test_by_days_of_tehran_both_ends_included(
    auditor: User, root: Unit, query: dict[str, str], count: int
) -> None:
    last_minute = datetime.fromisoformat("2026-11-24T20:29:00+00:00")  # ۲۳:۵۹ of ۳ آذر in Tehran
    for at in (last_minute - timedelta(days=1), last_minute, last_minute + timedelta(minutes=1)):
        happen(None, root, at=at)
    assert len(lines(auditor, **query)) == count


def test_by_record_with_a_way_back_to_it(auditor: User, root: Unit) -> None:
    other = make_root("دیگر")
    happen(None, root)
    happen(None, other)
    key = f"kernel.unit:{root.pk}"
    assert len(lines(auditor, record=key)) == 1
    text = look(auditor, record=key)
    assert f'href="/units/{root.pk}/"' in text
    assert f"record=kernel.unit%3A{other.pk}" in look(auditor)


@pytest.mark.parametrize(
    "query",
    [
        {"since": "۱۴۰۵/۱۳/۱"},
        {"since": "۱۴۰۵/۹/۳", "until": "۱۴۰۵/۹/۱"},
        {"event": "no.such.event"},
    ],
)
def test_a_wrong_filter_is_said_and_kept(auditor: User, root: Unit, query: dict[str, str]) -> None:
    happen(None, root)
    text = look(auditor, **query)
    assert 'aria-invalid="true"' in text
    for value in query.values():
        assert value in text or "no.such" in value


@pytest.mark.parametrize(
    "query",
    [
        {"record": "kernel.unit:x"},
        {"record": "no.model:1"},
        {"record": "kernel.unit:²"},
        {"record": ":"},
        {"record": "a.b.c:1"},
        {"before": "x"},
        {"after": "9" * 40},
        {"before": "-1"},
        {"who": "\x00"},
        {"format": "pdf"},
    ],
)
def test_nonsense_in_the_address_shows_the_trail(auditor: User, root: Unit, query: dict[str, str]) -> None:
    happen(None, root)
    assert len(lines(auditor, **query)) == 1


def test_pages_of_fifty_by_keyset_there_and_back(auditor: User, root: Unit) -> None:
    made = [happen(None, root).pk for _ in range(120)][::-1]
    client, seen, address = client_of(auditor), [], "?"
    pages = []
    while address:
        context = client.get(reverse("audit_log") + address).context
        pages.append(address)
        seen.append([int(line["id"]) for line in context["lines"]])
        address = context["older_url"]
    assert [len(page) for page in seen] == [50, 50, 20]
    assert [pk for page in seen for pk in page] == made
    back = client.get(reverse("audit_log") + pages[2]).context["newer_url"]
    assert [int(line["id"]) for line in client.get(reverse("audit_log") + back).context["lines"]] == seen[1]


def test_paging_keeps_the_filter(auditor: User, root: Unit) -> None:
    for _ in range(60):
        happen(None, root)
        happen(None, root, events.REFUSED)
    context = client_of(auditor).get(reverse("audit_log"), {"event": "kernel.refused"}).context
    older = client_of(auditor).get(reverse("audit_log") + context["older_url"]).context
    assert len(older["lines"]) == 10
    assert {line["label"] for line in older["lines"]} == {"تلاش ردشده"}


def test_excel_holds_exactly_what_is_filtered(auditor: User, root: Unit) -> None:
    happen(None, root, note="=1+1", before={"title": "الف"}, after={"title": "ب"})
    happen(None, root, events.REFUSED)
    query = {"event": events.SETTING_CHANGED.code, "format": "xlsx"}
    response = client_of(auditor).get(reverse("audit_log"), query)
    rows = list(load_workbook(BytesIO(response.content)).active.iter_rows(values_only=True))
    assert len(rows) == 2
    row = dict(zip(rows[0], rows[1], strict=True))
    assert row["زمان"] == "۳ آذر ۱۴۰۵، ساعت ۱۰:۰۰"
    assert row["انجام‌دهنده"] == "سامانه"
    assert row["توضیح"] == "=۱+۱"
    assert row["پیش و پس"] == "عنوان: الف ← ب"


def test_how_far_the_chain_is_sealed(auditor: User, root: Unit, signing_key: Any) -> None:
    assert "هنوز هیچ" in look(auditor)
    for _ in range(3):
        happen(None, root)
    seal_entries(at=NOW)
    happen(None, root)
    items = client_of(auditor).get(reverse("audit_log")).context["ledger_items"]
    values = {item["label"]: item["value"] for item in items}
    assert values["رویدادهای مهرشده"] == "۳"
    assert values["در انتظار مهر"] == "۱"
    assert values["آخرین نقطه بازبینی امضاشده"] == "۳ آذر ۱۴۰۵، ساعت ۱۰:۰۰"


def test_the_trail_has_a_number(auditor: User, django_assert_num_queries: Any, no_n_plus_one: Any) -> None:
    manager = make_user("manager", Role.HQ_MANAGER)
    client = client_of(auditor)
    happen(manager, make_root(), authority=Authority(Role.HQ_MANAGER, on_behalf_of=manager))
    client.get(reverse("audit_log"))
    with CaptureQueriesContext(connection) as one:
        client.get(reverse("audit_log"))
    for place in range(49):
        happen(manager, make_root(str(place)), authority=Authority(Role.HQ_MANAGER, on_behalf_of=auditor))
    with django_assert_num_queries(len(one)), no_n_plus_one():
        assert len(client.get(reverse("audit_log")).context["lines"]) == 50
    assert len(one) <= 20


def test_reading_it_writes_nothing(auditor: User, root: Unit) -> None:
    happen(None, root)
    assert client_of(auditor).post(reverse("audit_log")).status_code == 405
    look(auditor)
    assert AuditEntry.objects.count() == 1
