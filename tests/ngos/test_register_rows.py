"""What one row of a register comes to, and what the whole sample register comes to (page 7; N1, N2)."""

import re
from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ngos.register_columns import COLUMNS, HEADINGS
from ngos.register_file import RawRow, read_register
from ngos.register_rows import Finding, RegisterRecord, check_rows, parse_row
from ngos.register_vocabulary import LicensorFound
from tests.ngos.register_samples import (
    FIELDS,
    LEGAL_KINDS,
    NATIONAL_IDS,
    REGISTER,
    TODAY,
    expected,
    raw,
    vocabulary,
)


def parsed(**cells: object):
    return parse_row(raw(**cells), on=TODAY, vocab=vocabulary())


def record(**cells: object) -> RegisterRecord:
    result = parsed(**cells)
    assert result.rejections == []
    assert result.record is not None
    return result.record


def refused(**cells: object) -> list[str]:
    result = parsed(**cells)
    assert result.record is None
    assert result.warnings == []
    for finding in result.rejections:
        assert finding.reason.endswith(".") and not re.search(
            "[0-9]", finding.reason.replace("name@ngo.example", "")
        )
    return [finding.code for finding in result.rejections]


def warned(**cells: object) -> list[str]:
    result = parsed(**cells)
    assert result.record is not None
    return [finding.code for finding in result.warnings]


# --- The sample register ----------------------------------------------------------------------------------------


def outcome(on: date) -> tuple[dict, dict, dict, int]:
    rows = list(check_rows(read_register(REGISTER).rows, on=on, vocab=vocabulary()))
    return (
        {
            str(row.number_in_sheet): [finding.code for finding in row.rejections]
            for row in rows
            if row.rejections
        },
        {str(row.number_in_sheet): row.duplicate_of for row in rows if row.duplicate_of is not None},
        {
            str(row.number_in_sheet): [finding.code for finding in row.warnings]
            for row in rows
            if row.warnings
        },
        sum(row.record is not None for row in rows),
    )


# The outcome holds while no further licence of the register runs out: 22 Aban to 24 Azar 1405.
@pytest.mark.parametrize("on", [date(2026, 11, 13), TODAY, date(2026, 12, 15)])
def test_sample_register_comes_out_exactly_as_expected(on):
    wanted = expected()
    rejected, duplicates, warnings, accepted = outcome(on)
    assert rejected == {row: [code] for row, code in wanted["rejected"].items()}
    assert duplicates == wanted["duplicate_of"]
    assert warnings == {row: [code] for row, code in wanted["warned"].items()}
    assert accepted == wanted["accepted"]


@pytest.mark.parametrize(("on", "count"), [(date(2026, 11, 12), 18), (date(2026, 12, 16), 20)])
def test_a_day_outside_changes_the_warnings_only(on, count):
    rejected, duplicates, warnings, accepted = outcome(on)
    assert (len(rejected), len(duplicates), len(warnings), accepted) == (38, 12, count, 590)


def test_a_row_of_the_register_in_stored_form():
    row = read_register(REGISTER).rows[1]
    assert parse_row(row, on=TODAY, vocab=vocabulary()).record == RegisterRecord(
        number_in_sheet=6,
        name="گروه پیشگامان گردشگری پایدار پژواک",
        national_id="10836388884",
        registration_number="41414",
        registered_on=date(2016, 12, 12),
        legal_kind="گروه",
        licensor="وزارت کشور",
        licensor_text="وزارت کشور",
        licence_number="534/2238",
        licence_valid_until=date(2027, 7, 29),
        fields=("مدیریت بحران و امداد",),
        phone="02122063950",
        mobile="09124940675",
        email="info1@ngo2684.example",
        postal_code="1575319644",
        district=8,
        neighbourhood="هفت حوض",
        neighbourhood_text="هفت حوض",
        address="تهران، هفت حوض، خیابان امید فردا، پلاک ۱۲۵",
        ceo="پروین گودرزی",
        volunteers=169,
    )


def test_name_and_national_id_are_enough():
    assert record() == RegisterRecord(7, "انجمن یاوران کودکان یاس", NATIONAL_IDS[0])
    assert record(**dict.fromkeys((c.key for c in COLUMNS[2:]), " ")) == record()
    assert record(**dict.fromkeys((c.key for c in COLUMNS[2:]), "—")) == record()
    assert record(phone="ندارد", email="-") == record()


