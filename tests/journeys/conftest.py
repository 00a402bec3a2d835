"""An office on its first day: its people with their passwords, and a published framework."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from ngos.models import Framework
from ngos.operations import frameworks
from ngos.workflow import FRAMEWORK
from staff_portal.demo.people import create_people
from staff_portal.kernel.models import User
from tests.journeys import office

expect.set_options(timeout=15_000)


@pytest.fixture
def people(live_site: str) -> dict[str, User]:
    """The demo's people by sign-in name, in their roles for three days."""
    return create_people(at=timezone.now() - timedelta(days=3))


@pytest.fixture
def framework(people: dict[str, User]) -> Framework:
    """The default framework, drafted by an expert and published by the manager."""
    at = timezone.now() - timedelta(hours=1)
    draft = frameworks.create_framework(actor=people["hq.expert"], at=at, title=frameworks.DEFAULT_TITLE)
    published: Framework = FRAMEWORK.apply(draft, "publish", actor=people["hq.manager"], at=at)
    return published


@pytest.fixture
def desks(new_page: Callable[..., Page], people: dict[str, User]) -> Callable[..., Page]:
    """``desks(username, javascript=True)``: a person's own browser, in which they have signed in once."""
    pages: dict[str, Page] = {}

    def at(username: str, **options: Any) -> Page:
        if username not in pages:
            pages[username] = new_page(**options)
            office.sign_in(pages[username], username)
        return pages[username]

    return at
