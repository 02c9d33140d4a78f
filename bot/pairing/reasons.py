"""Why two were put together, from open facts alone."""

from typing import Any

from bot.pairing.candidates import Candidate, Ground, differ
from bot.pairing.fit import IN_BAND, fit
from bot.pairing.meeting import ways_in_common


def reasons(mentor: Candidate, mentee: Candidate, ground: Ground) -> dict[str, Any]:
    """Why these two, as plain data to store with a proposal; words are made of it later.

    Every key is always there; what is nothing to speak of is an empty list. `parts` has what each part of the band is
    worth; `started_on` has two days as `2021-04-01`; `waited` is the longer wait of the two, in rounds;
    `first_in_line` says that one of them lost a partner and is next.
    """
    found = fit(mentor, mentee, ground)
    started_on = [each.started_on.isoformat() for each in (mentor, mentee) if each.started_on is not None]
    return {
        "band": found.band.value,
        "parts": {part.value: found.parts[part] for part in IN_BAND},
        "topics": [topic for topic in dict.fromkeys(mentee.topics) if topic in mentor.topics],
        "departments": _if_different(mentor.department, mentee.department),
        "functions": _if_different(mentor.function, mentee.function),
        "sites": _if_different(mentor.site, mentee.site),
        "started_on": started_on if len(started_on) == 2 else [],
        "languages": sorted(mentor.languages & mentee.languages),
        "ways": sorted(ways_in_common(mentor, mentee, ground.day)),
        "waited": max(mentor.rounds_waited, mentee.rounds_waited),
        "first_in_line": mentor.is_first_in_line or mentee.is_first_in_line,
    }


def _if_different(mentor: str | None, mentee: str | None) -> list[str | None]:
    return [mentor, mentee] if differ(mentor, mentee) else []
