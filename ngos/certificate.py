"""The membership certificate as a signed letter (N3, K3)."""

from datetime import datetime

from django.db.models import QuerySet

from ngos.models import Ngo
from staff_portal.kernel.letters.contracts import CertificateData
from staff_portal.kernel.letters.issuing import Head, LetterKind, issue_letter
from staff_portal.kernel.models import Letter, LetterEventKind, User
from staff_portal.kernel.people.access import Authority
from staff_portal.kernel.persian.digits import to_persian_digits
from staff_portal.kernel.persian.jalali import format_jalali
from staff_portal.kernel.trail import audit

CERTIFICATE = LetterKind(slug="certificate", code="گ", label="گواهی عضویت", template="certificate")
GRADE_SHEET = LetterKind(slug="grade-sheet", code="ک", label="کارنامه ظرفیت‌سنجی", template="grade_sheet")


def issue_certificate(ngo: Ngo, *, actor: User | None, at: datetime, authority: Authority | None) -> Letter:
    """Issue the certificate; call it in the transaction of the approval."""
    number = to_persian_digits(ngo.membership_number or "")
    since = format_jalali(ngo.member_since, "medium") if ngo.member_since else ""
    registration = "، ".join(
        part for part in (to_persian_digits(ngo.registration_number), ngo.registration_office) if part
    )
    field = str(ngo.primary_field) if ngo.primary_field else ""

    def build(head: Head) -> CertificateData:
        return CertificateData(
            **head.fields(),
            ngo_name=ngo.name,
            national_id=to_persian_digits(ngo.national_id),
            registration=registration,
            membership_number=number,
            member_since=since,
            field=field,
            note="این گواهی تا زمانی معتبر است که عضویت برقرار باشد.",
        )

    return issue_letter(
        kind=CERTIFICATE,
        build=build,
        subject=f"گواهی عضویت {ngo.name}",
        addressee=ngo.name,
        root=ngo,
        public_facts=[
            ["نام سمن", ngo.name],
            ["شناسه ملی", to_persian_digits(ngo.national_id)],
            ["شماره عضویت", number],
            ["عضو از", since],
        ],
        actor=actor,
        at=at,
        authority=authority,
    )


def letters_in_force(ngo: Ngo) -> QuerySet[Letter]:
    """Certificates and grade sheets of the NGO that were neither revoked nor replaced."""
    return Letter.objects.filter(
        root_type=audit.type_label(ngo), root_id=ngo.pk, kind__in=[CERTIFICATE.slug, GRADE_SHEET.slug]
    ).exclude(events__kind__in=[LetterEventKind.REVOKED, LetterEventKind.REPLACED])
