"""What several tests of the registry send and read."""

from html import unescape
from typing import Any

from django.http import HttpResponse

from ngos.models import Ngo
from staff_portal.kernel.base.periods import period
from staff_portal.kernel.models import ActivityField, User
from staff_portal.kernel.persian.digits import to_persian_digits
from staff_portal.kernel.workflow import work
from tests.factories.ngos import national_id
from tests.factories.people import NOW, TODAY

ARABIC = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")


def text_of(response: HttpResponse) -> str:
    return unescape(response.content.decode())


def sent(**changes: Any) -> dict[str, Any]:
    """A complete form of one NGO, as a browser sends it."""
    field = ActivityField.objects.get(code="culture")
    return {
        "name": "انجمن دوستداران کتاب مهتاب",
        "legal_kind": "association",
        "national_id": national_id(),
        "registration_number": "",
        "registration_office": "",
        "registered_on": "",
        "phone": "",
        "mobile": "",
        "email": "",
        "website": "",
        "district": "6",
        "neighbourhood": "",
        "address": "",
        "postal_code": "",
        "primary_field": str(field.pk),
        "staff_count": "",
        "volunteer_count": "",
        "sheba": "",
        "about": "",
        "claimed_number": "",
        "claimed_since": "",
        "version": "",
    } | changes


def represent(ngo: Ngo, user: User) -> None:
    """Let the user act for the NGO since long ago."""
    ngo.accounts.create(
        user=user, period=period(TODAY.replace(year=2024)), letter_reference="12/3", created_at=NOW
    )
    work.settle([ngo], actor=None, at=NOW)


def fa(value: object) -> str:
    return to_persian_digits(value)
