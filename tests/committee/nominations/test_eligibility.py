"""The pure findings of a nominee, and the one predicate of being active (C2, N5)."""

from dataclasses import replace
from datetime import timedelta

import pytest

from committee import eligibility
from committee.eligibility import NomineeSnapshot
from committee.operations.nominees import look_at, nominees_of
from ngos.activity import active_q, active_since, activities_of, activity_of
from ngos.models import Ngo
from staff_portal.kernel.models import ActivityField, DatedSetting
from tests.committee.nominations.world import EARLIER, World, accept_report, eligible, put_forward
from tests.factories.committee import Committee
from tests.factories.people import NOW, TODAY

FULL = NomineeSnapshot(
    ngo="انجمن طلوع",
    is_member=True,
    membership="عضو با شماره ۱۴۰۴/۰۰۱",
    is_active=True,
    activity="گزارش عملکرد آن پذیرفته شده است.",
    social_fields=("فرهنگ و هنر",),
    consented_on="۳ آذر ۱۴۰۵",
    representative="سارا نمونه",
    representative_is_person=True,
    representative_acts=True,
)


def test_everything_met():
    findings = eligibility.nominee_findings(FULL)
    assert eligibility.is_eligible(findings)
    assert eligibility.unmet(FULL, findings) == []
    assert [row.code for row in findings] == [
        "member",
        "active",
        "field",
        "consent",
        "representative",
        "one_seat",
    ]
    assert all(row.sentence.endswith(".") for row in findings)


@pytest.mark.parametrize(
    ("changes", "code", "words"),
    [
        ({"is_member": False, "membership": "تعلیق‌شده"}, "member", "وضعیت آن «تعلیق‌شده» است"),
        ({"is_active": False, "activity": "گزارشی ندارد."}, "active", "گزارشی ندارد"),
        ({"social_fields": ()}, "field", "اجتماعی یا فرهنگی نیست"),
        ({"consented_on": ""}, "consent", "نپذیرفته است"),
        ({"representative": ""}, "representative", "معرفی نکرده است"),
        ({"representative_is_person": False}, "representative", "فعال نیست"),
        ({"representative_acts": False}, "representative", "نماینده این سمن نیست"),
        ({"other_seat": "معاونت، کرسی ۱"}, "one_seat", "در «معاونت، کرسی ۱» است"),
    ],
)
def test_each_criterion_fails_alone_with_its_sentence(changes, code, words):
    found = replace(FULL, **changes)
    findings = eligibility.nominee_findings(found)
    unmet = [row for row in findings if not row.is_met]
    assert [row.code for row in unmet] == [code]
    assert words in unmet[0].sentence
    assert eligibility.unmet(found, findings)[0].startswith("«انجمن طلوع»: ")
    assert not eligibility.is_eligible(findings)


def test_findings_survive_being_kept():
    findings = eligibility.nominee_findings(FULL)
    assert eligibility.from_json(eligibility.as_json(findings)) == findings


# --- active --------------------------------------------------------------------------------------------------


def _active(on=TODAY) -> set[int]:
    return set(Ngo.objects.filter(active_q(on)).values_list("pk", flat=True))


def test_a_report_accepted_within_twelve_months_makes_active(five: Committee):
    ngo, other = eligible(five), eligible(five, report=False)
    assert _active() & {ngo.pk, other.pk} == {ngo.pk}
    assert activity_of(ngo, TODAY).is_active
    assert activity_of(ngo, TODAY).reason == "گزارش عملکرد آن در ۲ آذر ۱۴۰۵ پذیرفته شده است."
    assert activity_of(other, TODAY).reason == "در ۱۲ ماه گذشته گزارش عملکرد پذیرفته‌شده ندارد."


def test_the_list_and_the_single_answer_agree_on_every_day(five: Committee):
    ngo = eligible(five, report=False)
    accept_report(five, ngo, valid_until=TODAY + timedelta(days=100))
    for days in (-3, -1, 0, 99, 101, 363, 364, 365, 366, 400):
        on = TODAY + timedelta(days=days)
        assert (ngo.pk in _active(on)) == activity_of(ngo, on).is_active == (-1 <= days <= 100), days


def test_twelve_jalali_months_to_the_day(five: Committee):
    ngo = eligible(five)
    accepted = EARLIER.date()
    last = next(
        accepted + timedelta(days=days)
        for days in range(360, 370)
        if active_since(accepted + timedelta(days=days + 1)) > accepted
    )
    assert activity_of(ngo, last).is_active
    assert not activity_of(ngo, last + timedelta(days=1)).is_active


def test_the_months_are_a_dated_setting(five: Committee):
    ngo = eligible(five)
    DatedSetting.objects.create(key="ngo.active_months", value=1, effective_on=TODAY, set_at=NOW)
    later = TODAY + timedelta(days=60)
    assert not activity_of(ngo, later).is_active
    assert "۱ ماه" in activity_of(ngo, later).reason


def test_pending_and_returned_reports_do_not_count(five: Committee):
    from tests.factories import ngos as made

    ngo = eligible(five, report=False)
    made.upload(ngo, "activity_report", five.hq_expert)
    assert not activity_of(ngo, TODAY).is_active


def test_many_cost_what_one_costs(five: Committee, django_assert_num_queries):
    ngos = [eligible(five) for _ in range(4)]
    with django_assert_num_queries(3):
        assert all(row.is_active for row in activities_of(ngos, TODAY).values())


# --- the snapshot --------------------------------------------------------------------------------------------


def test_a_field_of_its_own_beside_the_primary_one_is_enough(vacant: World):
    technical = ActivityField.objects.exclude(code="culture").first()
    technical.is_social_cultural = False
    technical.save()
    ngo = eligible(vacant.five, field_code=technical.code)
    put_forward(vacant, 1)
    nominee = vacant.nominees[0]
    nominee.ngo = ngo
    nominee.save()
    assert not look_at(nominees_of(vacant.nomination), TODAY)[0].findings[2].is_met
    ngo.fields.add(ActivityField.objects.get(code="culture"))
    assert look_at(nominees_of(vacant.nomination), TODAY)[0].findings[2].is_met


def test_looking_at_three_costs_what_looking_at_one_costs(prepared: World, django_assert_num_queries):
    with django_assert_num_queries(7):
        assert all(row.is_eligible for row in look_at(nominees_of(prepared.nomination), TODAY))
