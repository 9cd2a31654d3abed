"""Which codes each mutation can refuse with, read off the code: every error raised in what its resolver can reach."""

from __future__ import annotations

import ast
import importlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from domain.errors import DomainError
from gateway.errors import code_of

ROOT = Path(__file__).parents[2]
PACKAGES = ("domain", "processors", "gateway")
NOT_FOLLOWED = ("gateway.context", "gateway.services", "gateway.reads", "gateway.graphql", "processors.objects")
"""Carry what others raise, or fail with UNAVAILABLE, which any mutation may."""


@dataclass
class Module:
    """One file: its names, and where those that it imports come from."""

    name: str
    functions: dict[str, ast.AST] = field(default_factory=dict)
    classes: dict[str, ast.ClassDef] = field(default_factory=dict)
    imports: dict[str, tuple[str, str]] = field(default_factory=dict)

    def methods(self, name: str) -> Iterator[ast.AST]:
        """Methods of this name, of any class of the module."""
        for one in self.classes.values():
            yield from (m for m in one.body if isinstance(m, ast.FunctionDef | ast.AsyncFunctionDef) and m.name == name)


@cache
def codes_of(mutation: str) -> dict[str, str]:
    """The codes that a mutation can be refused with, each with one error class that has it."""
    found: dict[str, str] = {}
    for error in sorted(_errors(*_resolver(mutation)), key=lambda error: error.__name__):
        found.setdefault(_code(error), error.__name__)
    return found


def _code(error: type[DomainError]) -> str:
    return code_of(error.__new__(error)).value


def _resolver(mutation: str) -> tuple[Module, ast.AST]:
    wanted = "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in mutation)
    for module in _modules().values():
        if module.name.startswith("gateway."):
            for name, one in module.classes.items():
                if name.endswith("Mutations"):
                    for method in one.body:
                        if isinstance(method, ast.AsyncFunctionDef) and method.name == wanted:
                            return module, method
    raise LookupError(f"No class …Mutations of the gateway has the method {wanted}.")


def _errors(module: Module, start: ast.AST) -> set[type[DomainError]]:
    found: set[type[DomainError]] = set()
    waiting, seen = [(module, start)], {start}
    while waiting:
        where, function = waiting.pop()
        found |= _raised(where, function)
        for reached in _reached(where, function):
            if reached[1] not in seen:
                seen.add(reached[1])
                waiting.append(reached)
    return found


def _raised(module: Module, function: ast.AST) -> set[type[DomainError]]:
    raises = [node.exc for node in ast.walk(function) if isinstance(node, ast.Raise) and node.exc]
    names = {node.id for exc in raises for node in ast.walk(exc) if isinstance(node, ast.Name)}
    here = importlib.import_module(module.name)
    values = [getattr(here, name, None) for name in names]
    return {value for value in values if isinstance(value, type) and issubclass(value, DomainError)}


def _reached(module: Module, function: ast.AST) -> Iterator[tuple[Module, ast.AST]]:
    for node in ast.walk(function):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
            yield from _named(module, node.id)
        elif isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Load):
            for other in _at_hand(module):
                yield from ((other, method) for method in other.methods(node.attr))


def _named(module: Module, name: str) -> Iterator[tuple[Module, ast.AST]]:
    """The function of this name, or what making an instance of this class runs."""
    source, original = module.imports.get(name, (module.name, name))
    other = _modules().get(source)
    if other is None or source.startswith(NOT_FOLLOWED):
        return
    if original in other.functions:
        yield other, other.functions[original]
    elif original in other.imports:
        yield from _named(other, original)
    elif original in other.classes:
        body = other.classes[original].body
        made = ("__init__", "__post_init__")
        yield from ((other, node) for node in body if isinstance(node, ast.FunctionDef) and node.name in made)


def _at_hand(module: Module) -> list[Module]:
    """Modules of the nouns that the module is of and imports from: the classes of its values are there."""
    sources = {source for source, _ in module.imports.values() if not source.startswith(NOT_FOLLOWED)} | {module.name}
    nouns = {source.rpartition(".")[0] for source in sources if source in _modules() and source.count(".") > 1}
    names = {name for name in _modules() if name in sources or name.rpartition(".")[0] in nouns}
    return [_modules()[name] for name in sorted(names)]


@cache
def _modules() -> dict[str, Module]:
    files = [path for package in PACKAGES for path in (ROOT / package).rglob("*.py")]
    return {module.name: module for module in map(_module, files)}


def _module(path: Path) -> Module:
    parts = path.relative_to(ROOT).with_suffix("").parts
    module = Module(".".join(parts[:-1] if parts[-1] == "__init__" else parts))
    for node in ast.parse(path.read_text()).body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            module.functions[node.name] = node
        elif isinstance(node, ast.ClassDef):
            module.classes[node.name] = node
        elif isinstance(node, ast.Assign | ast.AnnAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            module.functions |= {target.id: node for target in targets if isinstance(target, ast.Name)}
        elif isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
            module.imports |= {alias.asname or alias.name: (node.module, alias.name) for alias in node.names}
    return module
