"""People at the screen: one expert or two with a draft, or the whole demo."""

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from ngos.models import Ngo
from staff_portal.demo.seed import seed_demo
from staff_portal.kernel.models import User
from tests.factories import ngos as made
from tests.factories.people import make_user

expect.set_options(timeout=15_000)


@pytest.fixture
def expert(live_site: str) -> User:
    return make_user(username="hq.first", first_name="مریم", last_name="احمدی")


@pytest.fixture
def colleague(live_site: str) -> User:
    return make_user(username="hq.second", first_name="امید", last_name="شریفی")


@pytest.fixture
def draft(expert: User) -> Ngo:
    """A file that the expert has just registered."""
    return made.draft(expert, at=timezone.now(), name="انجمن دوستداران کتاب مهتاب", phone="02122334455")


@pytest.fixture
def demo(live_site: str) -> dict[str, User]:
    """A small office with something in every state; its people by sign-in name."""
    seed_demo(size=20, on=timezone.localdate())
    return {user.username: user for user in User.objects.all()}
