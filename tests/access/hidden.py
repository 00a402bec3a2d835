"""Which words each person must not read on a page, whatever the page is."""

import io
from typing import Any

from openpyxl import load_workbook

from staff_portal.kernel.base.roles import Role
from staff_portal.kernel.persian.digits import to_persian_digits
from tests.access.matrix.committee_seats import COMMITTEE
from tests.access.matrix.table import READERS, SEE_APPLICATION, SEE_FOREIGN, SEE_MEMBER
from tests.access.support import body_of
from tests.factories.access import CODES, COLLEAGUES_MOBILE, MOBILES, NAMES, NGO_MOBILES, SECRET_NOTE

#: Who may read each NGO's name, written out from the design.
READ_NAME = {
    "member": set(SEE_MEMBER),
    "foreign": {*SEE_FOREIGN},
    "free": {*SEE_FOREIGN},
    "awaiting_ngo": {*SEE_FOREIGN},
    "draft": set(SEE_APPLICATION),
    "submitted": set(SEE_APPLICATION),
    "under_review": set(SEE_APPLICATION),
    "hidden": set(READERS),
    "claimed": set(READERS),
    "suspended": set(READERS),
}
#: The committee's readers learn who is nominated, on its own pages and where they search for them.
NOMINEES = {"member", "foreign", "free"}
NOMINATION_PAGES = ("/committee/nominations/", "/search/")
#: Who reads a number on a page for its own business: the form of the file, the account.
KNOWN = {
    Role.NGO_USER: {NGO_MOBILES["member"]},
    Role.HQ_EXPERT: set(NGO_MOBILES.values()),
    Role.ADMIN: {COLLEAGUES_MOBILE},
}


def text_of(response: Any) -> str:
    """Everything readable in an answer: the page, or all cells of a workbook."""
    if "spreadsheetml" in response.headers.get("Content-Type", ""):
        content = b"".join(response) if response.streaming else response.content
        book = load_workbook(io.BytesIO(content))
        return "\n".join(
            str(cell) for sheet in book for row in sheet.iter_rows(values_only=True) for cell in row
        )
    return body_of(response)


def hidden_in(text: str, person: str, url: str) -> set[str]:
    """What stands in the text and is hidden from the person.

    Names of files that are hidden from them; codes and mobiles, which HQ and the NGO only read where they ask for
    them; a note of an assessor whose colleague has not submitted (N7), which nobody else reads.
    """
    names = {name for key, name in NAMES.items() if person not in READ_NAME[key]}
    if is_told_nominees(person, url):
        names -= {NAMES[key] for key in NOMINEES}
    codes = {*CODES.values(), *MOBILES.values(), *NGO_MOBILES.values(), COLLEAGUES_MOBILE}
    secret = {*names, *codes - KNOWN.get(person, set()), SECRET_NOTE}
    return {word for word in secret if word in text or to_persian_digits(word) in text}


def is_told_nominees(person: str, url: str) -> bool:
    """Whether the page names the nominees to somebody who does not see their files."""
    return person in COMMITTEE and url.startswith(NOMINATION_PAGES)