# --- Refusals ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", [None, "", "  ", "-", "\u200c", 12345, "۱۲۳", "م", "نام" * 100, "#N/A"])
def test_name(name):
    assert refused(name=name) == ["name"]


@pytest.mark.parametrize(
    "national_id",
    [
        None,
        "",
        "10380284792",
        "10380285692",
        "09748208301",
        "84735069516",
        "10103456789",
        "11111111111",
        "1038028479",
    ]
    + [1.0335648068123e10, "1.03E+10", True, "#REF!", "ندارد"],
)
def test_national_id(national_id):
    assert refused(national_id=national_id) == ["national_id"]


@pytest.mark.parametrize(
    "national_id",
    [
        10380284790,
        10380284790.0,
        "۱۰۳۸۰۲۸۴۷۹۰",
        "١٠٣٨٠٢٨٤٧٩٠",
        "10380-284790 ",
        "۱۰۳۸۰ ۲۸۴۷۹۰",
        "'10380284790",
    ],
)
def test_national_id_in_any_writing_is_one(national_id):
    assert record(national_id=national_id).national_id == "10380284790"


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("registration_number", "12345678"),
        ("registration_number", "الف"),
        ("registered_on", "۱۳۹۹/۱۳/۴۰"),
        ("registered_on", "1404/12/30"),
        ("registered_on", 45000),
        ("registered_on", "۱۴۰۶/۱/۱"),
        ("registered_on", "۱۲۵۰/۱/۱"),
        ("registered_on", datetime(2026, 11, 25)),
        ("registered_on", True),
        ("legal_kind", "شرکت"),
        ("legal_kind", 5),
        ("licensor", "دفتر همسایه"),
        ("licensor", "وزارت کشور و استانداری"),
        ("licensor", "استانداری تهران شماره ۱۲"),
        ("licence_number", "بدون شماره"),
        ("licence_number", datetime(2026, 1, 1)),
        ("licence_number", "1" * 51),
        ("licence_valid_until", "نامحدود"),
        ("licence_valid_until", "۱۴۹۰/۱/۱"),
        ("licence_valid_until", "#VALUE!"),
        ("fields", "کودکان، ماهیگیری"),
        ("fields", "زنان"),
        ("fields", "و"),
        ("phone", "123"),
        ("phone", "09121234567"),
        ("phone", "02122063950 - 02122063951"),
        ("mobile", "02122063950"),
        ("mobile", "0912123456"),
        ("email", "info@"),
        ("email", "info@ngo"),
        ("email", "a@ngo.example, b@ngo.example"),
        ("postal_code", "123456789"),
        ("postal_code", "تهران"),
        ("district", "۰"),
        ("district", "۲۳"),
        ("district", 99),
        ("district", 6.5),
        ("district", -6),
        ("district", "شمال"),
        ("district", "۶ و ۷"),
        ("district", True),
        ("neighbourhood", "ن" * 101),
        ("address", "خیابان " * 100),
        ("phone", "۱" * 30_000),
        ("fields", "ورزش، " * 1000),
        ("ceo", "۰۹۱۲۱۲۳۴۵۶۷"),
        ("ceo", "م" * 151),
        ("volunteers", "زیاد"),
        ("volunteers", -1),
        ("volunteers", 2.5),
        ("volunteers", 1_000_001),
        ("volunteers", "9" * 40),
        ("volunteers", "1,20"),
        ("volunteers", False),
        ("membership_number", "عضو"),
        ("membership_number", "1" * 31),
        ("member_since", "۱۴۰۶/۱/۱"),
        ("member_since", "دیروز"),
    ],
)
def test_what_is_there_must_be_right(key, value):
    result = parsed(**{key: value})
    if key == "neighbourhood":
        assert refused(district=6, **{key: value}) == [key]
    assert refused(**{key: value}) == [key]
    assert result.rejections[0].column == HEADINGS[key]


def test_every_fault_of_a_row_is_named():
    codes = refused(name=None, national_id="11111111111", district="۲۳", mobile="1", fields="؟؟ ماهی")
    assert sorted(codes) == ["district", "fields", "mobile", "name", "national_id"]


