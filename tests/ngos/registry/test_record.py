"""The record: file, people, documents, letters, history, day of membership, constant queries."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from ngos.models import Licence, Ngo, NgoAccount, NgoDocument, Officer
from ngos.workflow import MEMBERSHIP
from staff_portal.kernel.base.roles import Role
from staff_portal.kernel.models import Attachment, AuditEntry, User
from staff_portal.kernel.operations.cases import open_case
from staff_portal.kernel.operations.referrals import refer_file
from tests.factories import ngos as make
from tests.factories.people import NOW, TODAY, make_user
from tests.ngos.registry.conftest import SignIn
from tests.ngos.registry.support import fa, represent, text_of

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.4\n%%EOF\n"


def pdf(name: str = "اساسنامه.pdf", content: bytes = PDF) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, content_type="application/pdf")


# --- licences, officers, representatives ------------------------------------------------------------------------


def test_a_licence_is_added_by_page(registrar: User, sign_in: SignIn) -> None:
    ngo, client = make.draft(registrar, licence=None), sign_in(registrar)
    sent = {"licensor": "governorate", "licensor_place": "تهران", "number": "۱۲/۳", "valid_until": "۱۴۰۷/۱/۱"}
    assert client.post(f"/ngos/{ngo.pk}/licences/new/", sent)["Location"] == f"/ngos/{ngo.pk}/"
    licence = Licence.objects.get(ngo=ngo)
    assert (licence.valid_until.isoformat(), licence.recorded_by) == ("2028-03-20", registrar)
    page = text_of(client.get(f"/ngos/{ngo.pk}/"))
    assert "فرمانداری تهران" in page
    assert "۱۴۰۷/۰۱/۰۱" in page
    again = client.post(f"/ngos/{ngo.pk}/licences/new/", sent)
    assert again.status_code == 422
    assert "این پروانه با همین تاریخ اعتبار پیش از این ثبت شده است." in text_of(again)
    turned = client.post(f"/ngos/{ngo.pk}/licences/new/", sent | {"valid_from": "۱۴۰۸/۱/۱"})
    assert "آغاز اعتبار پروانه پس از پایان آن است" in text_of(turned)


@pytest.mark.parametrize(
    ("days", "words"), [(-1, "پایان‌یافته"), (0, "امروز"), (17, "۱۷ روز مانده"), (90, "معتبر")]
)
def test_a_licence_says_how_long_it_holds(registrar: User, sign_in: SignIn, days: int, words: str) -> None:
    ngo = make.draft(registrar, licence=make.licence(valid_until=TODAY + timedelta(days=days)))
    assert f">{words}</span>" in text_of(sign_in(registrar).get(f"/ngos/{ngo.pk}/"))


def test_an_officer_is_added_and_ended_by_page(registrar: User, sign_in: SignIn) -> None:
    ngo, client = make.draft(registrar), sign_in(registrar)
    sent = {
        "post": "ceo",
        "full_name": "آرش يزداني",
        "national_code": "٠٠١٣٥٤٢٤١٩",
        "mobile": "۰۹۱۲۱۲۳۴۵۶۷",
        "starts_on": "۱۴۰۵/۱/۱",
    }
    assert client.post(f"/ngos/{ngo.pk}/officers/new/", sent).status_code == 302
    officer = Officer.objects.get(ngo=ngo)
    assert (officer.full_name, officer.national_code, officer.mobile) == (
        "آرش یزدانی",
        "0013542419",
        "09121234567",
    )
    entry = AuditEntry.objects.get(event="ngo.officer_recorded")
    assert "0013542419" not in str(entry.after)
    assert entry.after["national_code"].startswith("#")
    early = client.post(f"/ngos/{ngo.pk}/officers/{officer.pk}/end/", {"last_day": "۱۴۰۴/۱/۱"})
    assert "پایان دوره پیش از آغاز آن است" in text_of(early)
    assert (
        client.post(f"/ngos/{ngo.pk}/officers/{officer.pk}/end/", {"last_day": "۱۴۰۵/۹/۲"}).status_code == 302
    )
    officer.refresh_from_db()
    assert officer.term.upper == TODAY
    other = make.draft(registrar)
    assert client.get(f"/ngos/{other.pk}/officers/{officer.pk}/end/").status_code == 404


def test_a_representative_is_named_by_letter_and_ends(registrar: User, sign_in: SignIn) -> None:
    ngo, user, client = make.draft(registrar), make_user(Role.NGO_USER), sign_in(registrar)
    sent = {"user": str(user.pk), "letter_reference": "", "starts_on": "۱۴۰۵/۹/۱"}
    assert client.post(f"/ngos/{ngo.pk}/accounts/new/", sent).status_code == 422
    sent["letter_reference"] = "۱۲/۳۴"
    assert client.post(f"/ngos/{ngo.pk}/accounts/new/", sent).status_code == 302
    account = NgoAccount.objects.get(ngo=ngo)
    assert sign_in(user).get(f"/ngos/{ngo.pk}/").status_code == 200
    twice = client.post(f"/ngos/{ngo.pk}/accounts/new/", sent)
    assert "در این دوره نماینده همین سمن است" in text_of(twice)
    end = f"/ngos/{ngo.pk}/accounts/{account.pk}/end/"
    assert client.post(end, {"last_day": "۱۴۰۵/۹/۲"}).status_code == 302
    assert sign_in(user).get(f"/ngos/{ngo.pk}/").status_code == 404
    assert set(AuditEntry.objects.filter(root_id=ngo.pk).values_list("event", flat=True)) >= {
        "ngo.account_linked",
        "ngo.account_ended",
    }


def test_staff_are_no_representatives_and_ngos_name_none(registrar: User, sign_in: SignIn) -> None:
    from ngos.operations.accounts import link_account
    from staff_portal.kernel.base.refusals import NotPermitted, Refusal

    ngo, user = make.draft(registrar), make_user(Role.NGO_USER)
    with pytest.raises(Refusal, match="سمن‌ها"):
        link_account(
            ngo,
            actor=registrar,
            at=NOW,
            user=make_user(Role.HQ_EXPERT),
            letter_reference="1",
            starts_on=TODAY,
        )
    represent(ngo, user)
    with pytest.raises(NotPermitted):
        link_account(ngo, actor=user, at=NOW, user=user, letter_reference="1", starts_on=TODAY)
    assert sign_in(user).get(f"/ngos/{ngo.pk}/accounts/new/").status_code == 403


# --- documents ----------------------------------------------------------------------------------------------------


def test_a_document_goes_from_upload_to_acceptance(registrar: User, reviewer: User, sign_in: SignIn) -> None:
    ngo = make.draft(registrar)
    mine, other = sign_in(registrar), sign_in(reviewer)
    url = f"/ngos/{ngo.pk}/documents/"
    assert "۰ از ۶ مدرک لازم" in text_of(mine.get(url))
    assert mine.post(f"{url}new/", {"kind": "statute", "file": pdf()})["Location"] == url
    document = NgoDocument.objects.get(ngo=ngo)
    own = text_of(mine.get(url))
    assert "کارشناس دیگری باید آن را بررسی کند" in own
    assert f"{url}{document.pk}/do/accept/" not in own
    assert mine.post(f"{url}{document.pk}/do/accept/").status_code == 403
    assert other.post(f"{url}{document.pk}/do/accept/")["Location"] == url
    document.refresh_from_db()
    assert (document.state, document.decided_by) == ("accepted", reviewer)
    assert "۱ از ۶ مدرک لازم" in text_of(mine.get(url))
    assert other.get(f"/attachments/{document.attachment_id}/").status_code == 200


def test_a_returned_document_says_why_and_a_new_one_takes_its_place(
    registrar: User, reviewer: User, sign_in: SignIn
) -> None:
    ngo = make.draft(registrar)
    first = make.upload(ngo, "statute", registrar)
    url = f"/ngos/{ngo.pk}/documents/"
    assert sign_in(reviewer).post(f"{url}{first.pk}/do/return/", {"note": ""}).status_code == 422
    assert sign_in(reviewer).post(f"{url}{first.pk}/do/return/", {"note": "مهر ندارد"}).status_code == 302
    assert "مهر ندارد" in text_of(sign_in(registrar).get(url))
    second = make.upload(ngo, "statute", registrar)
    assert sign_in(reviewer).post(f"{url}{second.pk}/do/accept/").status_code == 302
    page = text_of(sign_in(registrar).get(url))
    assert "نسخه پیشین اساسنامه" in page
    assert "۱ از ۶" in page


@pytest.mark.parametrize(
    ("file", "sentence"),
    [
        (("x.exe", b"MZ"), "باید PDF یا تصویر"),
        (("x.docx", b"PK\x03\x04"), "باید PDF یا تصویر"),
        (("x.pdf", b""), "خالی است"),
        (("x.pdf", b"not a pdf"), "با پسوند آن نمی‌خواند"),
        (None, "فایل مدرک را برگزینید"),
    ],
)
def test_a_wrong_file_is_refused_in_words(
    registrar: User, sign_in: SignIn, file: tuple[str, bytes] | None, sentence: str
) -> None:
    ngo = make.draft(registrar)
    sent: dict[str, Any] = {"kind": "statute"} | ({"file": pdf(*file)} if file else {})
    response = sign_in(registrar).post(f"/ngos/{ngo.pk}/documents/new/", sent)
    assert response.status_code == 422
    assert sentence in text_of(response)
    assert not NgoDocument.objects.exists()


def test_an_error_keeps_the_uploaded_file(registrar: User, reviewer: User, sign_in: SignIn) -> None:
    ngo, client = make.draft(registrar), sign_in(registrar)
    url = f"/ngos/{ngo.pk}/documents/new/"
    refused = client.post(url, {"kind": "", "valid_until": "۱۴۰۵/۱۳/۱", "file": pdf("سند من.pdf")})
    assert refused.status_code == 422
    staged = Attachment.objects.get()
    page = text_of(refused)
    assert "سند من.pdf" in page
    assert "۱۴۰۵/۱۳/۱" in page
    assert f'name="file_staged" value="{staged.pk}"' in page
    # nobody else can take the staged file, nor open it
    assert sign_in(reviewer).post(url, {"kind": "statute", "file_staged": staged.pk}).status_code == 422
    assert sign_in(reviewer).get(f"/attachments/{staged.pk}/").status_code == 404
    assert client.post(url, {"kind": "statute", "file_staged": staged.pk}).status_code == 302
    assert NgoDocument.objects.get().attachment == staged
    # sent twice: one document
    assert client.post(url, {"kind": "statute", "file_staged": staged.pk}).status_code == 422
    assert NgoDocument.objects.count() == 1


def test_a_document_past_its_time_is_refused(registrar: User, sign_in: SignIn) -> None:
    ngo = make.draft(registrar)
    sent = {"kind": "licence", "valid_until": "۱۴۰۵/۹/۲", "file": pdf()}
    response = sign_in(registrar).post(f"/ngos/{ngo.pk}/documents/new/", sent)
    assert "اعتبار این مدرک گذشته است" in text_of(response)
    assert not NgoDocument.objects.exists()


def test_documents_are_no_business_of_who_sees_the_record_only(
    registrar: User, reviewer: User, manager: User, sign_in: SignIn
) -> None:
    ngo = make.member(registrar, reviewer, manager)
    document = NgoDocument.objects.filter(ngo=ngo).first()
    assert document is not None
    for role in (Role.DEPUTY_EXPERT, Role.DISTRICT_HEAD, Role.REGION_OFFICER):
        client = sign_in(make_user(role, scope_id=6))
        assert client.get(f"/ngos/{ngo.pk}/").status_code == 200
        assert client.get(f"/ngos/{ngo.pk}/documents/").status_code == 403
        assert client.get(f"/attachments/{document.attachment_id}/").status_code == 404
        assert client.post(f"/ngos/{ngo.pk}/documents/{document.pk}/do/accept/").status_code == 403


# --- periods, letters, history --------------------------------------------------------------------------------------


def test_was_it_a_member_on_that_day(registrar: User, reviewer: User, manager: User, sign_in: SignIn) -> None:
    start = NOW - timedelta(days=100)
    ngo = make.member(registrar, reviewer, manager, at=start)
    MEMBERSHIP.apply(ngo, "suspend", actor=manager, at=NOW - timedelta(days=50), note="دلیل")
    client = sign_in(registrar)
    for day, answer in (
        ("۱۴۰۵/۵/۲۵", "بله؛ در ۲۵ مرداد ۱۴۰۵ عضو بود"),  # the day of the approval
        ("۱۴۰۵/۵/۲۴", "خیر؛ در ۲۴ مرداد ۱۴۰۵ عضو نبود"),
        ("۱۴۰۵/۷/۱۳", "بله؛"),  # the day of the suspension is the last one
        ("١٤٠٥/٧/١٤", "خیر؛"),
    ):
        assert answer in text_of(client.get(f"/ngos/{ngo.pk}/", {"on": day})), day
    wrong = text_of(client.get(f"/ngos/{ngo.pk}/", {"on": "۱۴۰۴/۱۲/۳۰"}))
    assert "field-error" in wrong
    assert "۱۴۰۴/۱۲/۳۰" in wrong


def test_letters_say_what_became_of_them(
    registrar: User, reviewer: User, manager: User, sign_in: SignIn
) -> None:
    ngo = make.member(registrar, reviewer, manager)
    client = sign_in(registrar)
    page = text_of(client.get(f"/ngos/{ngo.pk}/letters/"))
    assert "گواهی عضویت" in page
    assert ">معتبر</span>" in page
    MEMBERSHIP.apply(ngo, "end", actor=manager, at=NOW, note="انحلال")
    assert ">باطل‌شده</span>" in text_of(client.get(f"/ngos/{ngo.pk}/letters/"))


def test_history_shows_before_and_after_in_words_to_hq_and_auditor(
    registrar: User, reviewer: User, sign_in: SignIn
) -> None:
    from ngos.operations.registry import update_ngo

    ngo = make.draft(registrar, phone="02123839424", target_groups=("women",))
    data = make.ngo_data(
        name=ngo.name, national_id=ngo.national_id, phone="02123839425", target_groups=("youth", "women")
    )
    update_ngo(ngo, actor=reviewer, at=NOW, data=data, version=1)
    for role in (Role.HQ_MANAGER, Role.AUDITOR):
        page = text_of(sign_in(make_user(role)).get(f"/ngos/{ngo.pk}/history/"))
        assert "تلفن" in page
        assert fa("02123839424") in page
        assert fa("02123839425") in page
        assert "جوانان، زنان" in page
        assert "امید بررس" in page


def test_an_ngo_reads_its_trail_without_values_and_without_refused_attempts(
    registrar: User, reviewer: User, manager: User, sign_in: SignIn
) -> None:
    ngo, user = make.draft(registrar), make_user(Role.NGO_USER)
    represent(ngo, user)
    sign_in(manager).post(f"/ngos/{ngo.pk}/do/approve/")
    sign_in(registrar).post(f"/ngos/{ngo.pk}/people/")
    page = text_of(sign_in(user).get(f"/ngos/{ngo.pk}/history/"))
    assert "پرونده سمن را ثبت کرد" in page
    assert "پیش و پس از این کار" not in page
    assert "پذیرفته نشد" not in page
    assert "اطلاعات شخصی" not in page
    assert "اطلاعات شخصی" in text_of(sign_in(make_user(Role.AUDITOR)).get(f"/ngos/{ngo.pk}/history/"))


def test_everybody_sees_who_has_the_file(registrar: User, reviewer: User, sign_in: SignIn) -> None:
    ngo = make.draft(registrar)
    refer_file(ngo, to_user=reviewer, note="بررسی نشانی", due_on=TODAY, actor=registrar, at=NOW)
    open_case(ngo, title="موضوع آزمون", url=f"/ngos/{ngo.pk}/", role=Role.HQ_MANAGER, actor=None, at=NOW)
    page = text_of(sign_in(registrar).get(f"/ngos/{ngo.pk}/"))
    assert "نزد امید بررس" in page
    assert "بررسی نشانی" in page
    assert "موضوع آزمون" in page
    user = make_user(Role.NGO_USER)
    represent(ngo, user)
    own = text_of(sign_in(user).get(f"/ngos/{ngo.pk}/"))
    assert "نزد ستاد سمن‌ها" in own
    assert "نزد رئیس ستاد سمن‌ها" in own
    assert "امید بررس" not in own, "N7: people of the NGOs see sides and roles, in the timeline too"
    assert "بررسی نشانی" not in own
    assert "موضوع آزمون" not in own


# --- queries ------------------------------------------------------------------------------------------------------

TABS = ("", "documents/", "letters/", "history/")


@pytest.mark.parametrize("tab", TABS)
@pytest.mark.parametrize("role", [Role.HQ_EXPERT, Role.HQ_MANAGER, Role.AUDITOR, Role.NGO_USER])
def test_a_record_page_costs_at_most_twenty_queries(
    registrar: User, reviewer: User, sign_in: SignIn, role: str, tab: str
) -> None:
    ngo = make.under_review(registrar, reviewer)
    user = make_user(role)
    if role == Role.NGO_USER:
        represent(ngo, user)
    client = sign_in(user)

    def count() -> int:
        client.get(f"/ngos/{ngo.pk}/{tab}")
        with CaptureQueriesContext(connection) as caught:
            assert client.get(f"/ngos/{ngo.pk}/{tab}").status_code == 200
        return len(caught)

    before = count()
    for kind in ("statute", "licence", "activity_report"):
        for _ in range(4):
            make.upload(ngo, kind, registrar)
    assert count() == before
    assert before <= 20
    assert Ngo.objects.count() == 1
