"""An NGO's own data as pages, registers and the demo give it, and its storage form."""

from dataclasses import dataclass, field, fields, replace
from datetime import date
from typing import Any

from staff_portal.kernel.base.refusals import Refusal
from staff_portal.kernel.persian import identifiers
from staff_portal.kernel.persian.letters import clean_text


@dataclass(frozen=True)
class LicenceData:
    """A licence as a form or a register gives it."""

    licensor: str
    valid_until: date
    licensor_place: str = ""
    number: str = ""
    subject: str = ""
    scope: str = ""
    valid_from: date | None = None


@dataclass(frozen=True)
class NgoData:
    """An NGO's own data, normalised by :func:`normalised`; ``field_ids`` starts with the primary one."""

    name: str
    national_id: str
    legal_kind: str = ""
    registration_number: str = ""
    registration_office: str = ""
    registered_on: date | None = None
    phone: str = ""
    mobile: str = ""
    email: str = ""
    website: str = ""
    postal_code: str = ""
    address: str = ""
    district_id: int | None = None
    neighbourhood_id: int | None = None
    neighbourhood_text: str = ""
    field_ids: tuple[int, ...] = ()
    target_groups: tuple[str, ...] = ()
    staff_count: int | None = None
    volunteer_count: int | None = None
    sheba: str = ""
    about: str = ""
    claimed_number: str = ""
    claimed_since: date | None = None
    licence: LicenceData | None = field(default=None, compare=False)
    ceo_name: str = field(default="", compare=False)


_NOT_COLUMNS = {"field_ids", "licence", "ceo_name", "target_groups"}
COLUMNS = tuple(item.name for item in fields(NgoData) if item.name not in _NOT_COLUMNS)
_TEXTS = ("name", "registration_office", "address", "neighbourhood_text", "claimed_number", "ceo_name")


def normalised(data: NgoData) -> NgoData:
    """The same data in storage form; raises a :class:`Refusal` whose sentences name every wrong identifier."""
    wrong: list[str] = []

    def checked(value: str, normalise: Any) -> str:
        if not str(value or "").strip():
            return ""
        try:
            return str(normalise(value))
        except identifiers.IdentifierError as error:
            wrong.append(error.sentence)
            return ""

    texts: dict[str, Any] = {name: clean_text(getattr(data, name) or "") for name in _TEXTS}
    if not texts["name"]:
        wrong.append("نام سمن را بنویسید.")
    if not str(data.national_id or "").strip():
        wrong.append("شناسه ملی سمن را بنویسید.")
    result = replace(
        data,
        **texts,
        about=clean_text(data.about or "", multiline=True),
        national_id=checked(data.national_id, identifiers.normalise_national_id),
        registration_number=checked(data.registration_number, identifiers.normalise_registration_number),
        phone=checked(data.phone, identifiers.normalise_landline),
        mobile=checked(data.mobile, identifiers.normalise_mobile),
        postal_code=checked(data.postal_code, identifiers.normalise_postal_code),
        sheba=checked(data.sheba, identifiers.normalise_sheba),
        email=(data.email or "").strip().lower(),
        field_ids=tuple(dict.fromkeys(data.field_ids)),
    )
    if wrong:
        raise Refusal(*wrong)
    return result
