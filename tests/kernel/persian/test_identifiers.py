"""The identifiers with the published vectors, what spreadsheets do to them, and check-digit properties."""

from decimal import Decimal

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from staff_portal.kernel.persian import identifiers as ids
from staff_portal.kernel.persian.digits import to_persian_digits

VALID_NATIONAL_IDS = [
    "10380284790",
    "10100387143",
    "10260014510",
    "10460108920",
    "10101598487",
    "14013316857",
]
INVALID_NATIONAL_IDS = [
    "10380284792",
    "10380285692",
    "09748208301",
    "84735069516",
    "10103456789",
    "11111111111",
]
VALID_NATIONAL_CODES = ["0499370899", "0790419904", "1583250689", "0684159414", "0076229645"]
INVALID_NATIONAL_CODES = ["1234567890", "0684159415", "4271427685", "9990419904", "1111111111"]
VALID_SHEBAS = ["IR820540102680020817909002", "IR550570022080013447370101", "IR790610000000700796858044"]
INVALID_SHEBAS = ["IR820540102680020817909003", "IR012345678901234567890123"]

NORMALISERS = [
    ids.normalise_national_id,
    ids.normalise_national_code,
    ids.normalise_mobile,
    ids.normalise_landline,
    ids.normalise_postal_code,
    ids.normalise_sheba,
    ids.normalise_registration_number,
]


def refusal(normalise, raw: object) -> ids.IdentifierError:
    with pytest.raises(ids.IdentifierError) as caught:
        normalise(raw)
    return caught.value


@pytest.mark.parametrize(
    ("check", "valid", "invalid"),
    [
        (ids.is_valid_national_id, VALID_NATIONAL_IDS, INVALID_NATIONAL_IDS),
        (ids.is_valid_national_code, VALID_NATIONAL_CODES, INVALID_NATIONAL_CODES),
        (ids.is_valid_sheba, VALID_SHEBAS, INVALID_SHEBAS),
    ],
)
def test_vectors(check, valid: list[str], invalid: list[str]) -> None:
    for value in valid:
        assert check(value), value
        assert check(to_persian_digits(value)), value
    for value in invalid:
        assert not check(value), value


@pytest.mark.parametrize(
    ("normalise", "raw", "stored"),
    [
        (ids.normalise_national_id, 10335648068, "10335648068"),
        (ids.normalise_national_id, 1.0335648068e10, "10335648068"),
        (ids.normalise_national_id, Decimal("10335648068"), "10335648068"),
        (ids.normalise_national_id, "1.0335648068E+10", "10335648068"),
        (ids.normalise_national_id, "10335648068.0", "10335648068"),
        (ids.normalise_national_id, "۱۰۳۸۰-۲۸۴۷۹۰", "10380284790"),
        (ids.normalise_national_id, " ١٠٣٨٠٢٨٤٧٩٠\u200f ", "10380284790"),
        (ids.normalise_national_id, "'10380284790", "10380284790"),
        (ids.normalise_national_code, "049-937089-9", "0499370899"),
        (ids.normalise_national_code, 1583250689, "1583250689"),
        (ids.normalise_mobile, 9908155236, "09908155236"),
        (ids.normalise_mobile, 9908155236.0, "09908155236"),
        (ids.normalise_mobile, "09908155236", "09908155236"),
        (ids.normalise_mobile, "+989908155236", "09908155236"),
        (ids.normalise_mobile, "+98 (0) 990 815 5236", "09908155236"),
        (ids.normalise_mobile, "00989908155236", "09908155236"),
        (ids.normalise_mobile, 989908155236, "09908155236"),
        (ids.normalise_mobile, "۰۹۹۰ ۸۱۵ ۵۲۳۶", "09908155236"),
        (ids.normalise_landline, "٠٢١٦٩٠٥٠٥٣٠", "02169050530"),
        (ids.normalise_landline, "۰۲۱-۲۳۸۳ ۹۴۲۴", "02123839424"),
        (ids.normalise_landline, "021-23839424", "02123839424"),
        (ids.normalise_landline, "(021) 2383–9424", "02123839424"),
        (ids.normalise_landline, "23839424", "02123839424"),
        (ids.normalise_landline, 23839424, "02123839424"),
        (ids.normalise_landline, 2123839424, "02123839424"),
        (ids.normalise_landline, "+98 21 2383 9424", "02123839424"),
        (ids.normalise_landline, "00982123839424", "02123839424"),
        (ids.normalise_landline, 982123839424, "02123839424"),
        (ids.normalise_landline, "026-32123456", "02632123456"),
        (ids.normalise_postal_code, "15753-19644", "1575319644"),
        (ids.normalise_postal_code, 1493889555, "1493889555"),
        (ids.normalise_postal_code, "۱۸۸۳۴۳۸۸۹۳", "1883438893"),
        (ids.normalise_sheba, "ir82 0540 1026 8002 0817 9090 02", "IR820540102680020817909002"),
        (ids.normalise_sheba, "۸۲۰۵۴۰۱۰۲۶۸۰۰۲۰۸۱۷۹۰۹۰۰۲", "IR820540102680020817909002"),
        (ids.normalise_registration_number, "۶۸۳۶", "6836"),
        (ids.normalise_registration_number, 24791.0, "24791"),
        (ids.normalise_registration_number, "00123", "123"),
        (ids.normalise_registration_number, "1234567", "1234567"),
    ],
)
def test_accepted_spellings(normalise, raw: object, stored: str) -> None:
    assert normalise(raw) == stored
    assert normalise(stored) == stored


