"""``embedded run``: everything in order, watched, and stopped in reverse within ten seconds."""

from __future__ import annotations

import os
import signal
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass, field

from staff_portal import environment
from staff_portal.supervisor.data_directory import DataDirectory, Trouble, server_account
from staff_portal.supervisor.database import Builder, active_users, demo_size
from staff_portal.supervisor.processes import Child, die_with_parent, last_line, port_is_free, spawn
from staff_portal.supervisor.servers import Servers, check_environment, child_environ, port_of, say

STOP_SECONDS = 9.3
KEPT_FOR_SERVERS = 2.0
PORT_PATIENCE = 5.0
READY_SECONDS = 60.0
MAX_RESTARTS, RESTART_WINDOW = 5, 600.0
DEMO_PASSWORD = "setad-1405"  # noqa: S105 - published on purpose; demo users never exist in production
DEMO_USERS = (
    "hq.manager",
    "hq.expert",
    "hq.expert2",
    "hq.assessor1",
    "hq.assessor2",
    "hq.assessor3",
    "hq.assessor4",
    "hq.member1",
    "hq.member2",
    "deputy.manager",
    "deputy.expert",
    "deputy.member1",
    "deputy.member2",
    "ngo.member",
    "secretary",
    "unit.sports",
    "unit.health",
    "region.6",
    "region.14",
    "district.6",
    "district.14",
    "ngo.user",
    "auditor",
    "admin",
)


class StopRequested(BaseException):
    """TERM or Ctrl+C arrived while we were still starting."""


