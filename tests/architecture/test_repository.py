"""What every committed file keeps to, and what no file may hold."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from tests.architecture.checkout import PACKAGES, ROOT, committed_files, place, python_files, read_text

TOP_LEVEL = {*PACKAGES, "tests", "deploy", "README.md", "pyproject.toml", "Makefile", "LICENSE"}

# A registry's address belongs to the machine's configuration, and a path to nobody else's disk. The patterns
# are spelled so that this file does not match itself.
FORBIDDEN = {
    "registry address": re.compile(
        r"https?://[\w.-]*(?:pypi|pythonhosted|registry\.npmjs|registry\.yarnpkg|artifactory|nexus)[\w.-]*"
        r"|proxy\.golan[g]\.org"
    ),
    "machine path": re.compile(r"(?<![\w.}>*-])/(?:wor[k]|roo[t]|op[t]|hom[e]/\w+)/[\w.-]+"),
}

# Longer than one reader holds: generated files, which nobody reads from top to bottom.
GENERATED = {
    "deploy/requirements.lock",
    "deploy/requirements-dev.lock",
    "gateway/graphiql/package-lock.json",
    "gateway/schema.graphql",
}


def test_the_top_level_tells_the_story_and_nothing_else() -> None:
    names = {path.relative_to(ROOT).parts[0] for path in committed_files()}
    assert {name for name in names if not name.startswith(".")} <= TOP_LEVEL


def test_no_file_holds_a_registry_address_or_a_machine_path() -> None:
    found = [
        f"{place(path)}: {name}: {match.group()}"
        for path in committed_files()
        if (text := read_text(path)) is not None
        for name, pattern in FORBIDDEN.items()
        for match in pattern.finditer(text)
    ]
    assert found == []


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("registry address", "https://" + "pypi.example.org/simple"),
        ("registry address", "https://" + "registry.npmjs.example/graphql"),
        ("machine path", "cd " + "/work" + "/main"),
        ("machine path", "'" + "/opt" + "/interneg/bin'"),
    ],
)
def test_the_forbidden_patterns_find_what_they_are_for(name: str, text: str) -> None:
    assert FORBIDDEN[name].search(text)


def test_every_module_says_its_role_in_a_docstring() -> None:
    silent = [
        place(path)
        for path in python_files()
        if path.name != "__init__.py" and not ast.get_docstring(ast.parse(path.read_text()))
    ]
    assert silent == []


def test_packages_hold_nothing_but_a_sentence() -> None:
    """`__init__.py` is empty or one docstring, so that importing a module runs that module alone."""
    busy = [place(path) for path in python_files() if path.name == "__init__.py" and len(_statements(path)) > 0]
    assert busy == []


def test_no_file_is_longer_than_400_lines() -> None:
    code = {".py", ".sql", ".sh", ".mjs", ".jsx", ".graphql"}
    long = {
        place(path): lines
        for path in committed_files()
        if path.suffix in code and place(path) not in GENERATED
        if (lines := len(path.read_text().splitlines())) > 400
    }
    assert long == {}


def test_tests_are_not_a_package() -> None:
    """A `tests/domain/__init__.py` would hide the real `domain` from pytest."""
    assert [place(path) for path in python_files() if _is_test_package(path)] == []


def _is_test_package(path: Path) -> bool:
    return path.name == "__init__.py" and path.relative_to(ROOT).parts[0] == "tests"


def _statements(path: Path) -> list[ast.stmt]:
    body = ast.parse(path.read_text()).body
    is_docstring = bool(body) and isinstance(body[0], ast.Expr) and isinstance(body[0].value, ast.Constant)
    return body[1:] if is_docstring else body
