"""Why two were put together, from open facts alone."""

from datetime import date
from typing import Any

from bot.pairing.candidates import Candidate, differ
from bot.pairing.fit import Fit
from bot.pairing.meeting import ways_in_common


def reasons(mentor: Candidate, mentee: Candidate, fit: Fit, day: date) -> dict[str, Any]:
    """Why these two, as plain data to store with a proposal; words are made of it later.

    Every key is always there; what is nothing to speak of is an empty list. `waited` is the longer wait of
    the two, in rounds; `first_in_line` says that one of them lost a partner and is next.
    """
    return {
        "band": fit.band.value,
        "topics": [topic for topic in dict.fromkeys(mentee.topics) if topic in mentor.topics],
        "departments": _if_different(mentor.department, mentee.department),
        "sites": _if_different(mentor.site, mentee.site),
        "languages": sorted(mentor.languages & mentee.languages),
        "ways": sorted(ways_in_common(mentor, mentee, day)),
        "waited": max(mentor.rounds_waited, mentee.rounds_waited),
        "first_in_line": mentor.is_first_in_line or mentee.is_first_in_line,
    }


def _if_different(mentor: str | None, mentee: str | None) -> list[str | None]:
    return [mentor, mentee] if differ(mentor, mentee) else []