@pytest.mark.parametrize(
    ("normalise", "raw", "problem", "words"),
    [
        (ids.normalise_national_id, "1038028479", "length", "۱۰ رقم نوشته شده"),
        (ids.normalise_national_id, "1038028479A", "not_digits", "فقط رقم"),
        (ids.normalise_national_id, "11111111111", "repeated", "تکرار یک رقم"),
        (ids.normalise_national_id, "10380284792", "check_digit", "با سند مقایسه کنید"),
        (ids.normalise_national_id, "1.03356E+10", "lost_digits", "از دست رفته"),
        (ids.normalise_national_id, 10335648068.5, "lost_digits", "از دست رفته"),
        (ids.normalise_national_id, float("nan"), "lost_digits", "از دست رفته"),
        (ids.normalise_national_id, True, "empty", "بنویسید"),
        (ids.normalise_national_code, 499370899, "length", "صفرها را هم بنویسید"),
        (ids.normalise_national_code, "76229645", "length", "صفرها را هم بنویسید"),
        (ids.normalise_national_code, "06841594140", "length", "۱۱ رقم نوشته شده"),
        (ids.normalise_mobile, "0912345678", "form", "۱۱ رقم"),
        (ids.normalise_mobile, "02123839424", "form", "۰۹"),
        (ids.normalise_mobile, "+971501234567", "form", "۰۹"),
        (ids.normalise_landline, "09123456789", "mobile", "همراه"),
        (ids.normalise_landline, "9123456789", "mobile", "همراه"),
        (ids.normalise_landline, "2383942", "form", "کد شهر"),
        (ids.normalise_landline, "02123839424 داخلی 12", "form", "بدون داخلی"),
        (ids.normalise_landline, "02100839424", "form", "کد شهر"),
        (ids.normalise_postal_code, "12345", "length", "۵ رقم"),
        (ids.normalise_sheba, "IR82054010268002081790900", "form", "۲۴ رقم"),
        (ids.normalise_sheba, "IR820540102680020817909003", "check_digit", "سند"),
        (ids.normalise_registration_number, "12345678", "length", "۷ رقم"),
        (ids.normalise_registration_number, "000", "length", "صفر نباشد"),
        (ids.normalise_registration_number, "12/34", "not_digits", "فقط رقم"),
    ],
)
def test_refusals_say_what_to_do(normalise, raw: object, problem: str, words: str) -> None:
    error = refusal(normalise, raw)
    assert error.problem == problem
    assert words in error.sentence
    assert str(error) == error.sentence


@pytest.mark.parametrize("normalise", NORMALISERS)
@pytest.mark.parametrize("raw", [None, "", "   ", "\u200c\u200f", "-"])
def test_nothing_written_is_asked_for(normalise, raw: object) -> None:
    assert refusal(normalise, raw).problem == "empty"


