"""The environment of a test process, set before Django reads it."""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

#: where nothing answers: a test that needs the database asks for it by a fixture
NOWHERE = "postgresql://portal_app@127.0.0.1:1/portal"
INHERITED = "PORTAL_TEST_SERVERS"


def set_up() -> Path:
    """Give this process folders of its own and settings for tests; returns its folder."""
    folder = Path(tempfile.mkdtemp(prefix="portal-test-files-"))
    owner = os.getpid()
    atexit.register(lambda: os.getpid() == owner and shutil.rmtree(folder, ignore_errors=True))
    for name in (
        "ALLOWED_HOSTS",
        "BEHIND_PROXY",
        "DATABASE_OWNER_URL",
        "DEBUG",
        "LOG_LEVEL",
        "SITE_URL",
        "SMS_BACKEND",
    ):
        os.environ.pop(name, None)
    os.environ.update(
        DJANGO_SETTINGS_MODULE="tests.settings",
        DJANGO_ENV="test",
        DATABASE_URL=NOWHERE,
        REDIS_URL="redis://127.0.0.1:1/0",
        SECRET_KEY="tests-only-" + "0" * 50,
        DATA_DIR=str(folder),
        MEDIA_ROOT=str(folder / "media"),
        SIGNING_KEY_FILE=str(folder / "keys" / "signing.pem"),
        EMAIL_URL="memory:",
    )
    return folder
