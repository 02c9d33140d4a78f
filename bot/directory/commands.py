"""`python app.py people`: an operator has the directory read from a file, or from the company's HR directory."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from time import sleep
from typing import Annotated

import typer

from bot.directory import csvfile, scim, syncing
from bot.opening import opened, stop

people = typer.Typer(no_args_is_help=True, help="The directory: who people are and whom they report to.")


@people.command("import")
def people_import(
    file: Path,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would be done; change nothing.")] = False,
    partial: Annotated[
        bool, typer.Option("--partial", help="Take the good rows, whatever is wrong with others.")
    ] = False,
    column: Annotated[
        list[str] | None, typer.Option(metavar="FIELD=HEADER", help='Such as manager="Line mgr"; may be repeated.')
    ] = None,
    encoding: Annotated[str | None, typer.Option(help="Such as cp1252, where it can't be told from the file.")] = None,
    verbose: Annotated[bool, typer.Option("--verbose", help="A line for each person who is new or changed.")] = False,
) -> None:
    """Reads people from a CSV file with a header into the directory, all or nothing."""
    columns = dict(_column(each) for each in column or ())
    done: list[str] = []
    with opened() as house, _progress() as progress:
        report = csvfile.people_from(
            file,
            house.store,
            house.workspace_id,
            house.clock(),
            columns=columns,
            encoding=encoding,
            dry_run=dry_run,
            partial=partial,
            progress=progress,
            heard=(lambda line, who, what: done.append(f"line {line}: {who} {what}")) if verbose else None,
        )
    for line in csvfile.told(report, done if report.is_done else (), is_dry=dry_run):
        typer.echo(line, err=not report.is_done)
    raise typer.Exit(0 if report.is_done else 1)


def _column(given: str) -> tuple[str, str]:
    field, is_there, header = given.partition("=")
    if not is_there:
        stop(f"--column {given}: it must be FIELD=HEADER")
    return field.strip(), header


@contextmanager
def _progress() -> Iterator[Callable[[int, int], None] | None]:
    """A bar, where somebody sits at a terminal and sees it."""
    if not sys.stderr.isatty():
        yield None
        return
    with typer.progressbar(length=1, label="Reading", file=sys.stderr) as bar:

        def show(done: int, of: int) -> None:
            bar.length = max(of, 1)
            bar.update(done - bar.pos)

        yield show


@people.command("sync")
def people_sync() -> None:
    """Reads the company's HR directory over SCIM 2.0, now instead of tonight."""
    with opened() as house, _progress() as progress:
        url, token = house.settings.scim_url, house.settings.scim_token
        if url is None or token is None:
            stop("There is no HR directory to read: set SCIM_URL and SCIM_TOKEN (see Settings in README.md).")
        server = scim.Directory(url, token)
        found = syncing.sync(house.store, house.workspace_id, server, house.clock, sleep, progress)
    if isinstance(found, scim.Trouble):
        stop(found.said)
    for line in csvfile.told(found, (), is_dry=False):
        typer.echo(line)
