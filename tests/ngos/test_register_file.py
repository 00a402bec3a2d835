"""Reading a register file: every usual heading, every bad file, and files made to hurt (pages 7 and 9)."""

import io
import struct
import time
import tracemalloc
import zipfile

import openpyxl
import pytest

from ngos import register_file
from ngos.register_columns import COLUMNS, IGNORED, column_of
from ngos.register_file import RegisterFileError, read_register
from tests.ngos.register_samples import (
    NATIONAL_IDS,
    REGISTER,
    SHEET_PART,
    expected,
    rewritten,
    without_dimension,
    workbook,
)

HEADINGS = ("نام سازمان", "شناسه ملی", "منطقه")
FIRST = ("انجمن یاوران کودکان یاس", NATIONAL_IDS[0], 6)
SECOND = ("گروه حامیان محیط زیست پرتو", NATIONAL_IDS[1], 7)


def refusal(content: object, filename: str = "register.xlsx", sheet: str | None = None) -> RegisterFileError:
    with pytest.raises(RegisterFileError) as caught:
        read_register(content, filename, sheet)
    sentence = caught.value.sentence
    assert sentence.endswith(".") and any("\u0600" <= character <= "\u06ff" for character in sentence)
    return caught.value


# --- The register itself ----------------------------------------------------------------------------------------


def test_sample_register_is_read_whole():
    sheet = read_register(REGISTER)
    outcome = expected()
    assert len(sheet.rows) == outcome["rows"]
    assert sheet.rows[0].number_in_sheet == outcome["first_data_row"]
    assert sheet.rows[-1].number_in_sheet == 644
    assert sheet.heading_row == 4
    assert sheet.passed_over == [646]
    assert sheet.unknown_headings == []
    assert len(sheet.headings) == 18
    assert sheet.rows[0].cells["national_id"] == 10335648068


@pytest.mark.parametrize(
    "source", [str(REGISTER), REGISTER, REGISTER.read_bytes(), io.BytesIO(REGISTER.read_bytes())]
)
def test_path_bytes_and_stream_read_the_same(source):
    assert len(read_register(source, "register.xlsx").rows) == 640


@pytest.mark.parametrize("claim", [b"A1", b"A1:B2", b"A1:XFD1048576", b"nonsense"])
def test_false_dimension_is_not_believed(claim):
    content = rewritten(REGISTER.read_bytes(), lambda part: part.replace(b"A1:S646", claim))
    assert len(read_register(content, "register.xlsx").rows) == 640


@pytest.mark.parametrize("has_dimension", [True, False])
def test_million_empty_rows_cost_little(has_dimension):
    def pad(part: bytes) -> bytes:
        rows = b"".join(b'<row r="%d"><c r="A%d" s="1"/></row>' % (n, n) for n in range(647, 1_048_577))
        part = part.replace(b"</sheetData>", rows + b"</sheetData>")
        return part if has_dimension else without_dimension(part)

    content = rewritten(REGISTER.read_bytes(), pad)
    started = time.perf_counter()
    assert len(read_register(content, "register.xlsx").rows) == 640
    assert time.perf_counter() - started < 2


def test_million_empty_rows_take_little_memory():
    rows = b"".join(b'<row r="%d"/>' % n for n in range(4, 1_048_577))
    content = rewritten(
        workbook(HEADINGS, FIRST, SECOND), lambda part: part.replace(b"</sheetData>", rows + b"</sheetData>")
    )
    tracemalloc.start()
    assert len(read_register(content, "register.xlsx").rows) == 2
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 30 * 1024 * 1024


def test_blank_rows_between_are_passed_but_not_without_end():
    near = [(None,)] * 499
    assert [
        row.number_in_sheet for row in read_register(workbook(HEADINGS, FIRST, *near, SECOND), "a.xlsx").rows
    ] == [
        2,
        502,
    ]
    far = [(None,)] * 500
    assert len(read_register(workbook(HEADINGS, FIRST, *far, SECOND), "a.xlsx").rows) == 1


