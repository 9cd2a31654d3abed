"""Say how far the demo is: a bar on a terminal, plain lines elsewhere."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn


@contextmanager
def bar(text: str, console: Console) -> Iterator[Callable[[int, int], None]]:
    """Gives tell(done, total); a plain line is written when `done` has changed."""
    with Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        console=console,
        disable=not console.is_terminal,
    ) as progress:
        task = progress.add_task(text, total=None)
        last = -1

        def tell(done: int, total: int) -> None:
            nonlocal last
            progress.update(task, completed=done, total=total)
            if not console.is_terminal and done != last:
                console.print(f"{text}: {done}/{total}", highlight=False)
            last = done

        yield tell
