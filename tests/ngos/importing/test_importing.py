"""What an import does with the registry: counts, findings, changes, conflicts (page 7; N1, N2)."""

import pytest

from ngos.models import Licence, Ngo, Officer
from ngos.operations.importing import CHUNK, check_register, import_register, rows_named
from ngos.operations.register_plan import read_vocabulary
from ngos.workflow import MEMBERSHIP
from staff_portal.kernel.base.refusals import NotPermitted
from staff_portal.kernel.base.roles import Role
from staff_portal.kernel.models import AuditEntry
from staff_portal.kernel.workflow import work
from tests.ngos.importing.support import AT, HEADING, ON, make_user, rows, sample, sheet
from tests.ngos.register_samples import expected
from tests.support.states import put

pytestmark = pytest.mark.django_db


@pytest.fixture
def expert():
    return make_user("expert")


def codes(lines):
    return {str(line["row"]): line["code"] for line in lines}


def do(data, expert, heading=HEADING):
    return import_register(sheet(data, heading), actor=expert, at=AT, on=ON)


def test_the_sample_register_is_imported_as_expected(expert):
    wanted = expected()
    report = import_register(sample(), actor=expert, at=AT, on=ON)

    assert (report.created, report.updated, report.unchanged) == (wanted["accepted"], 0, 0)
    assert codes(report.rejected) == wanted["rejected"]
    assert len(report.rejected) == len(wanted["rejected"])
    assert codes(report.warned) == wanted["warned"]
    earlier = {str(line["row"]): line["reason"] for line in report.duplicates}
    assert earlier.keys() == wanted["duplicate_of"].keys()
    assert Ngo.objects.count() == wanted["accepted"]
    assert Ngo.objects.filter(state="draft", registered_by=expert).count() == wanted["accepted"]
    assert Licence.objects.count() == Officer.objects.count() == wanted["accepted"]
    assert AuditEntry.objects.filter(event="ngo.imported").count() == wanted["accepted"]


def test_what_would_happen_is_what_happens_and_writes_nothing(expert):
    before = AuditEntry.objects.count()
    would = check_register(sample(), on=ON)
    assert Ngo.objects.count() == 0
    assert AuditEntry.objects.count() == before
    assert would == import_register(sample(), actor=expert, at=AT, on=ON)


def test_the_same_file_again_changes_nothing(expert):
    import_register(sample(), actor=expert, at=AT, on=ON)
    entries, licences, officers = AuditEntry.objects.count(), Licence.objects.count(), Officer.objects.count()
    versions = set(Ngo.objects.values_list("version", flat=True))

    again = import_register(sample(), actor=expert, at=AT, on=ON)

    assert (again.created, again.updated, again.unchanged) == (0, 0, 590)
    assert AuditEntry.objects.count() == entries
    assert (Licence.objects.count(), Officer.objects.count()) == (licences, officers)
    assert set(Ngo.objects.values_list("version", flat=True)) == versions == {1}


def test_only_an_expert_imports(expert):
    for role in (Role.HQ_MANAGER, Role.AUDITOR, Role.NGO_USER):
        with pytest.raises(NotPermitted):
            do(rows(1), make_user(f"user-{role}", role))
    assert Ngo.objects.count() == 0


def test_a_changed_row_is_updated_with_before_and_after(expert):
    first, second, third = rows(3)
    do([first, second, third], expert)
    moved = (first[0], first[1], "02188001122", "", "", None)
    renamed = (second[0] + " نو", *second[1:])

    report = do([moved, renamed, third], expert)

    assert (report.created, report.updated, report.unchanged) == (0, 2, 1)
    ngo = Ngo.objects.get(national_id=first[1])
    assert (ngo.phone, ngo.district_id, ngo.address, ngo.version) == ("02188001122", 1, first[5], 2)
    assert "02188001122" in ngo.search_text
    assert ngo.officers.get().full_name in ngo.search_text
    entry = AuditEntry.objects.get(event="ngo.changed", subject_id=ngo.pk)
    assert entry.before == {"state": "draft", "phone": first[2]}
    assert entry.after == {"state": "draft", "phone": "02188001122"}
    assert entry.actor == expert
    renamed_ngo = Ngo.objects.get(national_id=second[1])
    assert renamed_ngo.name.endswith("نو")
    assert "نو" in renamed_ngo.search_text
    assert "نو" in renamed_ngo.name_core


