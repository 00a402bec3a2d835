"""Whom a step concerns: who hears of it, and whose turn it is next.

An audience is fixed with the step as addresses, a person, a role with its scope, or something that an upper app
knows how to find the people of (a seat, an NGO), and is turned into people when a notice is relayed or an inbox is
read: whoever holds the role, sits or represents then.
"""

from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from django.db.models import Q

from staff_portal.kernel.models import RoleAssignment, User
from staff_portal.kernel.people import access
from staff_portal.kernel.people.access import Permission

PERSON, ROLE = "person", "role"


@dataclass(frozen=True)
class Address:
    """Where something goes: ``kind`` person or role, or a kind an app registered; ``key`` its id or code.

    A role may be narrowed to one scope, kind and id together; ``power`` is the permission a delegate of single
    powers must hold (K6), or without which nothing waits for the person.
    """

    kind: str
    key: str
    scope_kind: str = ""
    scope_id: int = 0
    power: str = ""

    def __post_init__(self) -> None:
        if bool(self.scope_kind) != bool(self.scope_id):
            raise ValueError("a scope has a kind and an id, or neither")

    def as_json(self) -> dict[str, Any]:
        return {key: value for key, value in asdict(self).items() if value}

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> "Address":
        return cls(**data)


@dataclass(frozen=True)
class Kind:
    """How an app finds the people behind a key, and the keys behind a person, on a day; ``label`` names a key."""

    people: Callable[[str, date], Iterable[int]]
    keys: Callable[[User, date], Iterable[str]]
    label: Callable[[str], str] = str


KINDS: dict[str, Kind] = {}


def register_kind(
    code: str,
    *,
    people: Callable[[str, date], Iterable[int]],
    keys: Callable[[User, date], Iterable[str]],
    label: Callable[[str], str] = str,
) -> None:
    """Teach the kernel a kind of address, once."""
    if code in KINDS or code in {PERSON, ROLE}:
        raise ValueError(f"kind of address given twice: {code}")
    KINDS[code] = Kind(people, keys, label)


def people_at(address: Address, on: date) -> set[int]:
    """The ids of the active people whom an address reaches on that day."""
    if address.kind == PERSON:
        return set(User.objects.filter(pk=int(address.key), is_active=True).values_list("pk", flat=True))
    if address.kind == ROLE:
        return _holders(address, on)
    return set(KINDS[address.kind].people(address.key, on))


def _holders(address: Address, on: date) -> set[int]:
    found = set(access.holders(address.key, on))
    if address.scope_id:
        rows = RoleAssignment.objects.filter(
            access.role_in_force(on),
            role=address.key,
            scope_kind=address.scope_kind,
            scope_id=address.scope_id,
            user__is_active=True,
        )
        found &= set(rows.values_list("user_id", flat=True))
    return found


@dataclass(frozen=True)
class Reach:
    """By what a person is reached on a day: as themselves, by roles held or handed on, as one of a kind of address."""

    user_id: int
    on: date
    authorities: tuple[access.Authority, ...]
    keys: tuple[tuple[str, tuple[str, ...]], ...]
    powers: tuple[str, ...] = ()


def reach_of(user: User, on: date) -> Reach:
    """What the addresses of work are compared with; equal reaches have equal work."""
    keys = ((code, tuple(str(key) for key in kind.keys(user, on))) for code, kind in KINDS.items())
    powers = (code for code, power in access.PERMISSIONS.items() if access.holds_power(user, power, on))
    return Reach(
        user.pk, on, access.authorities(user, on), tuple(pair for pair in keys if pair[1]), tuple(powers)
    )


def addressed_to(reach: Reach) -> Q:
    """Condition on work items: those whose address reaches the person on that day.

    A role's item without a scope reaches every holder; one with a scope only the holders for that scope. A delegate
    of single powers is reached where the item's power is among them (K6), the person named where the power is still
    theirs.
    """
    mine = Q(person=reach.user_id) & Q(power__in=["", *reach.powers])
    for authority in reach.authorities:
        part = Q(role=authority.role) & (
            Q(scope_id=0) | Q(scope_kind=authority.scope_kind, scope_id=authority.scope_id)
        )
        if authority.powers:
            part &= Q(power__in=authority.powers)
        mine |= part
    for code, keys in reach.keys:
        mine |= Q(address_kind=code, address_key__in=keys)
    return mine


Find = Callable[[Any], Iterable[Address]]


@dataclass(frozen=True)
class To:
    """An audience with what it hears: ``text`` is one sentence with the row's words, ``mail`` and ``sms`` say by
    which ways besides the page's own notices, ``page`` where the notice leads (default: the record), ``but`` who
    is not told though the address reaches them."""

    find: Find
    text: str = ""
    mail: bool = False
    sms: bool = False
    page: Callable[[Any], str] | None = None
    but: Callable[[Any], Iterable[int | None]] | None = None

    @classmethod
    def field(cls, path: str, text: str = "", *, power: Permission | None = None, **more: Any) -> "To":
        """The person whom a column of the record names, or of a record it names («resolution.owner»); with ``power``
        it waits for them only while they have it. Only the key is read."""
        code = power.code if power is not None else ""
        return cls(lambda obj: _persons(_value(obj, f"{path}_id"), power=code), text, **more)

    @classmethod
    def people(cls, find: Callable[[Any], Iterable[int | None]], text: str = "", **more: Any) -> "To":
        """People by their ids, found from the record."""
        return cls(lambda obj: _persons(*find(obj)), text, **more)

    @classmethod
    def role(cls, role: str, text: str = "", *, scope: tuple[str, str] | None = None, **more: Any) -> "To":
        """Everyone who holds a role; ``scope`` is its kind and the path to its id."""

        def find(obj: Any) -> Iterable[Address]:
            if scope is None:
                return [Address(ROLE, str(role))]
            scope_id = _value(obj, scope[1])
            return [Address(ROLE, str(role), scope[0], scope_id)] if scope_id else []

        return cls(find, text, **more)

    @classmethod
    def power(cls, permission: Permission, text: str = "", *, roles: Iterable[str] = (), **more: Any) -> "To":
        """Everyone who may do something: the roles of a permission (or some of them), delegates included."""
        wanted = tuple(roles) or permission.roles
        return cls(
            lambda obj: [Address(ROLE, str(role), power=permission.code) for role in wanted], text, **more
        )

    @classmethod
    def at(cls, kind: str, path: str, text: str = "", **more: Any) -> "To":
        """Whoever stands behind a key of an app's own kind (the seat's person, the NGO's representatives)."""

        def find(obj: Any) -> Iterable[Address]:
            key = _value(obj, path)
            return [] if key in (None, "") else [Address(kind, str(key))]

        return cls(find, text, **more)


def _value(obj: Any, path: str) -> Any:
    for name in path.split("."):
        obj = getattr(obj, name) if obj is not None else None
    return obj


def _persons(*found: Any, power: str = "") -> list[Address]:
    ids = [getattr(item, "pk", item) for item in found]
    return [Address(PERSON, str(pk), power=power) for pk in dict.fromkeys(ids) if pk]