# --- Headings ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("spelling", "key"),
    [(text, column.key) for column in COLUMNS for text in (column.heading, *column.spellings)],
)
def test_every_listed_spelling_in_every_dress(spelling, key):
    dresses = (
        spelling,
        f" {spelling} ",
        f"*{spelling}",
        f"{spelling} *:",
        spelling.replace("ی", "ي").replace("ک", "ك"),
        spelling.replace("\u200c", ""),
        spelling.replace(" ", "\u200c"),
        spelling.replace(" ", "  "),
        spelling.replace(" ", "\u00a0"),
        spelling.replace(" ", "\n"),
        f"{spelling} (الزامی)",
        spelling.replace("م", "مِ", 1),
        f"\u200f{spelling}\u200e",
    )
    assert {dress: column_of(dress) for dress in dresses} == dict.fromkeys(dresses, key)


@pytest.mark.parametrize(
    ("heading", "key"),
    [
        ("نام سمن", "name"),
        ("نام موسسه", "name"),
        ("شناسه ملي سازمان", "national_id"),
        ("شناسهٔ ملی", "national_id"),
        ("ش. ثبت", "registration_number"),
        ("ایمیل", "email"),
        ("پست الكترونيك", "email"),
        ("E-Mail", "email"),
        ("موبایل", "mobile"),
        ("تلفن همراه", "mobile"),
        ("تلفن ثابت", "phone"),
        ("کدپستی", "postal_code"),
        ("آدرس", "address"),
        ("منطقه شهرداری", "district"),
        ("مدیر عامل", "ceo"),
        ("داوطلبان", "volunteers"),
        ("مرجع‌صدور پروانه", "licensor"),
        ("ردیف", IGNORED),
        ("#", IGNORED),
        ("ملاحظات", None),
        (1405, None),
        (None, None),
    ],
)
def test_usual_headings(heading, key):
    assert column_of(heading) == key


def test_columns_in_any_order_with_titles_above_and_unknown_ones_reported():
    content = workbook(
        ("بسمه تعالی",),
        ("فهرست سمن‌ها", None, "سال ۱۴۰۵"),
        (),
        ("ملاحظات", "كد پستي*", "ردیف", " شناسه  ملي ", None, "نام سمن"),
        ("—", 1493889555, 1, NATIONAL_IDS[0], None, "انجمن یاوران"),
    )
    sheet = read_register(content, "a.xlsx")
    assert sheet.heading_row == 4
    assert sheet.headings == {"postal_code": "کد پستی*", "national_id": "شناسه ملی", "name": "نام سمن"}
    assert sheet.rows[0].cells == {
        "postal_code": 1493889555,
        "national_id": NATIONAL_IDS[0],
        "name": "انجمن یاوران",
    }
    assert sheet.unknown_headings == ["ملاحظات"]
    assert sheet.notices == ["ستون «ملاحظات» شناخته نشد و خوانده نمی‌شود."]


@pytest.mark.parametrize("missing", ["نام سازمان", "شناسه ملی"])
def test_missing_wanted_column_is_named(missing):
    headings = [heading for heading in (*HEADINGS, "تلفن") if heading != missing]
    error = refusal(workbook(tuple(headings), tuple("۱" for _ in headings)))
    assert error.code == "missing_column"
    assert f"«{missing}»" in error.sentence


def test_a_label_among_the_titles_is_not_taken_for_the_headings():
    error = refusal(workbook(("تلفن", "۰۲۱۱۲۳۴۵۶۷۸"), (), ("نام سازمان", "تلفن", "منطقه"), FIRST))
    assert error.code == "missing_column"
    assert "«شناسه ملی»" in error.sentence and "«نام سازمان»" not in error.sentence


def test_duplicated_heading_is_named_as_written():
    error = refusal(workbook((*HEADINGS, "تلفن", "تلفن ثابت"), FIRST))
    assert error.code == "duplicate_heading"
    assert "«تلفن» و «تلفن ثابت»" in error.sentence


def test_no_headings():
    assert refusal(workbook(FIRST, SECOND)).code == "no_headings"
    assert refusal(workbook()).code == "no_headings"
    assert (
        refusal(workbook(("بسمه تعالی",), *[("سطر", n) for n in range(60)], HEADINGS, FIRST)).code
        == "no_headings"
    )


def test_headings_without_rows():
    assert refusal(workbook(HEADINGS)).code == "no_rows"
    assert refusal(workbook(HEADINGS, ("جمع کل: ۰",))).code == "no_rows"


