"""NGOs of the tests, made through the operations: drafts, complete files, members."""

from collections.abc import Collection
from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import count
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from ngos.enums import REQUIRED_DOCUMENTS, OfficerPost
from ngos.grading import DimensionSpec, FrameworkSpec, IndicatorSpec, LevelSpec
from ngos.models import Assessment, Framework, Ngo, NgoDocument
from ngos.operations import assessing, frameworks, parts, registry
from ngos.operations.ngo_data import LicenceData, NgoData
from ngos.operations.sheets import ScoreData
from ngos.workflow import ASSESSMENT, DOCUMENT, FRAMEWORK, MEMBERSHIP
from staff_portal.kernel.letters.attachments import stage_file
from staff_portal.kernel.models import ActivityField, Attachment, User
from staff_portal.kernel.persian.identifiers import national_id_check_digit
from staff_portal.kernel.workflow.writing import whole
from tests.factories.people import NOW, TODAY

_NUMBERS = count(1)
PDF = b"%PDF-1.4\n%%EOF\n"


def national_id(number: int | None = None) -> str:
    """A valid national id that no other test of the run uses."""
    ten = f"1400{next(_NUMBERS) if number is None else number:06d}"
    return f"{ten}{national_id_check_digit(ten)}"


def ngo_data(**changes: Any) -> NgoData:
    """Complete data of one NGO."""
    number = next(_NUMBERS)
    field = ActivityField.objects.get(code=changes.pop("field", "culture"))
    values: dict[str, Any] = {
        "name": f"انجمن نمونه {number}",
        "national_id": national_id(),
        "legal_kind": "association",
        "phone": f"0212{number:07d}",
        "district_id": 6,
        "field_ids": (field.pk,),
        "licence": licence(),
    }
    return NgoData(**(values | changes))


def licence(**changes: Any) -> LicenceData:
    """The licence of ``ngo_data``, with other dates."""
    values: dict[str, Any] = {
        "licensor": "interior",
        "number": "1/2",
        "valid_until": TODAY + timedelta(days=400),
    }
    return LicenceData(**(values | changes))


def draft(actor: User, *, at: datetime = NOW, **changes: Any) -> Ngo:
    return registry.register_ngo(actor=actor, at=at, data=ngo_data(**changes))


def staged_pdf(actor: User, name: str = "سند.pdf", *, at: datetime = NOW) -> Attachment:
    upload = SimpleUploadedFile(name, PDF + name.encode(), content_type="application/pdf")
    return stage_file(upload, actor=actor, at=at)


def upload(
    ngo: Ngo, kind: str, actor: User, *, at: datetime = NOW, valid_until: date | None = None
) -> NgoDocument:
    return DOCUMENT.apply(
        ngo,
        "upload",
        actor=actor,
        at=at,
        kind=kind,
        attachment=staged_pdf(actor, at=at),
        valid_until=valid_until,
    )


def complete(
    ngo: Ngo,
    *,
    registrar: User,
    reviewer: User,
    at: datetime = NOW,
    valid_until: dict[str, date] | None = None,
    without: Collection[str] = (),
) -> None:
    """A board of three and every required document, accepted by the reviewer; some may lapse on a day or be missing."""
    with whole(registrar, at):
        for post in (OfficerPost.CHAIR, OfficerPost.BOARD, OfficerPost.TREASURER):
            if post in without:
                continue
            parts.record_officer(
                ngo,
                actor=registrar,
                at=at,
                post=post,
                full_name=f"مسئول {next(_NUMBERS)}",
                starts_on=TODAY - timedelta(days=900),
                last_day=TODAY + timedelta(days=900),
            )
        made = [
            upload(ngo, kind, registrar, at=at, valid_until=(valid_until or {}).get(kind))
            for kind in REQUIRED_DOCUMENTS
            if kind not in without
        ]
    with whole(reviewer, at):
        for document in made:
            DOCUMENT.apply(document, "accept", actor=reviewer, at=at)


def under_review(
    registrar: User,
    reviewer: User,
    *,
    at: datetime = NOW,
    valid_until: dict[str, date] | None = None,
    without: Collection[str] = (),
    **changes: Any,
) -> Ngo:
    """A complete application that the reviewer has taken up."""
    ngo = draft(registrar, at=at, **changes)
    complete(ngo, registrar=registrar, reviewer=reviewer, at=at, valid_until=valid_until, without=without)
    MEMBERSHIP.apply(ngo, "submit", actor=registrar, at=at)
    return MEMBERSHIP.apply(ngo, "take_up", actor=reviewer, at=at)


def member(registrar: User, reviewer: User, manager: User, *, at: datetime = NOW, **changes: Any) -> Ngo:
    """A member by the whole way."""
    ngo = under_review(registrar, reviewer, at=at, **changes)
    return MEMBERSHIP.apply(ngo, "approve", actor=manager, at=at)


# --- grading ---------------------------------------------------------------------------------------------


def small_spec() -> FrameworkSpec:
    """Two dimensions, three indicators (one a gate), four levels: enough for every path."""
    anchors = ("نیست", "آغاز شده", "نامنظم", "اجرا می‌شود", "بازنگری می‌شود")

    def indicator(code: str, *, gate: bool = False) -> IndicatorSpec:
        return IndicatorSpec(
            code=code, title=f"شاخص {code}", weight=Decimal(1), is_gate=gate, anchors=anchors
        )

    return FrameworkSpec(
        dimensions=(
            DimensionSpec(
                "governance", "حکمرانی", Decimal(60), (indicator("g1", gate=True), indicator("g2"))
            ),
            DimensionSpec("finance", "مالی", Decimal(40), (indicator("f1"),)),
        ),
        levels=(
            LevelSpec(1, "ممتاز", Decimal(85), {"finance": Decimal(40)}),
            LevelSpec(2, "توسعه‌یافته", Decimal(70), {"finance": Decimal(40)}),
            LevelSpec(3, "در حال توسعه", Decimal(50)),
            LevelSpec(4, "نوپا", Decimal(0)),
        ),
    )


def published(
    expert: User, manager: User, *, spec: FrameworkSpec | None = None, at: datetime = NOW
) -> Framework:
    created = frameworks.create_framework(
        actor=expert, at=at, title="چارچوب آزمون", spec=spec or small_spec()
    )
    return FRAMEWORK.apply(created, "publish", actor=manager, at=at)


def scoring(ngo: Ngo, expert: User, assessors: list[User], *, at: datetime = NOW) -> Assessment:
    """An assessment whose scoring is open."""
    planned = assessing.plan_assessment(actor=expert, at=at, ngo=ngo, assessors=assessors)
    return ASSESSMENT.apply(planned, "start", actor=expert, at=at)


def score(
    assessment: Assessment, assessor: User, values: dict[str, int | None], *, at: datetime = NOW
) -> None:
    """Save and submit one assessor's values by indicator code (None: not applicable)."""
    from ngos.models import Indicator

    rows = {row.code: row.pk for row in Indicator.objects.filter(dimension__framework=assessment.framework)}
    assessing.save_scores(
        assessment,
        actor=assessor,
        at=at,
        scores=[ScoreData(rows[code], value, value is None) for code, value in values.items()],
    )
    ASSESSMENT.apply(assessment, "submit_scores", actor=assessor, at=at)
