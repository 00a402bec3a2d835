"""The words of the matrix: outcomes, groups of people, rows."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum

from staff_portal.kernel.base.roles import Role
from tests.access.matrix.scene import NOBODY, PEOPLE, STRANGER


class Outcome(StrEnum):
    """What a person gets; the value is the sign in the printed table."""

    PAGE = "✓"  # the page, or a way on inside the site; a form that is wrong comes back with its sentences
    NO = "✗"  # 403 with a sentence that says why
    HIDDEN = "∅"  # 404: that there is such a thing is itself a secret
    LOGIN = "→"  # to the sign-in page
    METHOD = "·"  # 405: the address is not for this method


Outcomes = dict[str, Outcome]

SIGNED_IN: tuple[str, ...] = tuple(person for person in PEOPLE if person != STRANGER)
ROLES: tuple[str, ...] = tuple(person for person in SIGNED_IN if person != NOBODY)
HQ = (Role.HQ_EXPERT, Role.HQ_MANAGER)
READERS = (*HQ, Role.AUDITOR)
DEPUTY = (Role.DEPUTY_MANAGER, Role.DEPUTY_EXPERT, Role.UNIT_EXPERT)
#: HQ and the auditor; the deputy's people, for members; the district's two; its assessor; the NGO itself.
SEE_MEMBER = (
    *READERS,
    *DEPUTY,
    Role.REGION_OFFICER,
    Role.DISTRICT_HEAD,
    Role.HQ_ASSESSOR,
    Role.NGO_USER,
)
SEE_FOREIGN = (*READERS, *DEPUTY)
SEE_APPLICATION = (*READERS, Role.DISTRICT_HEAD)
SEE_INSIDE = (*READERS, Role.NGO_USER)
SEE_DOCUMENTS = (*SEE_INSIDE, Role.HQ_ASSESSOR)


def given(*people: str, no: Iterable[str] = (), rest: Outcome = Outcome.NO) -> Outcomes:
    """``people`` get the page, ``no`` the refusal, everybody else who is signed in ``rest``, a stranger the sign-in."""
    outcomes = dict.fromkeys(SIGNED_IN, rest)
    outcomes |= dict.fromkeys(no, Outcome.NO) | dict.fromkeys(people, Outcome.PAGE)
    return outcomes | {STRANGER: Outcome.LOGIN}


def among(seers: Iterable[str], *people: str) -> Outcomes:
    """Of those who see the record ``people`` get the page and the others a refusal; from the rest it is hidden."""
    return given(*people, no=seers, rest=Outcome.HIDDEN)


def seen_by(*people: str) -> Outcomes:
    """``people`` see the record; from everybody else it is hidden."""
    return given(*people, rest=Outcome.HIDDEN)


def everyone() -> Outcomes:
    """Whoever is signed in."""
    return given(*SIGNED_IN)


def public() -> Outcomes:
    """Also a stranger."""
    return dict.fromkeys(PEOPLE, Outcome.PAGE)


def no_such() -> Outcomes:
    """The address does not take this method."""
    return given(rest=Outcome.METHOD)


def no_such_public() -> Outcomes:
    """The public address does not take this method."""
    return dict.fromkeys(PEOPLE, Outcome.METHOD)


@dataclass(frozen=True)
class Row:
    """One address with one record in play: ``args`` are names of things, ``:word`` stands for itself."""

    name: str
    about: str
    get: Outcomes = field(default_factory=no_such)
    post: Outcomes = field(default_factory=no_such)
    case: str = ""
    args: dict[str, str] = field(default_factory=dict)

    @property
    def key(self) -> str:
        """Name and case, unique in the matrix."""
        return f"{self.name} {self.case}".strip()


def reading(address: str, about: str, get: Outcomes, /, *, case: str = "", **args: str) -> Row:
    """A page that is only read."""
    return Row(address, about, get=get, case=case, args=args)


def sending(address: str, about: str, post: Outcomes, /, *, case: str = "", **args: str) -> Row:
    """An address that is only sent to."""
    return Row(address, about, post=post, case=case, args=args)


def asking(address: str, about: str, both: Outcomes, /, *, case: str = "", **args: str) -> Row:
    """A form or a confirm page: the same people open and send it."""
    return Row(address, about, get=both, post=dict(both), case=case, args=args)
