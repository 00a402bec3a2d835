"""Rows by which a file of the registry begins and its data change (N1)."""

from typing import Any

from ngos import rules
from ngos.enums import MembershipState as M
from ngos.operations import registry
from ngos.operations.ngo_data import NgoData
from staff_portal.kernel.workflow.questions import Ask
from staff_portal.kernel.workflow.rows import Act, Creation

DATA = Ask.given("data", "مشخصات سمن", NgoData)
NEW: dict[str, Any] = {
    "targets": (M.DRAFT,),
    "stores": (*registry.STORED, "registered_by", "registered_at"),
    "asks": (DATA,),
    "outcome": registry.registered,
    "effects": registry.add_parts,
}
REGISTER = Creation(
    "register",
    by=rules.REGISTER_NGO,
    event="ngo.registered",
    event_label="ثبت سمن",
    label="ثبت پرونده",
    blockers=registry.twin_gaps,
    says="پرونده سمن را ثبت کرد",
    **NEW,
)
IMPORT = Creation(
    "import",
    by=rules.IMPORT_NGOS,
    event="ngo.imported",
    event_label="ورود از فهرست",
    label="ورود از فهرست",
    says="پرونده را از فهرست اکسل وارد کرد",
    **NEW,
)
CHANGED: dict[str, Any] = {
    "sources": tuple(M),
    "stores": registry.STORED,
    "event": "ngo.changed",
    "event_label": "ویرایش پرونده",
    "outcome": registry.changed,
    "effects": registry.change_fields,
    "effect": registry.told_fields,
    "says": "مشخصات سمن را ویرایش کرد",
    "under_hold": True,
}
CHANGE = Act(
    "change",
    by=rules.EDIT_NGO,
    label="ویرایش مشخصات",
    asks=(DATA, Ask.integer("version", "نسخه")),
    blockers=registry.change_gaps,
    done="مشخصات سمن ذخیره شد.",
    **CHANGED,
)
CHANGE_BY_REGISTER = Act(
    "change_by_register",
    by=rules.IMPORT_NGOS,
    label="به‌روزکردن از فهرست",
    asks=(DATA, Ask.given("ceo_name", "نام مدیرعامل", str, required=False)),
    **CHANGED,
)
