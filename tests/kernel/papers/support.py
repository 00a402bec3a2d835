"""What the tests of papers share: people in roles, a record with letters, an upload."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client

from staff_portal.kernel.base.periods import period
from staff_portal.kernel.base.roles import ROLE_SIDE, Role
from staff_portal.kernel.letters.contracts import OfficialLetterData
from staff_portal.kernel.letters.issuing import Head, LetterKind, issue_letter
from staff_portal.kernel.models import Letter, RoleAssignment, Secrecy, Unit, User
from staff_portal.kernel.people.access import Authority

NOW = datetime(2026, 11, 24, 6, 30, tzinfo=UTC)  # ۳ آذر ۱۴۰۵، ساعت ۱۰:۰۰
TODAY = date(2026, 11, 24)
LONG_AGO = date(2024, 1, 1)
KIND = LetterKind(slug="test-letter", code="ن", label="نامه آزمایشی", template="letter")
FACTS = [["نام سمن", "انجمن نمونه طلوع"], ["شماره عضویت", "۱۴۰۵/۱۲"]]
SECRET_LINE = "این جمله تنها در متن نامه آمده است"
PDF = b"%PDF-1.7\n1 0 obj <<>> endobj\n%%EOF\n"
PNG = b"\x89PNG\r\n\x1a\n" + b"\x00" * 40


def make_user(username: str, *roles: str, **fields: Any) -> User:
    """A person who has held ``roles`` for long."""
    side = ROLE_SIDE[roles[0]] if roles else "hq"
    values = {"first_name": "مریم", "last_name": "احمدی", "honorific": "خانم", "side": side}
    user = User.objects.create(
        username=username, created_at=NOW - timedelta(days=400), **{**values, **fields}
    )
    for role in roles:
        RoleAssignment.objects.create(
            user=user, role=role, period=period(LONG_AGO, None), granted_at=NOW, confirmed_at=NOW
        )
    return user


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def make_root(title: str = "اداره کل نمونه") -> Unit:
    """A record that letters and files hang on."""
    return Unit.objects.create(title=title, kind="office", period=period(LONG_AGO, None))


def make_letter(
    root: Unit, *, actor: User | None, at: datetime = NOW, behalf: User | None = None, **fields: Any
) -> Letter:
    """A signed letter about ``root``."""

    def build(head: Head) -> OfficialLetterData:
        return OfficialLetterData(
            **head.fields(),
            addressee_name="جناب آقای کامران یزدانی",
            addressee_post="مدیرعامل محترم انجمن نمونه طلوع",
            subject="معرفی انجمن نمونه طلوع",
            references=(),
            paragraphs=(SECRET_LINE,),
            copies=(),
        )

    values = {
        "kind": KIND,
        "build": build,
        "subject": "معرفی انجمن نمونه طلوع",
        "root": root,
        "public_facts": FACTS,
        "authority": Authority(Role.HQ_MANAGER, on_behalf_of=behalf),
        "secrecy": Secrecy.ORDINARY,
    }
    with transaction.atomic():
        return issue_letter(actor=actor, at=at, **{**values, **fields})


def upload(
    name: str = "نامه.pdf", content: bytes = PDF, content_type: str = "application/pdf"
) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, content_type)
