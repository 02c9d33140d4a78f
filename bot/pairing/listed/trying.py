"""`python app.py match --people FILE`: a company tries the pairing on its own list, and anyone checks what came of it.

It needs no settings, no database and no Slack.
"""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TextIO

import typer

from bot import prompts, settings
from bot.opening import stop
from bot.pairing.listed import peoplefile, printing, roundfile
from bot.pairing.listed.peoplefile import People
from bot.pairing.listed.printing import PRINTED, PROVEN
from bot.pairing.listed.roundfile import FITS_AT_MOST, Written

BAD_FILE = 2  # exit code
PROBLEMS_SHOWN = 1000


@dataclass(frozen=True)
class Asked:
    """What is asked for of a list of people; files by their names."""

    people: Path
    check: str | None
    json: str | None
    csv: str | None
    fits: str | None
    day: date
    seed: int


def match(asked: Asked) -> None:
    """Makes a round of the list, or checks one that is there.

    Ends with exit code 1 if the round isn't the best, or something can't be written, and 2 if the list is bad.
    """
    people = _people(asked)
    if asked.check is None or (asked.json is not None and not _is_that(asked.check, asked.json)):
        _make(people, asked)
    checked = _read(Path(asked.check)) if asked.check is not None else None
    if asked.fits is not None:
        day = asked.day if checked is None else checked.day  # of fits of another day, the round might not be the best
        printing.save(asked.fits, lambda file: _write_fits(people, day, file))
    if checked is not None:
        _check(people, checked, asked.check)


def _is_that(check: str, json: str) -> bool:
    """The round to check is there already: it must not be overwritten by the one it should have been."""
    return Path(check).resolve() == Path(json).resolve() and Path(check).exists()


def _people(asked: Asked) -> People:
    try:
        found = peoplefile.read(asked.people)
    except peoplefile.BadFile as error:
        typer.echo(f"{asked.people} can't be used. What is wrong:", err=True)
        for problem in error.problems[:PROBLEMS_SHOWN]:
            typer.echo(problem, err=True)
        if len(error.problems) > PROBLEMS_SHOWN:
            typer.echo(f"and {len(error.problems) - PROBLEMS_SHOWN} more", err=True)
        raise typer.Exit(BAD_FILE) from None
    side = max(len(found.mentors), len(found.mentees))
    if asked.fits is not None and side > FITS_AT_MOST:
        told = f"--fits is for up to {FITS_AT_MOST:,} people a side, and here are {side:,}: please leave it out."
        stop(f"{told} The round itself can be as large as you like.", BAD_FILE)
    return found


def _make(people: People, asked: Asked) -> None:
    from bot.pairing.listed import trial  # numpy and scipy, for this alone

    for note in people.notes:
        typer.echo(note, err=True)
    try:
        with printing.progress() as progress:
            made = trial.make(people, asked.day, asked.seed, prompts.load(settings.PROMPTS), progress)
    except trial.NotProven as error:
        stop(f"No round could be proven to be the best: {error}.")
    if asked.json is not None:
        printing.save(asked.json, lambda file: file.write(roundfile.text(made)))
    if asked.csv is not None:
        printing.save(asked.csv, lambda file: _write_pairs(made, file))
    if PRINTED in (asked.json, asked.csv):
        return
    if asked.json is None and asked.csv is None:
        for line in _table(made):
            typer.echo(line)
    typer.echo(f"{printing.placed(made.placed, len(people.mentees))}, total fit {made.total}. {PROVEN}")


def _table(made: Written) -> Iterator[str]:
    rows = [(each.mentor, each.mentee, str(each.fit), "; ".join(each.reasons)) for each in made.pairs]
    yield from printing.columns([("mentor", "mentee", "fit", "why"), *rows])
    yield ""
    if made.unplaced:
        yield "Not placed:"
        yield from printing.columns(
            [(each.id, each.side, f"{each.why} {each.smallest_change}") for each in made.unplaced]
        )
        yield ""


def _write_pairs(made: Written, file: TextIO) -> None:
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(("mentor", "mentee", "fit", "reasons"))
    writer.writerows((each.mentor, each.mentee, each.fit, "; ".join(each.reasons)) for each in made.pairs)


def _write_fits(people: People, day: date, file: TextIO) -> None:
    from bot.pairing.listed import trial

    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(("mentor", "mentee", "fit"))
    writer.writerows(trial.fits(people, day))


def _read(path: Path) -> Written:
    try:
        return roundfile.read(path.read_bytes())
    except OSError as error:
        stop(f"{path} can't be read: {error.strerror}")
    except roundfile.BadRound as error:
        stop(f"{path} is no round: {error}.")


def _check(people: People, made: Written, name: str | None) -> None:
    from bot.pairing.listed import trial

    if objection := trial.objection(people, made):
        stop(f"{name} isn't proven to be the best round of these people: {printing.printable(objection)}.")
    typer.echo(f"{made.placed} placed, total fit {made.total}. {PROVEN}")
