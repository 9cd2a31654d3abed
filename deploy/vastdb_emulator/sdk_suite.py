"""Runs the test suite that ships inside the SDK's wheel against the emulator, and says what did not pass.

`python -m deploy.vastdb_emulator.sdk_suite [--version 5.4] [pytest arguments]`, with the Python of the suite's own
environment (deploy/requirements-vast-suite.lock). It ends with 1 when a test fails that is not known to, or when
fewer pass than before.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
from importlib.util import find_spec
from pathlib import Path
from xml.etree import ElementTree

from deploy.vastdb_emulator.process import ACCESS_KEY, SECRET_KEY, EmulatorProcess

# A test of the suite names this port.
PORT = 9090
PASSED_AT_LEAST = {"5.4": 588, "5.5": 600}
NEEDS_DRIVER = "needs the proprietary ADBC driver, which is not in the wheel"
KNOWN_FAILURES = {
    "tests.test_adbc_integration.test_sanity": NEEDS_DRIVER,
    "tests.test_adbc_integration.test_adbc_shares_tx": NEEDS_DRIVER,
    "tests.test_adbc_integration.test_adbc_conn_unreachable_tx_close": NEEDS_DRIVER,
    "tests.test_adbc_integration.test_two_simulatnious_txs_with_adbc": NEEDS_DRIVER,
    "tests.test_vector_search.test_sanity[vector_col]": NEEDS_DRIVER,
    "tests.test_vector_search.test_sanity[vector]": NEEDS_DRIVER,
    "tests.test_vector_search.test_sanity[int]": NEEDS_DRIVER,
    "tests.test_vector_search.test_with_predicates": NEEDS_DRIVER,
    "tests.test_vector_search.test_with_predicates_get_vector_index_properties_from_server": NEEDS_DRIVER,
}


def main() -> None:
    """Run the suite and end with 0 only when it went as it is known to go."""
    parser = argparse.ArgumentParser(prog="python -m deploy.vastdb_emulator.sdk_suite", description=__doc__)
    parser.add_argument("--version", choices=sorted(PASSED_AT_LEAST), default="5.5")
    arguments, selection = parser.parse_known_args()
    with tempfile.TemporaryDirectory(prefix="vast-sdk-suite-") as scratch:
        folder = Path(scratch)
        with EmulatorProcess(folder / "data", version=arguments.version, port=PORT) as emulator:
            results = _run(emulator.endpoint, folder / "results.xml", selection)
    unexpected = _report(results, arguments.version)
    too_few = not selection and len(results["passed"]) < PASSED_AT_LEAST[arguments.version]
    sys.exit(1 if unexpected or too_few else 0)


def _run(endpoint: str, results: Path, selection: list[str]) -> dict[str, list[str]]:
    spec = find_spec("vastdb")
    if spec is None or spec.origin is None:
        sys.exit("The SDK is not installed here: pip install --require-hashes -r deploy/requirements-vast-suite.lock")
    package = Path(spec.origin).parent
    command = [
        *(sys.executable, "-m", "pytest", str(package / "tests"), "-q", "--tb=short", "--disable-warnings"),
        *("-c", "/dev/null", f"--rootdir={package}", f"--confcutdir={package}", f"--junit-xml={results}"),
        *("-p", "no:cacheprovider", "-p", "deploy.vastdb_emulator.sdk_suite_clock"),
        *("--tabular-access-key", ACCESS_KEY, "--tabular-secret-key", SECRET_KEY),
        *("--tabular-endpoint-url", endpoint, *selection),
    ]
    subprocess.run(command, check=False)  # noqa: S603 - our own arguments
    return _outcomes(results)


def _outcomes(results: Path) -> dict[str, list[str]]:
    outcomes: dict[str, list[str]] = {"passed": [], "failed": [], "skipped": []}
    for case in ElementTree.parse(results).iter("testcase"):  # noqa: S314 - written by the pytest that was just run
        kinds = {child.tag for child in case}
        outcome = "failed" if kinds & {"failure", "error"} else "skipped" if "skipped" in kinds else "passed"
        outcomes[outcome].append(f"{case.get('classname')}.{case.get('name')}")
    return outcomes


def _report(outcomes: dict[str, list[str]], version: str) -> list[str]:
    unexpected = [name for name in outcomes["failed"] if name not in KNOWN_FAILURES]
    lines = [f"VAST DB {version}: " + ", ".join(f"{len(names)} {outcome}" for outcome, names in outcomes.items())]
    lines += [f"  did not pass: {name}: {KNOWN_FAILURES.get(name, 'NOT KNOWN TO FAIL')}" for name in outcomes["failed"]]
    sys.stdout.write("\n".join(lines) + "\n")
    return unexpected


if __name__ == "__main__":
    main()