# --- Rows that are no NGO ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "label",
    [
        "جمع",
        "جمع کل",
        "جمع کل: ۶۴۰",
        "جمع كل : 640",
        "مجموع",
        "مجموع کل ۲ سمن",
        "تعداد کل سازمان‌ها: ۲",
        "Total",
        "جمع صفحه",
    ],
)
@pytest.mark.parametrize("place", [0, 1])
def test_total_rows_are_passed_over(label, place):
    total = [None, None, None, 13]
    total[place] = label
    sheet = read_register(workbook(("ردیف", *HEADINGS), (1, *FIRST), (2, *SECOND), tuple(total)), "a.xlsx")
    assert len(sheet.rows) == 2
    assert sheet.passed_over == [4]


@pytest.mark.parametrize("name", ["جمعیت یاوران", "مجمع همراهان", "جمع یاران مهر", "کل نگر"])
def test_names_that_begin_like_a_total_stay(name):
    assert len(read_register(workbook(HEADINGS, (name, NATIONAL_IDS[0], 6)), "a.xlsx").rows) == 1


def test_a_row_with_a_national_id_is_never_a_total():
    assert len(read_register(workbook(HEADINGS, ("جمع", NATIONAL_IDS[0], 6)), "a.xlsx").rows) == 1


def test_repeated_headings_numbered_blanks_and_notes_after_the_total_are_passed_over():
    content = workbook(
        ("ردیف", *HEADINGS),
        (1, *FIRST),
        ("ردیف", *HEADINGS),
        (2, *SECOND),
        (3,),
        ("جمع", None, None, 13),
        (None, "مهر و امضا"),
    )
    sheet = read_register(content, "a.xlsx")
    assert [row.number_in_sheet for row in sheet.rows] == [2, 4]
    assert sheet.passed_over == [3, 5, 6, 7]


# --- Sheets -----------------------------------------------------------------------------------------------------


def test_first_sheet_with_headings_is_taken_or_the_named_one():
    content = workbook(
        ("راهنما",), title="راهنما", others={"امسال": [HEADINGS, FIRST], "پار سال": [HEADINGS, FIRST, SECOND]}
    )
    assert read_register(content, "a.xlsx").title == "امسال"
    assert read_register(content, "a.xlsx", sheet="پار سال").title == "پار سال"
    assert read_register(content, "a.xlsx", sheet="پار‌سال").title == "پار سال"
    error = refusal(content, sheet="دیگر")
    assert error.code == "sheet"
    assert "«امسال»" in error.sentence
    assert refusal(content, sheet="راهنما").code == "no_headings"


def test_hidden_sheet_is_asked_last():
    book = openpyxl.load_workbook(
        io.BytesIO(workbook(HEADINGS, FIRST, title="پنهان", others={"پیدا": [HEADINGS, SECOND]}))
    )
    book["پنهان"].sheet_state = "hidden"
    book.active = 1
    stream = io.BytesIO()
    book.save(stream)
    assert read_register(stream, "a.xlsx").title == "پیدا"


# --- Files that are no register ---------------------------------------------------------------------------------

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)


def zipped(**parts: bytes) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name, part in parts.items():
            archive.writestr(name.replace("__", "/").replace("_dot_", "."), part)
    return stream.getvalue()


@pytest.mark.parametrize(
    ("content", "filename", "code"),
    [
        (b"", "a.xlsx", "empty_file"),
        (b"\xef\xbb\xbf \r\n", "a.csv", "empty_file"),
        (bytes(1000), "a.xlsx", "empty_file"),
        (workbook(HEADINGS, FIRST), "a.xls", "extension"),
        (workbook(HEADINGS, FIRST), "a.docx", "extension"),
        (workbook(HEADINGS, FIRST), "register", "extension"),
        (workbook(HEADINGS, FIRST), "a.csv", "extension"),
        (b"%PDF-1.7 ...", "a.xlsx", "not_spreadsheet"),
        (b"%PDF-1.7 ...", "a.csv", "not_spreadsheet"),
        (b"\x89PNG\r\n\x1a\n" + bytes(50), "a.xlsx", "not_spreadsheet"),
        (b"<html><table><tr><td>", "a.xlsx", "not_spreadsheet"),
        ("نام سازمان,شناسه ملی".encode(), "a.xlsx", "not_spreadsheet"),
        (b"\x01\x02\x03\x04" * 40, "a.csv", "not_spreadsheet"),
        (OLE, "a.xlsx", "old_format"),
        (OLE + "EncryptedPackage".encode("utf-16-le"), "a.xlsx", "password"),
        (zipped(word__document_dot_xml=b"<x/>"), "a.xlsx", "not_spreadsheet"),
        (zipped(content_dot_xml=b"<x/>", mimetype=b"x"), "a.xlsx", "old_format"),
        (zipped(xl__workbook_dot_bin=b"x"), "a.xlsx", "old_format"),
        (REGISTER.read_bytes()[:60_000], "a.xlsx", "damaged"),
        (b"PK\x03\x04" + bytes(100), "a.xlsx", "damaged"),
    ],
)
def test_what_is_no_register_is_refused_in_a_sentence(content, filename, code):
    assert refusal(content, filename).code == code