def test_error_code_names_the_identifier() -> None:
    codes = [refusal(normalise, "x").code for normalise in NORMALISERS]
    assert codes == [
        "national_id",
        "national_code",
        "mobile",
        "landline",
        "postal_code",
        "sheba",
        "registration_number",
    ]


@pytest.mark.parametrize("normalise", NORMALISERS)
@given(raw=st.one_of(st.text(max_size=40), st.integers(), st.floats(), st.none(), st.booleans()))
def test_any_input_is_stored_in_ascii_or_refused_in_a_sentence(normalise, raw: object) -> None:
    stored = sentence = ""
    try:
        stored = normalise(raw)
    except ids.IdentifierError as error:
        sentence = error.sentence
    assert bool(stored) != sentence.endswith(".")
    assert stored.isascii()
    assert not stored or normalise(stored) == stored


@given(st.text(alphabet="0123456789", min_size=10, max_size=10))
def test_national_id_has_exactly_one_last_digit(first_ten: str) -> None:
    assume(len(set(first_ten)) > 1)
    assert sum(ids.is_valid_national_id(f"{first_ten}{last}") for last in range(10)) == 1


@given(st.text(alphabet="0123456789", min_size=9, max_size=9))
def test_national_code_has_exactly_one_last_digit(first_nine: str) -> None:
    assume(len(set(first_nine)) > 1)
    assert sum(ids.is_valid_national_code(f"{first_nine}{last}") for last in range(10)) == 1


NINE_DIGITS = st.text(alphabet="0123456789", min_size=9, max_size=9)


@given(NINE_DIGITS, st.integers(0, 9), st.sampled_from("0123456789"))
def test_national_code_detects_a_single_wrong_digit(first_nine: str, place: int, digit: str) -> None:
    # The formula gives 1 for two remainders (1 and 10), so only codes ending in 1 leave a gap.
    last = ids.national_code_check_digit(first_nine)
    assume(last != 1 or place == 9)
    code = f"{first_nine}{last}"
    assume(code[place] != digit)
    assert not ids.is_valid_national_code(code[:place] + digit + code[place + 1 :])


def test_the_known_gap_of_the_national_code_formula() -> None:
    # One digit apart, remainders 10 and 1, both ending in 1: the formula itself cannot tell them apart.
    assert ids.is_valid_national_code("5109976181")
    assert ids.is_valid_national_code("5209976181")


@given(
    st.text(alphabet="0123456789", min_size=22, max_size=22),
    st.integers(2, 25),
    st.sampled_from("0123456789"),
)
def test_sheba_detects_any_single_wrong_digit(account: str, place: int, digit: str) -> None:
    check = 98 - int(f"{account}182700") % 97
    sheba = f"IR{check:02d}{account}"
    assert ids.is_valid_sheba(sheba)
    assume(sheba[place] != digit)
    assert not ids.is_valid_sheba(sheba[:place] + digit + sheba[place + 1 :])


@given(st.from_regex(r"09[0-9]{9}", fullmatch=True), st.sampled_from(["", "0", "98", "+98", "0098", "+98-0"]))
def test_mobile_prefixes_are_one_number(stored: str, prefix: str) -> None:
    assert ids.normalise_mobile(prefix + stored[1:]) == stored


@pytest.mark.parametrize(
    ("code", "strict"),
    [
        ("1493889555", True),
        ("1575319644", True),
        ("1111189555", False),
        ("2493889555", False),
        ("1493589555", False),
        ("1493829555", False),
        ("0493889555", False),
        ("149388955", False),
    ],
)
def test_strict_postal_pattern_is_a_separate_question(code: str, strict: bool) -> None:
    assert ids.is_strict_postal_code(code) is strict
    assert ids.is_valid_postal_code(code) is (len(code) == 10)


def test_numbers_in_groups_for_reading() -> None:
    assert ids.format_landline("02123839424") == "021 2383 9424"
    assert ids.format_mobile("09123456789") == "0912 345 6789"
    assert ids.format_sheba("IR820540102680020817909002") == "IR82 0540 1026 8002 0817 9090 02"
    assert ids.format_mobile("112") == ids.format_landline("112") == ids.format_sheba("112") == "112"
