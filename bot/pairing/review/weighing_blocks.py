"""How much each part of the fit counts in a programme: the form, and what it would change."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.pairing.weights import A_LITTLE, A_LOT, AS_USUAL, NOT_AT_ALL, WEIGHABLE, Part, least
from bot.slack import kit
from bot.slack.kit import Answers, Block
from store.models import Programme

WEIGHTS = "pairing.weights"
PREVIEW = "pairing.preview"
KEEP = "pairing.weighed"

Stored = Mapping[str, int]
"""Parts that don't count as usual, as they are stored with a programme."""

NAME = "What counts most"

CHOICES = {A_LOT: "A lot", AS_USUAL: "As usual", A_LITTLE: "A little", NOT_AT_ALL: "Not at all"}


@dataclass(frozen=True)
class Label:
    """A part of the fit in plain words, and how many pairs have it."""

    name: str
    hint: str
    pairs: str


LABELS: Mapping[Part, Label] = {
    Part.TOPICS: Label(
        "Topics",
        "What the mentor offers is what the mentee would like to learn.",
        "pairs in which the mentee's dearest topic is offered",
    ),
    Part.DEPARTMENT: Label("Different departments", "", "pairs from different departments"),
    Part.FUNCTION: Label("Different kinds of work", "", "pairs who do different kinds of work"),
    Part.SITE: Label("Different places", "", "pairs from different places"),
    Part.TENURE: Label(
        "Different lengths of time here",
        "One of them knows the company for longer than the other.",
        "pairs who have been here for different lengths of time",
    ),
    Part.PRACTICAL: Label(
        "Easy to meet",
        "At one site, or online with several working hours in common.",
        "pairs for whom it is easy to meet",
    ),
    Part.LANGUAGES: Label(
        "More than one language in common",
        "One language is always needed, whatever you choose here.",
        "pairs with more than one language in common",
    ),
    Part.WAITED: Label(
        "Rounds waited",
        "Whoever found nobody last time comes first this time. It can't count less, or somebody might wait for ever.",
        "pairs with somebody who has waited",
    ),
}


def what_counts(programme: Programme, chosen: Stored, seen: Stored, said: Sequence[str] = ()) -> Block:
    """Filled in with what is chosen; `seen` is what was stored when it was opened, `said` what it would change."""
    name = kit.escape(programme.name)
    blocks = [kit.section(f"*{name}*: how much should each of these count when I look for the best pairs?")]
    blocks += [_menu(part, chosen.get(part.value, AS_USUAL)) for part in WEIGHABLE]
    if said:
        blocks.append(kit.section("\n".join(said)))
    blocks.append(kit.actions(kit.button(PREVIEW, "What would it change?", str(programme.id))))
    blocks.append(
        kit.context(
            "As many people as possible get a partner, whatever you choose. It counts when pairs are found "
            "the next time; those that are proposed or published stay as they are."
        )
    )
    return kit.modal(KEEP, NAME, blocks, submit="Keep", close="Not now", private=_private(programme.id, seen))


def _menu(part: Part, chosen: int) -> Block:
    label = LABELS[part]
    choices = {word: said for word, said in CHOICES.items() if word >= least(part)}
    menu = kit.choose_one("static_select", kit.options(choices), str(max(chosen, least(part))))
    return kit.field(part.value, label.name, menu, hint=label.hint or None)


def read(answers: Answers) -> Stored:
    """What was chosen, of what is there to choose."""
    words = {str(word): word for word in CHOICES if word != AS_USUAL}
    given = {part.value: words.get(answers.one(part.value) or "") for part in WEIGHABLE}
    return {part: word for part, word in given.items() if word is not None}


def _private(programme_id: int, seen: Stored) -> str:
    return json.dumps([programme_id, dict(sorted(seen.items()))])


def opened(private: str) -> tuple[int, Stored]:
    """Which programme's form it is, and what was stored when it was opened."""
    programme_id, seen = json.loads(private)
    return programme_id, seen


NOTHING_COUNTS = "Something has to count beside the rounds waited. Choose at least one that does."
WORKING = ("Working out what it would change …",)
CANT_SAY = ("I couldn't work that out just now. You can keep it all the same, or try again in a minute.",)


def changes(found: Mapping[str, Any]) -> list[str]:
    """What the best pairs would be with these weights, beside what they would be now."""
    same, changed = found["same"], found["changed"]
    if not same + changed:
        return ["*What it would change*", "Nobody could be paired just now, whatever counts."]
    if not changed:
        return ["*What it would change*", "Nothing just now: the best pairs would be the same."]
    lines = [f"• {LABELS[part].pairs}: {_from_to(found['parts'][part.value])}" for part in WEIGHABLE]
    return ["*What it would change just now*", f"Pairs that would be others: {changed} of {same + changed}.", *lines]


def _from_to(counts: Sequence[int]) -> str:
    before, after = counts
    return f"{before} as before" if before == after else f"*{before} → {after}*"
