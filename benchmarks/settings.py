"""The tests' settings without what only watches: what is measured is what the site does."""

from tests.settings import *  # noqa: F403
from tests.settings import SITE_APPS

INSTALLED_APPS = SITE_APPS