def test_a_finding_tells_column_value_and_reason():
    assert parsed(district="۲۳").rejections == [
        Finding(
            "منطقه", "۲۳", "district", "منطقه شناخته نشد؛ شماره منطقه شهرداری تهران را از ۱ تا ۲۲ بنویسید."
        )
    ]
    assert parsed(registered_on=datetime(2027, 3, 21)).rejections[0].value == "۱۴۰۶/۰۱/۰۱"
    assert parsed(volunteers=-1).rejections[0].value == "-1"


# --- Warnings ---------------------------------------------------------------------------------------------------


def test_licence_expires_after_its_last_day():
    assert warned(licence_valid_until=TODAY) == []
    assert warned(licence_valid_until=TODAY - timedelta(days=1)) == ["licence_expired"]
    assert "۱۴۰۵/۰۹/۰۲" in parsed(licence_valid_until="۱۴۰۵/۹/۲").warnings[0].reason


def test_postal_code_that_the_post_would_not_give():
    assert warned(postal_code="1111111111") == ["postal_code_odd"]
    assert record(postal_code="1111111111").postal_code == "1111111111"
    assert warned(postal_code="15753-19644") == []


def test_unknown_neighbourhood_is_kept_as_text():
    result = parsed(district=6, neighbourhood="محله تازه")
    assert [finding.code for finding in result.warnings] == ["neighbourhood_unknown"]
    assert result.record.neighbourhood is None
    assert result.record.neighbourhood_text == "محله تازه"


def test_neighbourhood_of_another_district_is_told():
    result = parsed(district=6, neighbourhood="ولنجک")
    assert [finding.code for finding in result.warnings] == ["neighbourhood_unknown"]
    assert "در منطقه ۱ هست" in result.warnings[0].reason


def test_neighbourhood_without_district():
    assert warned(neighbourhood="ولنجک") == ["neighbourhood_unknown"]


@pytest.mark.parametrize("text", ["ولنجک", "ولنجك", " ولنجک ", "محله ولنجک", "ول‌نجک"])
def test_neighbourhood_in_any_writing(text):
    assert record(district=1, neighbourhood=text).neighbourhood == "ولنجک"
    assert warned(district=1, neighbourhood=text) == []


def test_existing_member_needs_number_and_date():
    member = record(membership_number="۱۳۹۸/۱۲", member_since="۱۳۹۸/۲/۱")
    assert (member.membership_number, member.member_since) == ("1398/12", date(2019, 4, 21))
    assert warned(membership_number=12, member_since="۱۳۹۸/۲/۱") == []
    assert warned(membership_number=12) == ["membership_incomplete"]
    assert warned(member_since="۱۳۹۸/۲/۱") == ["membership_incomplete"]


# --- Accepted spellings -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("raw_date", "day"),
    [
        ("1395/9/22", date(2016, 12, 12)),
        ("١٣٩٥-٠٩-٢٢ ", date(2016, 12, 12)),
        ("۲۲ آذر ۱۳۹۵", date(2016, 12, 12)),
        (datetime(2016, 12, 12), date(2016, 12, 12)),
        (date(2016, 12, 12), date(2016, 12, 12)),
        (13950922, date(2016, 12, 12)),
    ],
)
def test_dates(raw_date, day):
    assert record(registered_on=raw_date).registered_on == day


@pytest.mark.parametrize("kind", LEGAL_KINDS)
def test_legal_kinds(kind):
    assert record(legal_kind=f" {kind.replace('ک', 'ك')} ").legal_kind == kind
    assert record(legal_kind="موسسه").legal_kind == "مؤسسه"


