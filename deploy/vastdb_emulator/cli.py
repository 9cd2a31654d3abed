"""The command line: `python -m deploy.vastdb_emulator`."""

from __future__ import annotations

import argparse
import logging
import signal
import sys
import tempfile
from pathlib import Path
from types import FrameType

from deploy.vastdb_emulator.emulator import RELEASES, Options, emulator
from deploy.vastdb_emulator.store.disk import DirectoryInUse
from deploy.vastdb_emulator.transport.faults import Fault, Injection

EPILOG = f"""A fault is FAULT[@COMMAND][*TIMES][+SKIP], for example lose-after@commit or slow-down*3.
Faults: {", ".join(Fault)}."""


def main() -> None:
    """Serve until interrupted or terminated."""
    parser = _parser()
    arguments = parser.parse_args()
    logging.basicConfig(level=arguments.log_level.upper(), format="%(asctime)s %(levelname)s %(message)s")
    signal.signal(signal.SIGTERM, _stop)
    try:
        with tempfile.TemporaryDirectory(prefix="vastdb-emulator-") as scratch:
            _serve(arguments, arguments.data_dir or Path(scratch))
    except (DirectoryInUse, OSError) as error:
        parser.exit(1, f"vastdb_emulator: {error}\n")
    except KeyboardInterrupt:
        parser.exit(0)


def _serve(arguments: argparse.Namespace, directory: Path) -> None:
    options = Options(
        directory=directory,
        secrets={arguments.access_key: arguments.secret_key},
        host=arguments.host,
        port=arguments.port,
        version=arguments.version,
        buckets=tuple(arguments.bucket or ["vastdb"]),
        faults=tuple(arguments.fault),
        timeout_seconds=arguments.transaction_timeout,
    )
    with emulator(options) as server:
        # Programs that start the emulator wait for this line and read the endpoint from it.
        sys.stdout.write(f"VAST DB {arguments.version} emulator at http://{arguments.host}:{server.server_port}\n")
        sys.stdout.flush()
        server.serve_forever()


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m deploy.vastdb_emulator", description=__doc__, epilog=EPILOG)
    add = parser.add_argument
    add("--host", default="127.0.0.1", help="address to listen on (default: %(default)s, only this machine)")
    add("--port", type=int, default=9090, help="port to listen on; 0 takes a free one (default: %(default)s)")
    add("--data-dir", type=Path, help="folder that keeps the data; without it, it is gone when the emulator stops")
    add("--version", choices=sorted(RELEASES), default="5.5", help="release to be (default: %(default)s)")
    add("--access-key", default="emulator", help="(default: %(default)s)")
    add("--secret-key", default="emulator-secret", help="(default: %(default)s)")
    add("--bucket", action="append", help="a bucket to have; may be repeated (default: vastdb)")
    add("--fault", action="append", type=Injection.parse, default=[], help="a fault to inject; may be repeated")
    add("--transaction-timeout", type=float, default=120.0, metavar="SECONDS", help="(default: %(default)s)")
    add("--log-level", choices=("debug", "info", "warning", "error"), default="warning")
    return parser


def _stop(_signal: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt
