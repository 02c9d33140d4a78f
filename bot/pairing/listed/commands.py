"""`python app.py match PROGRAMME`: an operator has a round proposed, looks ahead, or has one checked again.

What is shown is what coordinators see: open fits and bands, never totals or prices.
"""

import csv
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TextIO

import typer
from sqlalchemy.orm import Session as Db

from bot.house import House
from bot.opening import stop
from bot.pairing import gathering, proof, rounds, why, workshop
from bot.pairing.fit import fit
from bot.pairing.listed import printing
from bot.pairing.listed.printing import PRINTED, PROVEN, plain, printable
from bot.pairing.problem import Problem
from bot.pairing.reasons import reasons
from bot.prompts import Prompts
from store import people, programmes
from store import rounds as kept
from store.models import Programme

NOT_PROVEN = "It couldn't be proven that no other round is better."
NO_ANSWER = "The engine gave no answer: its reason is in the log above."


@dataclass(frozen=True)
class Asked:
    """What is asked for of a programme; files by their names."""

    programme: str
    check: str | None
    json: str | None
    csv: str | None
    is_dry: bool


def match(house: House, asked: Asked) -> None:
    """Ends with exit code 1, and a sentence, where there is nothing to do or a round isn't proven to be the best."""
    with house.store.read() as db:
        programme = _programme(db, house.workspace_id, asked.programme)
    try:
        if asked.check is not None:
            _check(house, programme, asked.check)
        elif asked.is_dry or asked.json is not None or asked.csv is not None:
            _look_ahead(house, programme, asked)
        else:
            _propose(house, programme)
    except workshop.NoAnswer:
        stop(NO_ANSWER)


def _programme(db: Db, workspace_id: str, named: str) -> Programme:
    """By its number or its name; an ended one too, whose rounds may be checked."""
    everyone = [*programmes.open_now(db, workspace_id), *programmes.ended(db, workspace_id)]
    plain = " ".join(named.split()).casefold()
    found = [each for each in everyone if str(each.id) == named or " ".join(each.name.split()).casefold() == plain]
    if not found:
        stop(f"There is no programme {named}. " + (_listed(everyone) if everyone else "There is none at all yet."))
    if len(found) > 1:
        stop(f"Several are called {named}: give the number. " + _listed(found))
    return found[0]


def _listed(found: Sequence[Programme]) -> str:
    return "There are: " + ", ".join(f"{each.id} {printable(each.name)}" for each in found[:20])


def _check(house: House, programme: Programme, named: str) -> None:
    with house.store.read() as db:
        made = kept.find(db, house.workspace_id, int(named)) if named.isdecimal() else None
    if made is None or made.programme_id != programme.id:
        stop(f"{printable(programme.name)} has no round {named}.")
    if objection := proof.objection(house, made.id):
        stop(f"Round {made.id} isn't proven to be the best: {objection}.")
    typer.echo(f"Round {made.id}: {_people(made.placed)} placed. {PROVEN}")


def _people(count: int) -> str:
    return "1 person" if count == 1 else f"{count} people"


@dataclass(frozen=True)
class _Found:
    """A round as it is shown."""

    problem: Problem
    pairs: Sequence[tuple[int, int]]
    unplaced: Sequence[Mapping[str, Any]]
    is_checked: bool


def _look_ahead(house: House, programme: Programme, asked: Asked) -> None:
    """What a round would be just now. Nothing is stored."""
    now = house.clock()
    with house.store.read() as db:
        problem = gathering.problem(db, programme, now, seed=int(now.timestamp()))
    with printing.progress() as progress:
        answer = workshop.ask("round", {"problem": problem.to_json()}, _beat(progress))
    pairs = [(mentor, mentee) for mentor, mentee, *_ in answer["pairs"]]
    _show(house, _Found(problem, pairs, answer["unplaced"], is_checked=answer["is_checked"]), asked)


def _beat(progress: printing.Progress | None) -> workshop.Beat:
    def beat(heard: workshop.Progress | None) -> bool:
        if progress is not None and heard is not None:
            progress(*heard)
        return True

    return beat