@pytest.mark.parametrize(
    ("text", "licensor", "place"),
    [
        ("وزارت كشور", "وزارت کشور", ""),
        ("استانداری تهران", "استانداری", "تهران"),
        ("فرمانداری شهرستان شمیرانات", "فرمانداری", "شهرستان شمیرانات"),
        ("سازمان بهزیستی (استان تهران)", "سازمان بهزیستی", "استان تهران"),
        ("بهزیستی تهران", "سازمان بهزیستی", "تهران"),
        ("نیروی انتظامی", "فرماندهی انتظامی (فراجا)", ""),
        ("نیروی انتظامی تهران بزرگ", "فرماندهی انتظامی (فراجا)", "تهران بزرگ"),
        ("فراجا", "فرماندهی انتظامی (فراجا)", ""),
        ("فرماندهی انتظامی", "فرماندهی انتظامی (فراجا)", ""),
        ("وزارت فرهنگ و ارشاد اسلامی", "وزارت فرهنگ و ارشاد اسلامی", ""),
        ("وزارت ورزش و جوانان", "وزارت ورزش و جوانان", ""),
        ("سازمان اوقاف و امور خیریه - ری", "سازمان اوقاف و امور خیریه", "ری"),
        ("کمیته امداد امام خمینی", "کمیته امداد", ""),
    ],
)
def test_licensors_keep_their_place(text, licensor, place):
    assert vocabulary().find_licensor(text) == LicensorFound(licensor, place)
    taken = record(licensor=text)
    assert (taken.licensor, taken.licensor_place) == (licensor, place)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("كودكان", ["کودکان"]),
        ("ورزش، فرهنگ و هنر، کودکان", ["ورزش", "فرهنگ و هنر", "کودکان"]),
        ("سالمندان - صنایع دستی", ["سالمندان", "صنایع دستی"]),
        ("سالمندان-صنایع دستی", ["سالمندان", "صنایع دستی"]),
        ("زنان و خانواده/جوانان", ["زنان و خانواده", "جوانان"]),
        ("زنان و خانواده و جوانان", ["زنان و خانواده", "جوانان"]),
        ("معلولان و توان بخشی,پیشگیری از اعتیاد و آسیبها", [FIELDS[4], FIELDS[6]]),
        ("معلولان و توانبخشی؛ ورزش\nورزش", [FIELDS[4], "ورزش"]),
        ("حقوق شهروندی و مشارکت محله اي", [FIELDS[17]]),
    ],
)
def test_fields_in_one_cell(text, names):
    assert record(fields=text).fields == tuple(names)


def test_a_field_whose_name_holds_a_comma_is_still_one():
    words = replace(vocabulary(), fields={"آب، خاک و هوا": "soil", "ورزش": "sport"})
    result = parse_row(raw(fields="ورزش، آب، خاک و هوا"), on=TODAY, vocab=words)
    assert result.record.fields == ("sport", "soil")


def test_the_longest_field_is_meant():
    words = replace(vocabulary(), fields={"زنان": "women", "خانواده": "family", "زنان و خانواده": "both"})
    assert words.find_fields("زنان و خانواده") == (["both"], "")
    assert words.find_fields("خانواده و زنان") == (["family", "women"], "")


def test_a_licensor_answers_to_the_name_in_its_brackets():
    words = replace(vocabulary(), licensor_aliases={})
    assert words.find_licensor("فراجا تهران") == LicensorFound("فرماندهی انتظامی (فراجا)", "تهران")
    assert words.find_licensor("نیروی انتظامی") is None


def test_the_unknown_field_is_named():
    assert "«ماهیگیری»" in parsed(fields="ورزش، ماهیگیری، کودکان").rejections[0].reason


@given(
    st.lists(st.sampled_from(FIELDS), min_size=1, max_size=6, unique=True),
    st.sampled_from(["/", "، ", ",", " - "]),
)
@settings(max_examples=60, deadline=None)
def test_any_list_of_fields_comes_back_in_its_order(names, separator):
    assert vocabulary().find_fields(separator.join(names)) == (names, "")


@pytest.mark.parametrize(
    "text",
    [
        6,
        6.0,
        "۶",
        "٦",
        "6 ",
        "منطقه ۶",
        "منطقه‌ی ۶",
        "م۶",
        "م 6",
        "منطقه۶",
        "شهرداری منطقه ۶",
        "منطقه ۶ شهرداری تهران",
        "06",
    ],
)
def test_districts(text):
    assert record(district=text).district == 6