@dataclass
class Supervisor:
    """One run. Servers first, then the application's three processes."""

    data: DataDirectory
    environ: Mapping[str, str]
    servers: Servers
    builder: Builder
    host: str
    port: int
    children: dict[str, Child] = field(default_factory=dict)
    restarts: list[float] = field(default_factory=list)
    starting: bool = True
    stopping: bool = False
    shown: int = 0

    # -- life

    def run(self, demo: str) -> int:
        """Start, watch, stop. The exit code is 0 when we were asked to stop."""
        self._listen_to_signals()
        trouble = ""
        try:
            self._start(demo)
            self.starting = False
            trouble = self._watch()
        except StopRequested:
            pass
        except Trouble as problem:
            trouble = str(problem)
        finally:
            self.starting = False
            self._stop()
        if trouble:
            sys.stderr.write(f"stopped: {trouble}\n")
            return 1
        return 0

    def _listen_to_signals(self) -> None:
        def stop(number: int, frame: object) -> None:
            if self.stopping:
                return
            self.stopping = True
            if self.starting:
                raise StopRequested

        signal.signal(signal.SIGTERM, stop)
        signal.signal(signal.SIGINT, stop)
        if os.environ.get("MAKELEVEL"):  # killing make must not leave us behind
            die_with_parent(signal.SIGTERM, os.getppid())()

    def _start(self, demo: str) -> None:
        self._wait_for_port()
        say("starting PostgreSQL and Valkey …")
        self.servers.start()
        say("bringing the database up to date …")
        self.builder.bring_up_to_date(demo)
        for name in ("worker", "jobs", "beat", "web"):
            self._spawn(name)
        self.shown = self._log_size()
        self._wait_until_ready()
        connections = self.servers.connections()
        self.data.write_servers(vars(connections) | {"pid": str(os.getpid())})
        self._greet(active_users(connections, list(DEMO_USERS)))

    def _wait_for_port(self) -> None:
        deadline = time.monotonic() + PORT_PATIENCE
        while not port_is_free(self.host, self.port):
            if time.monotonic() > deadline:
                raise Trouble(f"port {self.port} is in use by another program; set PORT to a free one")
            time.sleep(0.2)

    def _wait_until_ready(self) -> None:
        host = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(self.host, self.host)  # noqa: S104
        deadline = time.monotonic() + READY_SECONDS
        while time.monotonic() < deadline:
            if self.children["web"].has_ended():
                break
            try:
                request = urllib.request.Request(
                    f"http://{host}:{self.port}/healthz",
                    headers={"Host": self._allowed_host(), "X-Forwarded-Proto": "https"},
                )
                with urllib.request.urlopen(request, timeout=20):  # noqa: S310
                    return
            except (OSError, urllib.error.URLError):
                time.sleep(0.1)
        raise Trouble(
            f"web did not start: {last_line(self.children['web'].log)} (see {self.children['web'].log})"
        )

    def _allowed_host(self) -> str:
        named = self.environ.get("ALLOWED_HOSTS", "").split(",")[0].strip().lstrip(".")
        return named if named and named != "*" else "localhost"

    def _greet(self, demo_users: list[str]) -> None:
        say("")
        say(
            f"آماده است: http://localhost:{self.port}/   (ready; Ctrl+C stops everything, logs in {self.data.logs})"
        )
        if demo_users:
            known = [name for name in DEMO_USERS if name in demo_users]
            say(f"demo users, password {DEMO_PASSWORD}:")
            for start in range(0, len(known), 8):
                say("  " + "  ".join(known[start : start + 8]))
        say("")

    # -- children

    def _spawn(self, name: str) -> None:
        self.children[name] = spawn(
            name,
            [sys.executable, "-m", *self._command(name)],
            environ=child_environ(self.environ, self.data, self.servers.connections()),
            folder=environment.BASE_DIR,
            log=self.data.logs / f"{name}.log",
        )

    def _command(self, name: str) -> list[str]:
        celery = ["celery", "-A", "staff_portal"]
        quiet = ["--without-gossip", "--without-mingle"]
        if name == "worker":
            return [*celery, "worker", "--queues", "celery", "--concurrency", "1", *quiet]
        if name == "jobs":  # of their own, so that a long import keeps no notice waiting
            return [*celery, "worker", "--queues", "jobs", "--pool", "solo", "--hostname", "jobs@%h", *quiet]
        if name == "beat":
            return [*celery, "beat", "--pidfile="]
        bind = f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"
        return [
            "gunicorn", "staff_portal.wsgi:application", "--bind", bind, "--no-control-socket",
            "--worker-class", "gthread", "--workers", "2", "--threads", "4",
            "--timeout", "60", "--graceful-timeout", "2",
            "--access-logfile", "-", "--access-logformat", "%(t)s %(m)s %(U)s %(s)s %(M)sms",
        ]  # fmt: skip

    def _watch(self) -> str:
        """Until we are asked to stop (nothing to say) or a child ends (why)."""
        while not self.stopping:
            time.sleep(0.2)
            self._show_web_log()
            for server in (self.servers.postgres, self.servers.valkey):
                if server and server.child and server.child.has_ended():
                    return self._obituary(server.child)
            for name, child in self.children.items():
                if child.has_ended() and not self._revive(name, child):
                    return self._obituary(child)
        return ""

    def _revive(self, name: str, child: Child) -> bool:
        """Start worker or beat again, unless it keeps ending."""
        now = time.monotonic()
        self.restarts = [moment for moment in self.restarts if now - moment < RESTART_WINDOW]
        if name == "web" or self.stopping or len(self.restarts) >= MAX_RESTARTS:
            return False
        self.restarts.append(now)
        say(f"{self._obituary(child)}; starting it again ({len(self.restarts)} of {MAX_RESTARTS})")
        child.finish()
        self._spawn(name)
        return True

    @staticmethod
    def _obituary(child: Child) -> str:
        return f"{child.name} ended with code {child.finish()}: {last_line(child.log)} (see {child.log})"

    def _log_size(self) -> int:
        log = self.data.logs / "web.log"
        return log.stat().st_size if log.exists() else 0

    def _show_web_log(self) -> None:
        size = self._log_size()
        if size <= self.shown:
            return
        with open(self.data.logs / "web.log", "rb") as file:
            file.seek(self.shown)
            text = file.read(min(size - self.shown, 64 * 1024)).decode(errors="replace")
        self.shown = size
        sys.stdout.write(text)
        sys.stdout.flush()

    # -- the end

    def _stop(self) -> None:
        """Web and beat, workers, Valkey, PostgreSQL; a task under way gets what is left of the time to finish."""
        self.stopping = True
        self.data.servers_file.unlink(missing_ok=True)
        say("stopping …")
        deadline = time.monotonic() + STOP_SECONDS
        late = []
        if self.builder.child:
            self.builder.child.stop(2.0)
        for names in (
            ("web", "beat"),
            ("worker", "jobs"),
        ):  # nothing more comes in, then what is under way ends
            running = [self.children[name] for name in names if name in self.children]
            for child in running:
                child.ask_to_stop()
            for child in running:
                if not child.wait(max(0.1, deadline - KEPT_FOR_SERVERS - time.monotonic())):
                    late.append(child.name)
                child.finish()
        late += self.servers.stop(max(KEPT_FOR_SERVERS, deadline - time.monotonic()))
        say("stopped." if not late else f"stopped; did not end in time and were killed: {', '.join(late)}")


def run(data: DataDirectory, environ: Mapping[str, str]) -> int:
    """Check what was asked, take the lock, run until told to stop."""
    port = port_of(environ)
    demo = demo_size(environ)
    account = server_account()
    for folder in data.create(account):
        say(f"note: o+x was added to {folder}, so that PostgreSQL's own account can pass")
    lock = data.lock()
    try:
        check_environment(environ, data)
        servers = Servers(data, account, environ)
        builder = Builder(data, servers, environ)
        host = environ.get("HOST") or "127.0.0.1"
        return Supervisor(data, environ, servers, builder, host, port).run(demo)
    finally:
        os.close(lock)
