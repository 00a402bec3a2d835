"""A committee of five people in five seats, for every test of the committee."""

from collections.abc import Callable

import pytest
from django.test import Client

from tests.factories.access import client_of
from tests.factories.committee import Committee, committee_of_five


@pytest.fixture
def five(db: None) -> Committee:
    """Memorandum, term and five sitting members; with rollback."""
    return committee_of_five()


@pytest.fixture
def client_for() -> Callable[..., Client]:
    """``client_for(user)``: a browser in which the person is signed in."""
    return client_of
