"""``embedded run`` as a person uses it: real processes, killed and stopped."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import psycopg2
import pytest
from celery import Celery

from staff_portal.supervisor.processes import free_port
from tests.support.servers import ROOT

READY, BUILDING = "آماده است", "bringing the database"
pytestmark = pytest.mark.slow


class Site:
    """One supervisor after another on one data directory."""

    def __init__(self, folder: Path) -> None:
        self.data = folder / "data"
        self.output = folder / "output"
        unwanted = {"DATABASE_URL", "REDIS_URL", "MEDIA_ROOT", "SIGNING_KEY_FILE", "SECRET_KEY"}
        self.environ = {key: value for key, value in os.environ.items() if key not in unwanted} | {
            "DATA_DIR": str(self.data),
            "PORT": str(free_port()),
            "DEMO": "none",
        }
        self.process: subprocess.Popen[bytes] | None = None

    def command(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "staff_portal.embedded", *arguments],
            cwd=ROOT,
            env=self.environ,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )

    def start(self, until: str = READY, seconds: float = 90) -> None:
        with open(self.output, "wb") as output:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "staff_portal.embedded", "run"],
                cwd=ROOT,
                env=self.environ,
                stdout=output,
                stderr=subprocess.STDOUT,
            )
        deadline = time.monotonic() + seconds
        while until not in self.output.read_text(errors="replace"):
            assert self.process.poll() is None, self.output.read_text()
            assert time.monotonic() < deadline, self.output.read_text()
            time.sleep(0.05)

    def servers(self) -> dict[str, str]:
        return json.loads((self.data / "servers.json").read_text())

    def sql(self, statement: str) -> list[tuple[object, ...]]:
        connection = psycopg2.connect(self.servers()["database_url"])
        try:
            with connection, connection.cursor() as cursor:
                cursor.execute(statement)
                return cursor.fetchall() if cursor.description else []
        finally:
            connection.close()

    def kill(self) -> None:
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def stop(self) -> float:
        """TERM; how long the stop took."""
        began = time.monotonic()
        self.process.terminate()
        assert self.process.wait(30) == 0, self.output.read_text()
        return time.monotonic() - began

    def descendants(self) -> list[str]:
        """Command lines of every process that carries this data directory or works inside it."""
        found = []
        for entry in Path("/proc").iterdir():
            if entry.name.isdigit() and int(entry.name) != os.getpid():
                with contextlib.suppress(OSError):
                    line = (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
                    environ = (entry / "environ").read_bytes().decode(errors="replace")
                    if line and (str(self.data) in environ or str(self.data) in os.readlink(entry / "cwd")):
                        found.append(line)
        return found

    def left_behind(self, seconds: float) -> list[str]:
        deadline = time.monotonic() + seconds
        while (found := self.descendants()) and time.monotonic() < deadline:
            time.sleep(0.1)
        return found


@pytest.fixture
def site():
    # not in tmp_path: pytest closes its root folder to others at every start, PostgreSQL's account included
    with tempfile.TemporaryDirectory(prefix="portal-test-site-") as folder:
        site = Site(Path(folder))
        yield site
        if site.process and site.process.poll() is None:
            site.stop()


INSERT = "INSERT INTO django_session (session_key, session_data, expire_date) VALUES ('kept', '', now())"


def test_killed_at_any_moment_it_starts_again_with_everything(site, tmp_path):
    half_done = site.data / "postgres" / "cluster.new"
    half_done.mkdir(parents=True)
    (half_done / "PG_VERSION").write_text("18")
    if os.geteuid() == 0:
        os.chown(half_done.parent, 65534, 65534)

    site.start(until=BUILDING)
    time.sleep(1.0)
    site.kill()
    assert site.left_behind(5) == []

    site.start()
    second = site.command("run")
    assert second.returncode == 1
    assert second.stderr.startswith("already running on") and second.stderr.count("\n") == 1
    site.sql(INSERT)
    site.kill()
    assert site.left_behind(5) == []

    stranger = subprocess.Popen(["sleep", "120"])
    try:
        (site.data / "postgres" / "cluster" / "postmaster.pid").write_text(f"{stranger.pid}\n/elsewhere\n")
        site.start()
        assert stranger.poll() is None
    finally:
        stranger.kill()
        stranger.wait()
    assert site.sql("SELECT session_key FROM django_session") == [("kept",)]

    proof = tmp_path / "proof"
    with Celery(broker=site.servers()["redis_url"], set_as_current=False) as sender:
        sender.send_task("tests.take_time", [str(proof), 2.0])
    deadline = time.monotonic() + 30
    while not proof.exists() and time.monotonic() < deadline:
        time.sleep(0.05)
    assert site.stop() < 10
    assert proof.read_text() == "finished"
    assert site.left_behind(0.5) == []


def test_a_backup_brings_everything_back(site, tmp_path):
    file = tmp_path / "backup.tar"
    letter = site.data / "media" / "letters" / "one.pdf"
    write = f"from django.db import connection; connection.cursor().execute({INSERT!r})"
    assert site.command("manage", "shell", "-c", write).returncode == 0
    letter.parent.mkdir(parents=True)
    letter.write_bytes(b"%PDF")
    key = (site.data / "keys" / "signing.pem").read_bytes()
    done = site.command("backup", str(file))
    assert done.returncode == 0, done.stderr
    assert file.stat().st_mode & 0o077 == 0

    site.data = site.data.with_name("elsewhere")
    site.environ["DATA_DIR"] = str(site.data)
    restored = site.command("restore", str(file))
    assert restored.returncode == 0, restored.stderr
    count = "from django.contrib.sessions.models import Session; print('found', Session.objects.count())"
    assert "found 1" in site.command("manage", "shell", "-c", count).stdout
    assert (site.data / "media" / "letters" / "one.pdf").read_bytes() == b"%PDF"
    assert (site.data / "keys" / "signing.pem").read_bytes() == key

    (tmp_path / "no.tar").write_bytes(b"nothing of the kind")
    refused = site.command("restore", str(tmp_path / "no.tar"))
    assert refused.returncode == 1
    assert "is no backup" in refused.stderr and "Traceback" not in refused.stderr


@pytest.mark.parametrize(
    ("environ", "line"),
    [
        ({"PORT": "eighty"}, "PORT must be a number"),
        ({"DEMO": "huge"}, "DEMO must be small, full or none"),
        ({"DJANGO_ENV": "production", "DEMO": "small"}, "DEMO must be none in production"),
        ({"DJANGO_ENV": "production", "DEBUG": "1"}, "DEBUG must not be set"),
        ({"DJANGO_ENV": "production", "SECRET_KEY": "short"}, "SECRET_KEY"),
        ({"DATABASE_URL": "mysql://nobody"}, "DATABASE_URL"),
        ({"REDIS_URL": "http://elsewhere"}, "REDIS_URL"),
        ({"LOG_LEVEL": "LOUD"}, "LOG_LEVEL"),
    ],
)
def test_a_wrong_environment_is_one_line(site, environ, line):
    if environ.get("DJANGO_ENV") == "production" and "DEMO" not in environ:
        del site.environ["DEMO"]
    site.environ |= environ
    refused = site.command("run")
    assert refused.returncode == 1
    assert line in refused.stderr and refused.stderr.count("\n") == 1


def test_an_external_database_that_does_not_answer_is_one_line(site):
    site.environ |= {"DATABASE_URL": "postgresql://a:b@127.0.0.1:1/c", "REDIS_URL": "redis://127.0.0.1:1/0"}
    refused = site.command("run")
    assert refused.returncode == 1
    assert "the database does not answer" in refused.stderr and "Traceback" not in refused.stderr
