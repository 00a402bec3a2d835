"""A plausible form for every address that is sent to, and how the success of it looks."""

from collections.abc import Callable
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from staff_portal.kernel.persian.jalali import format_jalali
from tests.access.matrix import Row
from tests.factories import access_committee, access_committee_work
from tests.factories.access import Scene
from tests.factories.ngos import PDF, national_id
from tests.factories.people import TODAY

DAY = format_jalali(TODAY)
NOTE = {"note": "سبب آزمون"}


def _pdf() -> SimpleUploadedFile:
    return SimpleUploadedFile("سند.pdf", PDF, content_type="application/pdf")


def _ngo(name: str, number: str, **more: Any) -> dict[str, Any]:
    return {"name": name, "national_id": number, "phone": "02188776655", "legal_kind": "association", **more}


def _edit(scene: Scene, key: str) -> dict[str, Any]:
    ngo = scene.things[key]
    return _ngo(f"{ngo.name} تازه", ngo.national_id, version=str(ngo.version), is_other="on", phone=ngo.phone)


def _weights(scene: Scene, key: str) -> dict[str, Any]:
    framework = scene.things[key]
    body = {f"level-{row.pk}": str(row.lower_bound) for row in framework.levels.all()}
    for dimension in framework.dimensions.all():
        body[f"dimension-{dimension.pk}"] = "50"
        body |= {f"indicator-{row.pk}": "2" for row in dimension.indicators.all()}
    return body


def _words(scene: Scene) -> dict[str, Any]:
    return {"title": "شاخص تازه", **{f"anchor-{value}": f"توصیف {value}" for value in range(5)}}


def _plan(scene: Scene) -> dict[str, Any]:
    chosen = [scene.others["assessor3"].pk, scene.others["assessor4"].pk]
    return {"ngo": scene.things["free"].pk, "assessors": chosen, "due_on": "1405/10/10"}


def _score(scene: Scene) -> dict[str, Any]:
    pk = scene.things["score_indicator"].pk
    return {f"v-{pk}": "4", f"n-{pk}": "نیک"}


def _moderation(scene: Scene) -> dict[str, Any]:
    pk = scene.things["score_indicator"].pk
    return {f"v-{pk}": "2", f"r-{pk}": "مدرک دیده شد."}


def _user(scene: Scene) -> dict[str, Any]:
    user = scene.things["account_user"]
    return {"username": user.username, "first_name": "نام", "last_name": "تازه", "side": user.side}


