"""The proof of a round: what was solved and its certificate, kept sealed, so that it can be checked again at any time.

It holds what people told in confidence, so it goes when one of those who did leaves: then nobody can check any more.
"""

import json
import zlib
from base64 import b64decode, b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session as Db

from bot.house import House
from bot.pairing import workshop
from bot.pairing.problem import Problem
from store import keys, proofs, rounds
from store.models import Round, RoundState

NO_ROUND = "there is no such round"
NOT_SOLVED = "it isn't solved"
FORGOTTEN = (
    "it can't be checked any more: somebody who was in it has left, "
    "and the proof went with what they told in confidence"
)
NOT_KEPT = "no proof was kept with it"
LOCKED = "its proof can't be opened with FLIPSIDE_KEYS"


@dataclass(frozen=True)
class Proof:
    text: str
    confided: frozenset[int]
    """Members whose word in confidence is in it."""


def of(problem: Problem, answer: Mapping[str, Any]) -> Proof:
    """Of what the engine answered to the task "round". It takes a while for thousands: outside of transactions."""
    whole = {"problem": problem.to_json(), "prices": answer["prices"], "placing": answer["placing"]}
    everyone = (*problem.mentors, *problem.mentees)
    return Proof(
        text=b64encode(zlib.compress(json.dumps(whole, separators=(",", ":")).encode())).decode(),
        confided=frozenset(each.member_id for each in everyone if each.avoid or each.networks),
    )


def keep(db: Db, made: Round, proof: Proof) -> None:
    proofs.keep(db, made, proof.text, proof.confided)


def objection(house: House, round_id: int) -> str | None:
    """Why the round, as it is proposed or was published, isn't proven to be the best; None if it is.

    The checker shares the rules and the fit with the solver, and no search. Raises `workshop.NoAnswer`.
    """
    with house.store.read() as db:
        made = rounds.find(db, house.workspace_id, round_id)
        if made is None:
            return NO_ROUND
        if made.state in (RoundState.WORKING, RoundState.FAILED):
            return NOT_SOLVED
        try:
            text = proofs.read(db, made)
        except keys.Unreadable:
            return LOCKED
        pairs = [[each.mentor_id, each.mentee_id] for each in rounds.proposals(db, round_id)]
    if text is None:
        return FORGOTTEN if made.is_checked else NOT_KEPT
    whole = json.loads(zlib.decompress(b64decode(text)))
    answer = workshop.ask("check", {**whole, "pairs": pairs, "placed": made.placed, "total": made.total})
    return None if answer["objection"] is None else str(answer["objection"])
