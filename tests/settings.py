"""The site's settings with what tests want otherwise: plain static files, quick hashes, no lockout."""

from staff_portal.kernel.base.signing import SigningKey
from staff_portal.settings import *  # noqa: F403
from staff_portal.settings import INSTALLED_APPS as SITE_APPS
from staff_portal.settings import SIGNING_KEY_FILE

INSTALLED_APPS = [*SITE_APPS, "zeal", "django_migration_linter"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
PASSWORD_HASHERS = ["tests.support.hashers.QuickArgon2PasswordHasher"]
#: its own tests switch it on
AXES_ENABLED = False
#: nothing is watched until a test asks for it through the ``no_n_plus_one`` fixture
ZEAL_RAISE = True
#: static files come straight from their folders
WHITENOISE_AUTOREFRESH = True
WHITENOISE_USE_FINDERS = True
CELERY_IMPORTS = ["tests.support.tasks"]

# letters are signed in tests as they are in the office, with a key of this run's own
SigningKey.load(SIGNING_KEY_FILE, create=True)