def test_new_licence_fields_and_chief_come_with_an_update(expert):
    heading = (
        "نام سازمان",
        "شناسه ملی",
        "حوزه فعالیت",
        "مرجع صدور پروانه",
        "شماره پروانه",
        "اعتبار پروانه",
        "مدیرعامل",
    )
    row = rows(1)[0]
    old = (row[0], row[1], "کودکان، ورزش", "استانداری تهران", "۱۲/۳", "۱۴۰۶/۰۱/۰۱", "زهرا امینی")
    new = (row[0], row[1], "ورزش", "استانداری تهران", "۱۲/۳", "۱۴۰۸/۰۱/۰۱", "علی نادری")
    do([old], expert, heading)
    assert do([old], expert, heading).unchanged == 1

    assert do([new], expert, heading).updated == 1

    ngo = Ngo.objects.get()
    assert [field.title for field in ngo.fields.all()] == ["ورزش"]
    assert ngo.primary_field.title == "ورزش"
    assert ngo.licences.count() == 2
    assert list(ngo.officers.order_by("id").values_list("full_name", flat=True)) == [
        "زهرا امینی",
        "علی نادری",
    ]
    former, present = ngo.officers.order_by("id")
    assert former.term.upper is not None
    assert present.term.upper is None
    assert "نادری" in ngo.search_text
    assert set(
        AuditEntry.objects.filter(root_id=ngo.pk, root_type="ngos.ngo").values_list("event", flat=True)
    ) == {
        "ngo.imported",
        "ngo.changed",
        "ngo.licence_recorded",
        "ngo.officer_recorded",
        "ngo.officer_ended",
    }
    assert do([new], expert, heading).unchanged == 1


def test_a_licence_alone_is_an_update_too(expert):
    heading = ("نام سازمان", "شناسه ملی", "مرجع صدور پروانه", "اعتبار پروانه")
    row = rows(1)[0]
    do([(row[0], row[1], "بهزیستی", "۱۴۰۶/۰۱/۰۱")], expert, heading)
    report = do([(row[0], row[1], "بهزیستی", "۱۴۰۷/۰۱/۰۱")], expert, heading)
    assert report.updated == 1
    assert not AuditEntry.objects.filter(event="ngo.changed").exists()


MEMBERS = ("نام سازمان", "شناسه ملی", "شماره عضویت", "تاریخ عضویت")


def test_rows_with_a_number_wait_for_the_manager_and_members_keep_theirs(expert):
    first, second = rows(2)
    do([(first[0], first[1], "ع/۱۷", "۱۳۹۹/۰۲/۰۳"), (second[0], second[1], "", "")], expert, MEMBERS)
    ngo, draft = Ngo.objects.order_by("id")
    assert (ngo.state, ngo.claimed_number, ngo.membership_number) == ("draft", "ع/17", None)
    assert ngo.claimed_since.isoformat() == "2020-04-22"
    assert (draft.state, draft.claimed_number) == ("draft", "")

    put(MEMBERSHIP, ngo, "member", membership_number="ع/17", member_since=ngo.claimed_since, version=2)
    report = do([(first[0] + " ایران", first[1], "ع/۱۸", "۱۳۹۹/۰۲/۰۴")], expert, MEMBERS)
    ngo.refresh_from_db()
    assert report.updated == 1
    assert [row["code"] for row in report.warned] == ["membership_kept", "member_renamed"]
    assert all(word in report.warned[1]["reason"] for word in (first[0], f"{first[0]} ایران"))
    assert (ngo.membership_number, ngo.claimed_number, ngo.state) == ("ع/17", "ع/17", "member")
    assert ngo.claimed_since == ngo.member_since


def test_a_number_of_another_ngo_is_refused(expert):
    first, second = rows(2)
    do([(first[0], first[1], "ع/۱۷", "۱۳۹۹/۰۲/۰۳")], expert, MEMBERS)
    report = do([(second[0], second[1], "ع/17", "۱۳۹۹/۰۲/۰۳")], expert, MEMBERS)
    assert (report.created, codes(report.rejected)) == (0, {"2": "membership_number"})
    assert first[0] in report.rejected[0]["reason"]