Body = Callable[[Scene, Row], dict[str, Any]]
BODIES: dict[str, Body] = {
    "ngos:ngo_new": lambda scene, row: _ngo("انجمن یکتای زرشک", national_id()),
    "ngos:existing": lambda scene, row: {"ngo": [scene.things["claimed"].pk]},
    "view_save": lambda scene, row: {"title": "نمای تازه", "query": "q=2"},
    "view_delete": lambda scene, row: {},
    "ngos:ngo_edit": lambda scene, row: _edit(scene, row.args["pk"]),
    "ngos:ngo_people": lambda scene, row: {},
    "ngos:document_new": lambda scene, row: {"kind": "activity_report", "file": _pdf()},
    "ngos:document_do": lambda scene, row: {},
    "ngos:licence_new": lambda scene, row: {
        "licensor": "interior",
        "number": "۹",
        "valid_until": "1407/01/01",
    },
    "ngos:officer_new": lambda scene, row: {"post": "board", "full_name": "نادر نمونه", "starts_on": DAY},
    "ngos:officer_end": lambda scene, row: {"last_day": DAY},
    "ngos:account_new": lambda scene, row: {
        "user": scene.others["ngo_user2"].pk,
        "letter_reference": "۱",
        "starts_on": DAY,
    },
    "ngos:account_end": lambda scene, row: {"last_day": DAY},
    "ngos:ngo_do": lambda scene, row: NOTE,
    "ngos:decision_do": lambda scene, row: {**NOTE, "paper": "۱۲/۳", "delivered_on": DAY, "delivery": "پست"},
    "ngos:framework_new": lambda scene, row: {"title": "تازه", "source": "default"},
    "ngos:framework_edit": lambda scene, row: _weights(scene, row.args["pk"]),
    "ngos:framework_copy": lambda scene, row: {},
    "ngos:framework_do": lambda scene, row: NOTE,
    "ngos:indicator_edit": lambda scene, row: _words(scene),
    "ngos:assessment_new": lambda scene, row: _plan(scene),
    "ngos:assessment_score": lambda scene, row: _score(scene),
    "ngos:assessment_score_save": lambda scene, row: _score(scene),
    "ngos:assessment_moderate": lambda scene, row: _moderation(scene),
    "ngos:assessment_do": lambda scene, row: NOTE | {"indicators": [scene.things["score_indicator"].pk]},
    "ngos:imports": lambda scene, row: {"on": DAY, "file": SimpleUploadedFile("ر.csv", CSV.encode())},
    "ngos:import_confirm": lambda scene, row: {},
    "ngos:import_check": lambda scene, row: {},
    "ngos:import_discard": lambda scene, row: {},
    "login": lambda scene, row: {"username": "هیچ", "password": "x"},
    "totp_verify": lambda scene, row: {"token": "123456"},
    "logout": lambda scene, row: {},
    "password_change": lambda scene, row: {"old": "x", "new": "y", "again": "y"},
    "totp_enrol": lambda scene, row: {"token": "123456"},
    "totp_remove": lambda scene, row: {},
    "notifications_read": lambda scene, row: {},
    "user_new": lambda scene, row: {"username": "new.one", "first_name": "ن", "last_name": "ت", "side": "hq"},
    "user_edit": lambda scene, row: _user(scene),
    "user_close": lambda scene, row: NOTE,
    "user_reopen": lambda scene, row: {},
    "user_password": lambda scene, row: {},
    "user_totp_remove": lambda scene, row: {},
    "role_grant": lambda scene, row: {"role": "secretary", "start_on": DAY},
    "role_end": lambda scene, row: {},
    "role_confirm": lambda scene, row: {},
    "role_refuse": lambda scene, row: NOTE,
    "delegation_new": lambda scene, row: {"role": "", "delegate": ""},
    "delegation_end": lambda scene, row: {},
    "refer": lambda scene, row: {"to_user": scene.others["reviewer"].pk, **NOTE},
    "referral_done": lambda scene, row: NOTE,
    "case": lambda scene, row: NOTE,
    "setting": lambda scene, row: {"value": "21", "effective_on": DAY, "note": "آزمون"},
    "holidays": lambda scene, row: {"day": "1405/11/05", "title": "تعطیل"},
    "holiday_remove": lambda scene, row: {},
    "letter_revoke": lambda scene, row: {"reason": "سبب آزمون"},
    "letter_office_number": lambda scene, row: {"office_number": "۱/۲", "office_dated_on": DAY},
    "attachment_stage": lambda scene, row: {"file": _pdf()},
    **access_committee.BODIES,
    **access_committee_work.BODIES,
}
CSV = f"نام سازمان,شناسه ملی\nانجمن تازه,{national_id()}\n"
#: Answered by a page of its own and not by a way on.
ANSWERED = {
    "ngos:existing": 200,
    "ngos:ngo_people": 200,
    "ngos:assessment_score_save": 200,
    "login": 200,
    "password_change": 200,
    "totp_enrol": 200,
    "user_new": 200,
    "user_password": 200,
    "delegation_new": 200,
    "attachment_stage": 201,
    **access_committee.ANSWERED,
    **access_committee_work.ANSWERED,
}
#: Refused by a state and not by who asks.
REFUSED_BY_STATE = {
    "ngos:decision_do پاسخ",
    "ngos:framework_edit منتشرشده",
    "totp_remove",
    "user_totp_remove",
    *access_committee_work.REFUSED_BY_STATE,
}
#: A person's own marks, or nothing to keep: no audit entry.
UNRECORDED = {
    "view_save",
    "view_delete",
    "login",
    "totp_verify",
    "password_change",
    "totp_enrol",
    "totp_remove",
    "notifications_read",
    "user_totp_remove",
    "delegation_new",
    "attachment_stage",
    "ngos:import_check",
    "ngos:framework_edit منتشرشده",
    *access_committee.UNRECORDED,
    *access_committee_work.UNRECORDED,
}