def test_upper_case_extension_is_fine():
    assert len(read_register(workbook(HEADINGS, FIRST), "REGISTER.XLSX").rows) == 1


def test_missing_path(tmp_path):
    assert refusal(tmp_path / "nothing.xlsx", "nothing.xlsx").code == "not_found"


def test_damage_in_the_middle_is_found_before_a_row_is_handed_out():
    cut = rewritten(REGISTER.read_bytes(), lambda part: part[: len(part) // 2])
    assert refusal(cut).code == "damaged"
    assert refusal(rewritten(REGISTER.read_bytes(), lambda part: b"<worksheet")).code == "damaged"


def test_encrypted_zip_member_counts_as_password():
    content = bytearray(workbook(HEADINGS, FIRST))
    place = content.find(b"PK\x01\x02")
    content[place + 8 : place + 10] = struct.pack("<H", 1)
    assert refusal(bytes(content)).code == "password"


def test_too_large_upload():
    assert refusal(b"PK" + bytes(20 * 1024 * 1024)).code == "too_large"
    assert refusal(io.BytesIO(b"PK" + bytes(20 * 1024 * 1024))).code == "too_large"


def test_too_many_rows(monkeypatch):
    monkeypatch.setattr(register_file, "MAX_ROWS", 3)
    assert len(read_register(workbook(HEADINGS, *[FIRST] * 3), "a.xlsx").rows) == 3
    error = refusal(workbook(HEADINGS, *[FIRST] * 4))
    assert error.code == "too_many_rows"
    assert "۳ سطر" in error.sentence


# --- Files made to hurt -----------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def gigabyte() -> bytes:
    """A few hundred kilobytes that unpack to a gigabyte."""
    stream = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(workbook(HEADINGS, FIRST))) as old,
        zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in old.namelist():
            with new.open(name, "w", force_zip64=True) as part:
                head, tail = old.read(name), b""
                if name == SHEET_PART:
                    head, tail = head.replace(b"</sheetData></worksheet>", b""), b"</sheetData></worksheet>"
                    part.write(head)
                    for _ in range(1024):
                        part.write(b"<row/>" + b" " * (1024 * 1024 - 6))
                    part.write(tail)
                else:
                    part.write(head)
    return stream.getvalue()


def test_unpacked_gigabyte_is_refused_before_it_is_unpacked(gigabyte):
    started = time.perf_counter()
    assert refusal(gigabyte).code == "unpacked_too_large"
    assert time.perf_counter() - started < 1


def test_a_lie_about_the_unpacked_size_does_not_help(gigabyte):
    content = bytearray(gigabyte)
    place = content.find(b"PK\x01\x02")
    while place >= 0:
        length = struct.unpack("<H", content[place + 28 : place + 30])[0]
        if content[place + 46 : place + 46 + length] == SHEET_PART.encode():
            content[place + 24 : place + 28] = struct.pack("<I", 5000)
        place = content.find(b"PK\x01\x02", place + 4)
    tracemalloc.start()
    assert refusal(bytes(content)).code in {"damaged", "unpacked_too_large"}
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 30 * 1024 * 1024


def test_one_endless_row_is_refused():
    row = b"<row>" + b"<c/>" * 3_000_000 + b"</row>"
    content = rewritten(
        workbook(HEADINGS, FIRST), lambda part: part.replace(b"</sheetData>", row + b"</sheetData>")
    )
    assert refusal(content).code == "unpacked_too_large"


def test_swollen_styles_are_refused():
    content = rewritten(
        workbook(HEADINGS, FIRST), lambda part: part + b" " * (17 * 1024 * 1024), part="xl/styles.xml"
    )
    assert refusal(content).code == "unpacked_too_large"


@pytest.mark.parametrize("part", [SHEET_PART, "xl/workbook.xml", "xl/styles.xml", "[Content_Types].xml"])
@pytest.mark.parametrize(
    "markup",
    [
        b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]>',
        b'<!DOCTYPE x SYSTEM "file:///etc/hostname">',
        b" " * (1024 * 1024 - 4) + b"<!DOCTYPE x>",
    ],
)
def test_entities_are_refused_in_every_part(part, markup):
    def plant(content: bytes) -> bytes:
        place = content.find(b"?>") + 2 if content.startswith(b"<?xml") else 0
        return content[:place] + markup + content[place:]

    assert refusal(rewritten(workbook(HEADINGS, FIRST), plant, part=part)).code == "unsafe_xml"