def test_a_neighbourhood_does_not_stay_behind_when_the_district_changes(expert):
    heading = ("نام سازمان", "شناسه ملی", "منطقه", "محله")
    row = rows(1)[0]
    do([(row[0], row[1], 6, "آرژانتین - ساعی")], expert, heading)
    assert Ngo.objects.get().neighbourhood is not None
    do([(row[0], row[1], 7, "")], expert, heading)
    ngo = Ngo.objects.get()
    assert (ngo.district_id, ngo.neighbourhood, ngo.neighbourhood_text) == (7, None, "")


def test_similar_names_and_equal_telephones_are_warned_of(expert):
    heading = ("نام سازمان", "شناسه ملی", "تلفن")
    ids = [row[1] for row in rows(6)]
    do([("انجمن یاوران کودکان سپیدار", ids[0], "02188001122")], expert, heading)
    report = do(
        [
            ("انجمن یاوران کودکان سپیدر", ids[1], "02188001133"),  # of the registry
            ("بنیاد نیک‌اندیشان البرز", ids[2], "02188001144"),
            ("نیک اندیشان بنیاد البرز", ids[3], "02188001155"),  # of the file
            ("مرکز پژوهش زنبق", ids[4], "02188001122"),  # the telephone
            ("کانون دوستداران شقایق", ids[5], "02188001166"),
        ],
        expert,
        heading,
    )
    assert report.created == 5
    assert [(line["row"], line["column"], line["code"]) for line in report.as_json()["warned"]] == [
        (2, "نام سازمان", "similar_name"),
        (4, "نام سازمان", "similar_name"),
        (5, "تلفن", "similar_name"),
    ]
    assert "انجمن یاوران کودکان سپیدار" in report.warned[0]["reason"]
    assert "سطر ۳ همین فایل" in report.warned[1]["reason"]


def test_a_row_the_database_refuses_costs_no_other_row(expert):
    heading = ("نام سازمان", "شناسه ملی", "مرجع صدور پروانه", "اعتبار پروانه")
    data = [(row[0], row[1], "استانداری تهران", "۱۴۰۸/۰۱/۰۱") for row in rows(5)]
    too_long = f"استانداری {'گ' * 90}"
    data[2] = (data[2][0], data[2][1], too_long, "۱۴۰۸/۰۱/۰۱")

    report = do(data, expert, heading)

    assert report.created == 4
    assert codes(report.rejected) == {"4": "row"}
    assert "بلند" in report.rejected[0]["reason"]
    assert Ngo.objects.count() == Licence.objects.count() == 4


def test_queries_do_not_grow_with_the_rows_of_a_chunk(expert, django_assert_max_num_queries):
    small, large = sheet(rows(CHUNK)), sheet(rows(2000, start=CHUNK))
    import_register(small, actor=expert, at=AT, on=ON)
    with django_assert_max_num_queries(10 + 18 * 10) as first:
        report = import_register(large, actor=expert, at=AT, on=ON)
    # ten chunks: a handful of statements for each, not one for each row
    assert 50 < len(first) < 200
    assert report.rejected == report.warned == []
    assert report.created == 2000
    assert work.rebuild(at=AT, mend=False).total == 0
    with django_assert_max_num_queries(10 + 9 * 10):
        assert import_register(large, actor=expert, at=AT, on=ON).unchanged == 2000


def test_progress_is_told_after_every_chunk_and_ends_with_the_last_row(expert):
    told = []
    import_register(
        sheet(rows(450)),
        actor=expert,
        at=AT,
        on=ON,
        progress=lambda done, total, text: told.append((done, total)),
    )
    assert told == [(200, 450), (400, 450), (450, 450)]


def test_the_vocabulary_knows_the_lists_of_the_database():
    vocabulary = read_vocabulary()
    assert len(vocabulary.districts) == 22
    assert len(vocabulary.fields) == 18
    assert vocabulary.find_licensor("فراجا") is not None
    assert vocabulary.find_neighbourhood(6, "آرژانتین - ساعی") is not None


def test_lists_of_the_report_stand_in_the_order_of_rows(expert):
    report = import_register(sample(), actor=expert, at=AT, on=ON).as_json()
    assert list(report) == ["created", "updated", "unchanged", "duplicates", "rejected", "warned"]
    for name in ("duplicates", "rejected", "warned"):
        numbers = [line["row"] for line in report[name]]
        assert numbers == sorted(numbers)
        assert set(report[name][0]) == {"row", "column", "value", "code", "reason"}
        assert rows_named(report[name]) == set(numbers)
