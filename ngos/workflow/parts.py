"""Rows of what hangs on an NGO's file: licences, officers and representatives (N1, K6)."""

from datetime import date
from typing import Any

from django.db.models import QuerySet

from ngos import rules
from ngos.models import Licence, NgoAccount, Officer
from ngos.operations import accounts, parts
from ngos.operations.ngo_data import LicenceData
from ngos.operations.parts import OfficerData
from ngos.queries import visible_ngos
from staff_portal.kernel.models import User
from staff_portal.kernel.workflow.audience import To
from staff_portal.kernel.workflow.guards import guard
from staff_portal.kernel.workflow.questions import Ask
from staff_portal.kernel.workflow.rows import Act, Creation
from staff_portal.kernel.workflow.table import Table


def _page(part: Any) -> str:
    return str(part.ngo.get_absolute_url())


def visible_licences(user: User, on: date) -> QuerySet[Licence]:
    """Those of the NGOs that a person may see."""
    return Licence.objects.filter(ngo__in=visible_ngos(user, on).order_by().values("pk"))


def visible_officers(user: User, on: date) -> QuerySet[Officer]:
    """Those of the NGOs that a person may see; who reads their codes is asked of the NGO."""
    return Officer.objects.filter(ngo__in=visible_ngos(user, on).order_by().values("pk"))


def visible_accounts(user: User, on: date) -> QuerySet[NgoAccount]:
    """Those of the NGOs that a person may see."""
    return NgoAccount.objects.filter(ngo__in=visible_ngos(user, on).order_by().values("pk"))


# what a new file brings along: the sentence of its registration says it
WITH_FILE: dict[str, Any] = {"follows": True, "silent": True, "under_hold": True}
LICENCE_COLUMNS = ("ngo", *LicenceData.__dataclass_fields__, "recorded_by", "recorded_at")
OF_LICENCE: dict[str, Any] = {
    "stores": LICENCE_COLUMNS,
    "event": "ngo.licence_recorded",
    "event_label": "ثبت پروانه",
    "label": "ثبت پروانه",
    "asks": (Ask.given("data", "پروانه", LicenceData),),
    "outcome": parts.licence_recorded,
    "effect": parts.settle_file,
    "says": "پروانه {subject} را ثبت کرد",
    "done": "پروانه ثبت شد.",
    "under_hold": True,
}
LICENCE = Table(
    Licence,
    code="licence",
    title="پروانه",
    rows=[
        Creation("record", by=rules.EDIT_NGO, blockers=parts.licence_gaps, **OF_LICENCE),
        Creation("import", by=rules.IMPORT_NGOS, **OF_LICENCE),
        Creation(
            "come_with_file",
            by=rules.REGISTER_NGO,
            label="پروانه پرونده تازه",
            says="پروانه {subject} را همراه پرونده ثبت کرد",
            stores=LICENCE_COLUMNS,
            asks=OF_LICENCE["asks"],
            outcome=parts.licence_recorded,
            **WITH_FILE,
        ),
    ],
    visible=visible_licences,
    address=_page,
    within="ngo",
    state="",
)
guard(LICENCE, "ngo_part_kept")

CEO_COLUMNS = ("ngo", "post", "full_name", "name_folded", "term", "recorded_by", "recorded_at")
OF_OFFICER: dict[str, Any] = {
    "event": "ngo.officer_recorded",
    "event_label": "ثبت مسئول",
    "label": "ثبت مسئول",
    "says": "«{subject}» را ثبت کرد",
    "done": "مسئول ثبت شد.",
    "under_hold": True,
}
OF_END: dict[str, Any] = {
    "stores": ("term",),
    "event": "ngo.officer_ended",
    "event_label": "پایان سمت",
    "label": "ثبت پایان سمت",
    "asks": (Ask.date("last_day", "آخرین روز"),),
    "outcome": parts.term_ended,
    "effect": parts.settle_file,
    "says": "پایان سمت {subject} را ثبت کرد",
    "done": "پایان سمت ثبت شد.",
    "under_hold": True,
}
OFFICER = Table(
    Officer,
    code="officer",
    title="مسئول سمن",
    rows=[
        Creation(
            "record",
            by=rules.EDIT_NGO,
            stores=(*CEO_COLUMNS, "national_code", "mobile"),
            asks=(Ask.given("data", "مسئول", OfficerData),),
            blockers=parts.officer_gaps,
            outcome=parts.new_officer,
            effect=parts.find_by_officer,
            **OF_OFFICER,
        ),
        Creation(
            "import",
            by=rules.IMPORT_NGOS,
            stores=CEO_COLUMNS,
            asks=(Ask.given("name", "نام مدیرعامل", str),),
            outcome=parts.ceo_of_register,
            effect=parts.settle_file,
            **OF_OFFICER,
        ),
        Creation(
            "come_with_file",
            by=rules.REGISTER_NGO,
            label="مدیرعامل پرونده تازه",
            says="«{subject}» را همراه پرونده ثبت کرد",
            stores=CEO_COLUMNS,
            asks=(Ask.given("name", "نام مدیرعامل", str),),
            outcome=parts.ceo_of_register,
            **WITH_FILE,
        ),
        Act("end", by=rules.EDIT_NGO, blockers=parts.end_gaps, **OF_END),
        Act("end_by_register", by=rules.IMPORT_NGOS, **OF_END),
    ],
    visible=visible_officers,
    address=_page,
    within="ngo",
    state="",
)
guard(OFFICER, "ngo_part_kept")

ACCOUNT = Table(
    NgoAccount,
    code="account",
    title="نماینده سمن",
    rows=[
        Creation(
            "link",
            by=rules.LINK_ACCOUNT,
            stores=("ngo", "user", "period", "letter_reference", "created_by", "created_at"),
            event="ngo.account_linked",
            event_label="نماینده سمن",
            label="ثبت نماینده",
            asks=(Ask.given("data", "نماینده", accounts.AccountData),),
            blockers=accounts.link_gaps,
            outcome=accounts.linked,
            effect=accounts.settle_file,
            says="{subject} را نماینده سمن کرد",
            done="نماینده ثبت شد.",
            under_hold=True,
            tell=(
                To.field(
                    "user",
                    "از این پس نماینده «{file}» در سامانه هستید و پرونده آن را می‌بینید.",
                    mail=True,
                ),
            ),
        ),
        Act(
            "end",
            by=rules.LINK_ACCOUNT,
            stores=("period",),
            event="ngo.account_ended",
            event_label="پایان نمایندگی",
            label="ثبت پایان نمایندگی",
            asks=(Ask.date("ends_on", "آخرین روز"),),
            blockers=accounts.end_gaps,
            outcome=accounts.ended,
            effect=accounts.settle_file,
            says="به نمایندگی {subject} پایان داد",
            done="پایان نمایندگی ثبت شد.",
            under_hold=True,
        ),
    ],
    visible=visible_accounts,
    address=_page,
    within="ngo",
    reads=("user",),
    state="",
)
guard(ACCOUNT, "ngo_part_kept")