def test_entities_in_wide_text_are_refused():
    content = rewritten(
        workbook(HEADINGS, FIRST),
        lambda part: ('<!DOCTYPE x [<!ENTITY a "b">]>' + part.decode()).encode("utf-16"),
    )
    assert refusal(content).code == "unsafe_xml"


def test_openpyxl_itself_parses_with_defusedxml():
    assert openpyxl.DEFUSEDXML


# --- CSV --------------------------------------------------------------------------------------------------------


def csv_text(delimiter: str, end: str = "\r\n") -> str:
    lines = [
        ("بسمه تعالی", "", ""),
        ("", "", ""),
        ("شناسه ملي", "نام سازمان*", "نشانی"),
        (NATIONAL_IDS[0], "انجمن یاوران", f'"تهران{delimiter} خیابان ""یاس""\nپلاک ۲"'),
        ("۱۰۱۰۰۳۸۷۱۴۳", "گروه حامیان", ""),
        ("جمع کل: ۲", "", ""),
    ]
    return end.join(delimiter.join(line) for line in lines) + end


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_csv_in_every_delimiter_and_encoding(delimiter, encoding, end):
    sheet = read_register(csv_text(delimiter, end).encode(encoding), "register.csv")
    assert [row.number_in_sheet for row in sheet.rows] == [4, 5]
    assert sheet.rows[0].cells == {
        "national_id": NATIONAL_IDS[0],
        "name": "انجمن یاوران",
        "address": f'تهران{delimiter} خیابان "یاس"\nپلاک ۲',
    }
    assert sheet.passed_over == [6]


def test_csv_in_windows_1256():
    text = f"نام سازمان;شناسه ملي\nگروه چشمه پژواك گلستان;{NATIONAL_IDS[0]}\n"
    sheet = read_register(text.encode("windows-1256"), "register.csv")
    assert sheet.rows[0].cells == {"name": "گروه چشمه پژواك گلستان", "national_id": NATIONAL_IDS[0]}


def test_csv_with_commas_inside_semicolon_fields():
    text = f"نام سازمان;شناسه ملی;حوزه فعالیت\nگروه پرتو;{NATIONAL_IDS[0]};ورزش,کودکان,جوانان,سالمندان\n"
    assert read_register(text.encode(), "a.csv").rows[0].cells["fields"] == "ورزش,کودکان,جوانان,سالمندان"


def test_csv_ignores_the_name_of_a_sheet():
    assert len(read_register(csv_text(",").encode(), "a.csv", sheet="هر چه").rows) == 2


def test_csv_with_an_endless_quotation():
    text = csv_text(",") + '"' + "آ" * 200_000
    assert refusal(text.encode(), "a.csv").code == "damaged"


def test_csv_cut_in_the_middle_of_a_wide_character():
    assert refusal(csv_text(",").encode("utf-16") + b"\x00", "a.csv").code == "encoding"


def test_csv_without_headings():
    assert refusal("الف,ب\nپ,ت\n".encode(), "a.csv").code == "no_headings"


def test_csv_missing_a_column():
    assert "«شناسه ملی»" in refusal("نام سازمان;تلفن\nپرتو;1\n".encode(), "a.csv").sentence
