"""The one place where the process environment is read, typed and checked.

Bad or missing values end the process with one clear line and no traceback.
"""

import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

BASE_DIR = Path(__file__).resolve().parent.parent
INSECURE_KEY = "development-only-key-never-used-in-production"


class EnvironmentProblem(Exception):
    """A setting of the environment is missing or wrong; the message is one line for the operator."""


@dataclass(frozen=True)
class Environment:
    """Everything the application reads from its environment.

    ``database`` and ``owner_database`` are Django database dictionaries: the first for the application's
    role (no owner of tables, no superuser), the second for migrations.
    """

    production: bool
    debug: bool
    secret_key: str
    allowed_hosts: list[str]
    database: dict[str, object]
    redis_url: str
    data_dir: Path
    media_root: Path
    site_url: str
    signing_key_file: Path
    behind_proxy: bool
    email: dict[str, object]
    sms_backend: str
    log_level: str


def _flag(environ: Mapping[str, str], name: str, default: bool = False) -> bool:
    raw = environ.get(name, "").strip().lower()
    if not raw:
        return default
    if raw in {"1", "true", "yes", "on"}:
        return True
    if raw in {"0", "false", "no", "off"}:
        return False
    raise EnvironmentProblem(f"{name} must be 1 or 0, not {raw!r}")


def parse_database_url(url: str) -> dict[str, object]:
    """Django's dictionary for ``postgresql://user:password@host:port/name?option=value``."""
    parts = urlsplit(url)
    if parts.scheme not in {"postgres", "postgresql"}:
        raise EnvironmentProblem("DATABASE_URL must start with postgresql://")
    name = unquote(parts.path.lstrip("/"))
    if not name:
        raise EnvironmentProblem("DATABASE_URL names no database")
    try:
        port = parts.port
    except ValueError:
        raise EnvironmentProblem("DATABASE_URL has a port that is no number") from None
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": name,
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": parts.hostname or "",
        "PORT": str(port or ""),
        "OPTIONS": dict(parse_qsl(parts.query)),
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        "ATOMIC_REQUESTS": False,
    }


def parse_email_url(url: str) -> dict[str, object]:
    """``console:``, ``memory:`` or ``smtp[s]://user:password@host:port``, as Django's mail settings."""
    parts = urlsplit(url)
    backends = {"console": "console", "memory": "locmem", "smtp": "smtp", "smtps": "smtp"}
    if parts.scheme not in backends:
        raise EnvironmentProblem("EMAIL_URL must start with console:, memory:, smtp:// or smtps://")
    settings: dict[str, object] = {
        "EMAIL_BACKEND": f"django.core.mail.backends.{backends[parts.scheme]}.EmailBackend"
    }
    if parts.scheme.startswith("smtp"):
        if not parts.hostname:
            raise EnvironmentProblem("EMAIL_URL names no host")
        settings |= {
            "EMAIL_HOST": parts.hostname,
            "EMAIL_PORT": parts.port or (465 if parts.scheme == "smtps" else 25),
            "EMAIL_HOST_USER": unquote(parts.username or ""),
            "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
            "EMAIL_USE_SSL": parts.scheme == "smtps",
        }
    return settings


def read_environment(environ: Mapping[str, str]) -> Environment:
    """Read and check ``environ``; raise :class:`EnvironmentProblem` with one line when something is wrong."""
    mode = environ.get("DJANGO_ENV", "development").strip() or "development"
    if mode not in {"development", "production", "test"}:
        raise EnvironmentProblem(f"DJANGO_ENV must be development, test or production, not {mode!r}")
    production = mode == "production"
    debug = _flag(environ, "DEBUG", default=False)
    secret = environ.get("SECRET_KEY", "") or ("" if production else INSECURE_KEY)
    hosts = [host.strip() for host in environ.get("ALLOWED_HOSTS", "").split(",") if host.strip()]
    data_dir = Path(environ.get("DATA_DIR") or BASE_DIR / ".data").resolve()
    behind_proxy = _flag(environ, "BEHIND_PROXY")
    if production:
        if debug:
            raise EnvironmentProblem("DEBUG must not be set in production")
        if len(secret) < 40 or secret == INSECURE_KEY:
            raise EnvironmentProblem("SECRET_KEY must be set to at least 40 random characters in production")
        if not hosts or "*" in hosts:
            raise EnvironmentProblem("ALLOWED_HOSTS must name the site's hosts in production")
        if not behind_proxy:
            raise EnvironmentProblem(
                "BEHIND_PROXY=1 must be set in production: TLS ends at a proxy before us"
            )
        if not environ.get("SIGNING_KEY_FILE"):
            raise EnvironmentProblem("SIGNING_KEY_FILE must name the key that signs letters in production")
        if not environ.get("DATABASE_URL"):
            raise EnvironmentProblem("DATABASE_URL must be set in production")
        if not environ.get("SITE_URL", "").startswith("https://"):
            raise EnvironmentProblem("SITE_URL must be the public https:// address in production")
    level = environ.get("LOG_LEVEL", "INFO").upper()
    if level not in {"DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"}:
        raise EnvironmentProblem(f"LOG_LEVEL must be DEBUG, INFO, WARNING or ERROR, not {level!r}")
    return Environment(
        production=production,
        debug=debug,
        secret_key=secret,
        allowed_hosts=hosts or ["localhost", "127.0.0.1", "[::1]", "testserver"],
        database=parse_database_url(
            environ.get("DATABASE_URL") or "postgresql://portal_app@127.0.0.1:5432/portal"
        ),
        redis_url=environ.get("REDIS_URL") or "redis://127.0.0.1:6379/0",
        data_dir=data_dir,
        media_root=Path(environ.get("MEDIA_ROOT") or data_dir / "media"),
        site_url=(environ.get("SITE_URL") or "http://localhost:8000").rstrip("/"),
        signing_key_file=Path(environ.get("SIGNING_KEY_FILE") or data_dir / "keys" / "signing.pem"),
        behind_proxy=behind_proxy,
        email=parse_email_url(environ.get("EMAIL_URL") or "console:"),
        sms_backend=environ.get("SMS_BACKEND") or "staff_portal.kernel.delivery.sms.ConsoleSms",
        log_level=level,
    )


def load() -> Environment:
    """The environment of this process; ends it with one line on standard error when it is not usable."""
    try:
        return read_environment(os.environ)
    except EnvironmentProblem as problem:
        sys.stderr.write(f"configuration: {problem}\n")
        raise SystemExit(2) from None
