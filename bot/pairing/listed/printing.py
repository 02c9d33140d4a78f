"""What the commands about rounds share: files or standard output, a line that says how far it is, tables of text."""

import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TextIO

import typer
from typer.core import TyperCommand

from bot.opening import stop

PROVEN = "No other round places more people or fits better; checked."
PRINTED = "-"  # as a file: standard output
WIDEST = 40  # characters of a column in the table

Progress = Callable[[str, int, int], None]
"""What is being done, how much of it is done, and of how much."""


class MayPrint(TyperCommand):
    """`--json` and `--csv` may come without the name of a file: then they print."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        found: list[str] = []
        for each, following in zip(args, [*args[1:], "--"], strict=False):
            found += [each, PRINTED] if each in ("--json", "--csv") and following.startswith("--") else [each]
        return super().parse_args(ctx, found)


def placed(count: int, of: int) -> str:
    return f"{count} of {of} {'mentee' if of == 1 else 'mentees'} placed"


def save(name: str, write: Callable[[TextIO], object]) -> None:
    """All of it or nothing: a file of that name is replaced when the new one is whole."""
    if name == PRINTED:
        write(sys.stdout)
        return
    try:
        _replace(Path(name), write)
    except OSError as error:
        stop(f"{name} can't be written: {error.strerror}")


def _replace(path: Path, write: Callable[[TextIO], object]) -> None:
    is_file = path.is_file() or not path.exists()  # a pipe can't be replaced
    fresh = path.with_name(f".{path.name}.{os.getpid()}") if is_file else path
    try:
        with fresh.open("w", encoding="utf-8", newline="") as file:
            write(file)
        if is_file:
            fresh.replace(path)
    finally:
        if is_file:
            fresh.unlink(missing_ok=True)


@contextmanager
def progress() -> Iterator[Progress | None]:
    """Tells how far it is, where somebody sits at a terminal and sees it."""
    if not sys.stderr.isatty():
        yield None
        return

    def tell(doing: str, done: int, of: int) -> None:
        how_far = f"{done:,} of {of:,}" if of else str(done or "")
        typer.echo(f"\r\x1b[K{doing} {how_far}", nl=False, err=True)

    yield tell
    typer.echo("\r\x1b[K", nl=False, err=True)


def columns(rows: Sequence[Sequence[str]]) -> Iterator[str]:
    """Lines of a table; the last column is as wide as it likes."""
    fit = [[printable(each) for each in row] for row in rows]
    widths = [min(WIDEST, max(len(row[column]) for row in fit)) for column in range(len(rows[0]) - 1)]
    for row in fit:
        yield "  ".join([*(each.ljust(width) for each, width in zip(row, widths, strict=False)), row[-1]]).rstrip()


def printable(text: str) -> str:
    """A text of somebody else's, fit for a terminal."""
    return "".join(each if each.isprintable() else "?" for each in text)


def plain(text: str) -> str:
    """Words made for Slack, as they are read outside of it."""
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