@pytest.mark.parametrize(
    ("key", "value", "stored"),
    [
        ("phone", 2122063950, "02122063950"),
        ("phone", "۰۲۱-۲۲۰۶۳۹۵۰", "02122063950"),
        ("phone", "٠٢١٢٢٠٦٣٩٥٠", "02122063950"),
        ("phone", 22063950, "02122063950"),
        ("mobile", 9124940675, "09124940675"),
        ("mobile", 9124940675.0, "09124940675"),
        ("mobile", "+989124940675", "09124940675"),
        ("mobile", "۰۹۱۲ ۴۹۴ ۰۶۷۵", "09124940675"),
        ("email", " Info@NGO.Example ", "Info@ngo.example"),
        ("email", "mailto:info@ngo.example", "info@ngo.example"),
        ("email", "info۱@ngo.example", "info1@ngo.example"),
        ("postal_code", 1575319644, "1575319644"),
        ("postal_code", "۱۵۷۵۳-۱۹۶۴۴", "1575319644"),
        ("registration_number", 24791.0, "24791"),
        ("licence_number", "۱۳۶/۹۹۴", "136/994"),
        ("licence_number", 1234.0, "1234"),
        ("volunteers", "۱٬۲۰۰", 1200),
        ("volunteers", "۱۲۰ نفر", 120),
        ("volunteers", 0, 0),
        ("volunteers", 439.0, 439),
        ("membership_number", 17, "17"),
        ("ceo", " پروين  گودرزي ", "پروین گودرزی"),
        ("name", "  مركز  پويش ", "مرکز پویش"),
    ],
)
def test_stored_forms(key, value, stored):
    assert getattr(record(**{key: value}), key) == stored


# --- Within one file --------------------------------------------------------------------------------------------


def rows(*cells: dict) -> list[RawRow]:
    return [replace(raw(**row), number_in_sheet=number) for number, row in enumerate(cells, start=5)]


def checked(*cells: dict):
    return list(check_rows(rows(*cells), on=TODAY, vocab=vocabulary()))


def test_repeated_national_id_names_the_first_row_in_whatever_digits():
    first, second, third, other = checked(
        {}, {"national_id": "۱۰۳۸۰-۲۸۴۷۹۰"}, {"national_id": 10380284790}, {"national_id": NATIONAL_IDS[1]}
    )
    assert (first.duplicate_of, second.duplicate_of, third.duplicate_of, other.duplicate_of) == (
        None,
        5,
        5,
        None,
    )
    assert second.record is None
    assert second.duplicate == Finding(
        "شناسه ملی",
        "۱۰۳۸۰-۲۸۴۷۹۰",
        "duplicate",
        "این شناسه ملی در سطر ۵ همین فایل آمده است؛ این سطر ثبت نمی‌شود.",
    )
    assert first.record is not None and other.record is not None


def test_national_id_of_a_refused_row_has_still_come_earlier():
    refused_row, later = checked({"district": 99}, {})
    assert [finding.code for finding in refused_row.rejections] == ["district"]
    assert later.duplicate_of == 5


def test_a_duplicate_is_told_as_duplicate_only():
    _, later = checked({}, {"district": 99, "licence_valid_until": "۱۴۰۰/۱/۱"})
    assert (later.duplicate_of, later.rejections, later.warnings) == (5, [], [])


def test_invalid_national_ids_are_never_duplicates():
    results = checked({"national_id": "11111111111"}, {"national_id": "11111111111"}, {"national_id": None})
    assert [[finding.code for finding in row.rejections] for row in results] == [["national_id"]] * 3


def test_a_membership_number_belongs_to_one():
    _, second = checked(
        {"membership_number": "۱۲", "member_since": "۱۳۹۸/۲/۱"},
        {"membership_number": 12, "member_since": "۱۳۹۸/۲/۱", "national_id": NATIONAL_IDS[1]},
    )
    assert [finding.code for finding in second.rejections] == ["membership_number"]
    assert "سطر ۵" in second.rejections[0].reason
    assert second.record is None


CELLS = st.one_of(
    st.none(),
    st.text(max_size=40),
    st.integers(),
    st.floats(),
    st.booleans(),
    st.datetimes(),
    st.sampled_from(
        ["۱۴۰۵/۹/۳", "منطقه ۶", "ورزش", "استانداری تهران", "#N/A", "10380284790", "1e400", "۹" * 30]
    ),
)


@given(st.dictionaries(st.sampled_from([column.key for column in COLUMNS]), CELLS))
@settings(max_examples=400, deadline=None)
def test_whatever_stands_in_a_cell_is_taken_or_refused_but_never_breaks(cells):
    row = RawRow(9, cells)
    result = parse_row(row, on=TODAY, vocab=vocabulary())
    assert (result.record is None) == bool(result.rejections)
    assert {finding.code for finding in result.rejections} <= set(HEADINGS)
    assert all(
        isinstance(finding.value, str) and finding.reason for finding in result.rejections + result.warnings
    )