def _show(house: House, found: _Found, asked: Asked) -> None:
    """As a table, or as CSV or JSON where that is asked for: people by their Slack ids, best first."""
    with house.store.read() as db:
        words = house.words(db)
    pairs = sorted((_pair(found.problem, *pair, words) for pair in found.pairs), key=lambda each: -each["fit"])
    names = {each.member_id: each.slack_id for each in (*found.problem.mentors, *found.problem.mentees)}
    unplaced = [_unplaced(each, words, names) for each in found.unplaced]
    said = PROVEN if found.is_checked else NOT_PROVEN
    whole = {"placed": len(pairs), "pairs": pairs, "unplaced": unplaced, "certificate": said}
    if asked.json is not None:
        text = json.dumps(whole, indent=1, ensure_ascii=False) + "\n"
        printing.save(asked.json, lambda file: file.write(text))
    if asked.csv is not None:
        printing.save(asked.csv, lambda file: _write_pairs(pairs, file))
    if asked.json is None and asked.csv is None:
        for line in _table(house, pairs, unplaced):
            typer.echo(line)
    if PRINTED not in (asked.json, asked.csv):
        typer.echo(f"{printing.placed(len(pairs), len(found.problem.mentees))}. {said} Nothing was stored.")


def _pair(problem: Problem, mentor_id: int, mentee_id: int, words: Prompts) -> dict[str, Any]:
    mentor, mentee = problem.mentor[mentor_id], problem.mentee[mentee_id]
    worth, facts = fit(mentor, mentee, problem.ground), reasons(mentor, mentee, problem.ground)
    return {
        "mentor": mentor.slack_id,
        "mentee": mentee.slack_id,
        "fit": worth.open_total,
        "band": worth.band.value,
        "reasons": [plain(each) for each in why.reasons(facts, words)],
    }


def _unplaced(told: Mapping[str, Any], words: Prompts, names: Mapping[int, str]) -> dict[str, str]:
    return {
        "id": names[told["member"]],
        "side": told["side"],
        "why": plain(why.left_out(told, words)),
        "smallest_change": plain(why.change(told, words, names)),
    }


def _table(house: House, pairs: Sequence[Mapping[str, Any]], unplaced: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    shown = {each[name] for each in pairs for name in ("mentor", "mentee")} | {each["id"] for each in unplaced}
    with house.store.read() as db:
        known = people.names(db, house.workspace_id, shown)
    name = {each: f"{known.get(each, '')} ({each})".lstrip() for each in shown}
    rows = [(name[each["mentor"]], name[each["mentee"]], each["band"], "; ".join(each["reasons"])) for each in pairs]
    yield from printing.columns([("mentor", "mentee", "fit", "why"), *rows])
    yield ""
    if unplaced:
        yield "Not placed:"
        yield from printing.columns(
            [(name[each["id"]], each["side"], f"{each['why']} {each['smallest_change']}") for each in unplaced]
        )
        yield ""


def _write_pairs(pairs: Sequence[Mapping[str, Any]], file: TextIO) -> None:
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(("mentor", "mentee", "fit", "band", "reasons"))
    writer.writerows([*list(each.values())[:4], "; ".join(each["reasons"])] for each in pairs)


def _propose(house: House, programme: Programme) -> None:
    """As if whoever runs the programme had asked for it: a coordinator looks it through and publishes it."""
    with house.store.begin() as db:
        programme = programmes.lock(db, programme.id)
        if programme.closed_at is not None:
            stop(f"{printable(programme.name)} has ended: nobody is paired in it any more.")
        if (before := kept.open_of(db, programme.id)) is not None:
            stop(f"Round {before.id} is there already, and waits for a coordinator: nothing was changed.")
        made = rounds.begin(db, programme, programme.created_by, house.clock())
        asker = people.get(db, programme.created_by)
    told = f"the running bot works on it, and tells {printable(asker.name)} when it is there."
    typer.echo(f"Round {made.id} is asked for: {told}")
