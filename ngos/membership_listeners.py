"""What other apps do when a membership changes, in the same transaction (C3, N14, N15, F7).

The registry knows none of them: an app that stands above registers a follower, which is called after the state and the
periods are stored and before the transaction ends. A follower that raises stops the change.
"""

from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime

from ngos.models import Ngo
from staff_portal.kernel.models import User

Follower = Callable[[Ngo, User | None, datetime], None]

Foreseer = Callable[[Ngo, str, date], Iterable[str]]

FOLLOWERS: list[Follower] = []
FORESEERS: list[Foreseer] = []


def register(follower: Follower) -> Follower:
    """Call ``follower(ngo, actor, at)`` whenever an NGO is suspended, reinstated or its membership ends; its state
    says which."""
    FOLLOWERS.append(follower)
    return follower


def tell(ngo: Ngo, *, actor: User | None, at: datetime) -> None:
    """Let every follower know that the membership of ``ngo`` changed."""
    for follower in FOLLOWERS:
        follower(ngo, actor, at)


def foresees(foreseer: Foreseer) -> Foreseer:
    """``foreseer(ngo, state, on)`` says in sentences what would follow if the file came to ``state`` that day."""
    FORESEERS.append(foreseer)
    return foreseer


def foresee(ngo: Ngo, state: str, on: date) -> Iterator[str]:
    """What would follow elsewhere, for the page of a step that is not yet taken."""
    for foreseer in FORESEERS:
        yield from foreseer(ngo, state, on)
