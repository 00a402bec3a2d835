"""The data directory: its parts and their modes, the lock, the generated secrets, the account of the servers."""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import pwd
import secrets
import stat
from dataclasses import dataclass
from pathlib import Path

SECRET_NAMES = ("superuser", "owner", "app", "broker", "secret_key")


class Trouble(Exception):
    """What stops the supervisor; the message is one line for the person at the terminal."""


@dataclass(frozen=True)
class Account:
    """The unprivileged system account PostgreSQL and Valkey run as when we are root."""

    uid: int
    gid: int


def server_account() -> Account | None:
    """The account to drop to: none unless we are root (PostgreSQL refuses to run as root)."""
    if os.geteuid() != 0:
        return None
    try:
        entry = pwd.getpwnam("nobody")
    except KeyError:
        raise Trouble(
            "running as root needs the system user 'nobody' for PostgreSQL; it is missing"
        ) from None
    return Account(entry.pw_uid, entry.pw_gid)


def let_through(path: Path, account: Account | None) -> list[Path]:
    """Give the account passage to ``path``: o+x, and no more, on those parents that lack it.

    Returns the folders whose mode was changed.
    """
    if account is None:
        return []
    changed = []
    for folder in [*reversed(path.parents), path]:
        mode = folder.stat().st_mode
        if stat.S_ISDIR(mode) and not mode & stat.S_IXOTH and folder.stat().st_uid != account.uid:
            folder.chmod(stat.S_IMODE(mode) | stat.S_IXOTH)
            changed.append(folder)
    return changed


def make_readable(folder: Path, witness: Path, account: Account | None) -> None:
    """Let the account read a wheel's own folder, where a strict umask closed it at installation.

    ``witness`` is the program the account is to run: when it may, nothing is touched.
    """
    if account is None or witness.stat().st_mode & stat.S_IXOTH:
        return
    for path in [folder, *folder.rglob("*")]:
        if not path.is_symlink():
            mode = stat.S_IMODE(path.stat().st_mode)
            runnable = stat.S_IXOTH if mode & stat.S_IXUSR else 0
            path.chmod(mode | stat.S_IROTH | runnable)


@dataclass(frozen=True)
class DataDirectory:
    """Where one installation keeps everything it owns."""

    root: Path

    @property
    def postgres(self) -> Path:
        return self.root / "postgres"

    @property
    def valkey(self) -> Path:
        return self.root / "valkey"

    @property
    def logs(self) -> Path:
        return self.root / "log"

    @property
    def media(self) -> Path:
        return self.root / "media"

    @property
    def keys(self) -> Path:
        return self.root / "keys"

    @property
    def servers_file(self) -> Path:
        return self.root / "servers.json"

    def create(self, account: Account | None) -> list[Path]:
        """Make the parts that are missing; returns the folders outside that were opened by o+x."""
        try:
            self.root.mkdir(mode=0o700, parents=True, exist_ok=True)
            for part in (self.logs, self.media, self.keys):
                part.mkdir(mode=0o700, exist_ok=True)
            for part in (self.postgres, self.valkey):
                part.mkdir(mode=0o700, exist_ok=True)
                self._hand_over(part, account)
        except OSError as error:
            raise Trouble(f"the data directory {self.root} cannot be written: {error.strerror}") from None
        return [folder for folder in let_through(self.root, account) if folder != self.root]

    def _hand_over(self, part: Path, account: Account | None) -> None:
        owner = part.stat().st_uid
        wanted = account.uid if account else os.geteuid()
        if owner == wanted:
            return
        if account is None or any(part.iterdir()):
            raise Trouble(
                f"{part} belongs to another account (uid {owner}): run as the user who made it, or set DATA_DIR"
            )
        os.chown(part, account.uid, account.gid)

    def lock(self) -> int:
        """Take the installation's lock; the kernel gives it back however this process ends."""
        descriptor = os.open(self.root / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            holder = os.read(descriptor, 64).decode(errors="replace").strip() or "?"
            os.close(descriptor)
            raise AlreadyRunning(
                f"already running on {self.root} (process {holder}); stop it first or set DATA_DIR and PORT"
            ) from None
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, f"{os.getpid()}\n".encode(), 0)
        return descriptor

    def secrets(self) -> dict[str, str]:
        """Passwords and keys of this installation, generated at the first start."""
        path = self.root / "secrets.json"
        known: dict[str, str] = json.loads(path.read_text()) if path.exists() else {}
        if missing := [name for name in SECRET_NAMES if name not in known]:
            known |= {name: secrets.token_urlsafe(48) for name in missing}
            write_private(path, json.dumps(known, indent=1))
        return known

    def write_servers(self, connections: dict[str, str]) -> None:
        """Say where the running servers are, for ``embedded manage`` and ``embedded backup``."""
        write_private(self.servers_file, json.dumps(connections))

    def read_servers(self) -> dict[str, str] | None:
        """What the running supervisor wrote, or nothing while it is still starting."""
        with contextlib.suppress(OSError, ValueError):
            return dict(json.loads(self.servers_file.read_text()))
        return None


class AlreadyRunning(Trouble):
    """Another supervisor holds the lock of the data directory."""


def write_private(path: Path, text: str) -> None:
    """Write a file only we can read, whole or not at all."""
    scratch = path.with_name(path.name + ".new")
    scratch.unlink(missing_ok=True)
    descriptor = os.open(scratch, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    scratch.replace(path)
