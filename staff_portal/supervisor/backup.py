"""Backup and restore: the database, the media files and the keys in one file.

The file is a tar: ``manifest.json``, ``database.dump`` (``pg_dump`` custom format), ``media/``, ``keys/`` (the
letters' signing key) and ``secret_key``. A restore builds the database beside the present one and swaps names at
the end, so a failure leaves what was there.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import subprocess
import tarfile
import tempfile
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import unquote, urlsplit, urlunsplit

from staff_portal.supervisor.data_directory import AlreadyRunning, DataDirectory, Trouble, write_private
from staff_portal.supervisor.database import has_users
from staff_portal.supervisor.manage import servers_at_hand
from staff_portal.supervisor.postgres import DATABASE, OWNER, program
from staff_portal.supervisor.servers import Connections, Servers, child_environ, say

FORMAT = 1
RESTORING = "portal_restoring"


def _folders(environ: Mapping[str, str], data: DataDirectory) -> tuple[Path, Path]:
    """Where media and the signing key lie in this installation."""
    media = Path(environ.get("MEDIA_ROOT") or data.media)
    key = Path(environ.get("SIGNING_KEY_FILE") or data.keys / "signing.pem")
    return media, key


def _pg(name: str, url: str, arguments: list[str]) -> None:
    """Run a PostgreSQL tool on the database of ``url``; the password does not appear among its arguments."""
    parts = urlsplit(url)
    host = parts.netloc.rpartition("@")[2]
    public = urlunsplit(parts._replace(netloc=f"{parts.username}@{host}" if parts.username else host))
    environ = os.environ | ({"PGPASSWORD": unquote(parts.password)} if parts.password else {})
    result = subprocess.run(
        [program(name), f"--dbname={public}", *arguments],
        capture_output=True, text=True, check=False, env=environ,
    )  # fmt: skip
    if result.returncode != 0:
        lines = [line for line in result.stderr.splitlines() if line.strip()]
        raise Trouble(f"{name} failed: {lines[0] if lines else 'no reason given'}")


def backup(data: DataDirectory, environ: Mapping[str, str], target: Path) -> int:
    """Write everything to ``target``; the site may be running meanwhile."""
    media, key = _folders(environ, data)
    scratch = target.with_name(target.name + ".partial")
    with (
        servers_at_hand(data, environ) as (connections, _),
        tempfile.TemporaryDirectory(dir=data.root) as folder,
    ):
        dump = Path(folder) / "database.dump"
        _pg("pg_dump", connections.owner_url, ["--format=custom", "--no-owner", f"--file={dump}"])
        manifest = Path(folder) / "manifest.json"
        manifest.write_text(json.dumps({"format": FORMAT, "what": "staff_portal backup"}))
        secret = Path(folder) / "secret_key"
        secret.write_text(child_environ(environ, data, connections).get("SECRET_KEY", ""))
        try:
            descriptor = os.open(scratch, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            with os.fdopen(descriptor, "wb") as file, tarfile.open(fileobj=file, mode="w") as archive:
                for path in (manifest, dump, secret):
                    archive.add(path, path.name)
                if media.is_dir():
                    archive.add(media, "media")
                if key.exists():
                    archive.add(key, "keys/signing.pem")
                file.flush()
                os.fsync(file.fileno())
            scratch.replace(target)
        except OSError as error:
            scratch.unlink(missing_ok=True)
            raise Trouble(f"the backup could not be written to {target}: {error.strerror}") from None
    say(f"backup written to {target} ({target.stat().st_size // 1024} KiB); it holds keys, keep it safe")
    return 0


def restore(data: DataDirectory, environ: Mapping[str, str], source: Path, *, force: bool) -> int:
    """Put a backup in place of an empty installation, or of a full one with ``force``."""
    data.root.mkdir(mode=0o700, parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=data.root) as name:
        folder = Path(name)
        _unpack(source, folder)
        with servers_at_hand(data, environ, up_to_date=False) as (connections, servers):
            if servers is None:
                raise AlreadyRunning(f"the site is running on {data.root}: stop it before restoring")
            if not force and _holds_data(connections, servers):
                raise Trouble("there is data already; to replace it with the backup use FORCE=1")
            _restore_database(connections, servers, folder / "database.dump")
            _restore_files(environ, data, folder)
    say("restored; make run starts the site with it")
    return 0


def _unpack(source: Path, folder: Path) -> None:
    try:
        with tarfile.open(source) as archive:
            archive.extractall(folder, filter="data")
        manifest = json.loads((folder / "manifest.json").read_text())
    except (OSError, tarfile.TarError, ValueError) as error:
        raise Trouble(f"{source} is no backup of this system: {error}") from None
    if manifest.get("format") != FORMAT or not (folder / "database.dump").exists():
        raise Trouble(f"{source} is no backup this version can read")


def _holds_data(connections: Connections, servers: Servers) -> bool:
    if servers.postgres and not servers.postgres.has_database(DATABASE):
        return False
    return has_users(connections)


def _restore_database(connections: Connections, servers: Servers, dump: Path) -> None:
    postgres = servers.postgres
    if postgres is None:
        options = ["--no-owner", "--clean", "--if-exists", "--single-transaction"]
        _pg("pg_restore", connections.owner_url, [*options, str(dump)])
        return
    postgres.drop_database(RESTORING)
    postgres.create_database(RESTORING)
    options = ["--no-owner", "--single-transaction", "--exit-on-error"]
    _pg("pg_restore", postgres.url(OWNER, RESTORING), [*options, str(dump)])
    postgres.drop_database(DATABASE)
    postgres.rename_database(RESTORING, DATABASE)


def _restore_files(environ: Mapping[str, str], data: DataDirectory, folder: Path) -> None:
    media, key = _folders(environ, data)
    if (folder / "media").is_dir():
        _swap(folder / "media", media)
    if (folder / "keys" / "signing.pem").exists():
        key.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        write_private(key, (folder / "keys" / "signing.pem").read_text())
    secret = (folder / "secret_key").read_text()
    if secret and not environ.get("SECRET_KEY"):
        write_private(
            data.root / "secrets.json", json.dumps(data.secrets() | {"secret_key": secret}, indent=1)
        )


def _swap(new: Path, place: Path) -> None:
    """Put ``new`` where ``place`` is; the old folder goes only when the new one stands."""
    incoming, outgoing = place.with_name(place.name + ".restoring"), place.with_name(place.name + ".replaced")
    for leftover in (incoming, outgoing):
        with contextlib.suppress(FileNotFoundError):
            shutil.rmtree(leftover)
    shutil.copytree(new, incoming)
    if place.exists():
        place.rename(outgoing)
    incoming.rename(place)
    shutil.rmtree(outgoing, ignore_errors=True)
