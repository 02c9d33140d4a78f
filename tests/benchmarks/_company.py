"""A company whose people wait for a partner, made by chance from a stated seed: nobody in it exists.

Departments and topics are as unequally popular as they are in life (Zipf), managers have seven people each, sites lie
in twelve time zones, and most people speak English. A loose round has mentors with room for one to three, a tight one
has a mentor for each mentee, and no seat more.
"""

from datetime import date, timedelta
from typing import Any

import numpy as np

from bot.pairing.candidates import Candidate
from bot.pairing.problem import Problem
from store.models import Side, Way

SEED = 20261122
DAY = date(2026, 11, 23)
SPAN = 7  # people who report to one manager
PEOPLE = 5  # in the company, for each mentee
DEPARTMENTS, FUNCTIONS, TOPICS, SITES, LANGUAGES = 30, 12, 40, 25, 8
ZONES = (
    "Europe/London", "Europe/Berlin", "America/New_York", "Europe/Lisbon", "Europe/Madrid", "America/Chicago",
    "Asia/Kolkata", "Europe/Athens", "America/Sao_Paulo", "America/Los_Angeles", "Asia/Singapore", "Asia/Dubai",
)  # fmt: skip
ENGLISH = 0.93  # of all people speak it
WAITED = (0.6, 0.25, 0.1, 0.05)  # have waited for so many rounds
NETWORKS = ("parents", "first in the family at university", "carers", "pride")


def waiting(side: int, kind: str, seed: int = SEED) -> Problem:
    """As many mentors and as many mentees; the kind is "loose" or "tight"."""
    chance = np.random.default_rng([seed, side, kind == "tight"])
    company = _Company(chance, PEOPLE * side)
    seniors = chance.permutation(np.flatnonzero(company.level >= 4))[:side]
    juniors = np.setdiff1d(np.flatnonzero(company.level <= 4), seniors)
    juniors = chance.permutation(juniors)[:side]
    rooms = np.ones(side, int) if kind == "tight" else chance.integers(1, 4, side)
    everyone = [f"U{number:07d}" for number in range(PEOPLE * side)]
    couples = zip(chance.choice(juniors, side // 20), chance.choice(seniors, side // 20), strict=True)
    return Problem(
        seed=seed,
        day=DAY,
        mentors=tuple(
            company.candidate(each, Side.MENTOR, int(room)) for each, room in zip(juniors, rooms, strict=True)
        ),
        mentees=tuple(company.candidate(each, Side.MENTEE, 1) for each in seniors),
        lines={each: (everyone[(number - 1) // SPAN],) if number else () for number, each in enumerate(everyone)},
        met=frozenset((everyone[mentor], everyone[mentee]) for mentor, mentee in couples),
    )


def _zipf(chance: np.random.Generator, kinds: int, size: Any, steepness: float = 1.0) -> Any:
    worth = 1 / np.arange(1, kinds + 1) ** steepness
    return chance.choice(kinds, p=worth / worth.sum(), size=size)


class _Company:
    def __init__(self, chance: np.random.Generator, people: int) -> None:
        self.chance = chance
        depth = np.floor(np.log(np.arange(people) * (SPAN - 1) + 1) / np.log(SPAN)).astype(int)
        leads = np.arange(people) * SPAN + 1 < people
        self.level = np.where(
            leads, 5 + depth.max() - depth, chance.choice([1, 2, 3, 4], p=[0.3, 0.3, 0.2, 0.2], size=people)
        )
        self.department = _zipf(chance, DEPARTMENTS, people)
        self.function = _zipf(chance, FUNCTIONS, people)
        self.site = _zipf(chance, SITES, people, 0.9)
        self.zone_of_site = np.concatenate([np.arange(len(ZONES)), _zipf(chance, len(ZONES), SITES - len(ZONES))])
        self.language = self.site % LANGUAGES
        self.english = chance.random(people) < ENGLISH
        self.topics = _zipf(chance, TOPICS, (people, 12), 0.8)
        self.many_topics = chance.integers(2, 6, people)
        self.likes = chance.choice(3, p=[0.55, 0.4, 0.05], size=people)
        self.years = chance.integers(0, 20 * 365, people)
        self.waited = chance.choice(len(WAITED), p=WAITED, size=people)
        self.network = chance.choice(8, size=people)

    def candidate(self, number: int, side: Side, room: int) -> Candidate:
        network = self.network[number]
        return Candidate(
            member_id=int(number) + 1,
            slack_id=f"U{number:07d}",
            side=side,
            capacity=room,
            level=int(self.level[number]),
            teams=frozenset({f"Team {(number - 1) // SPAN}"}),
            department=f"Department {self.department[number]}",
            site=f"Site {self.site[number]}",
            zone=ZONES[self.zone_of_site[self.site[number]]],
            languages=self._languages(number),
            topics=tuple(f"topic_{each}" for each in dict.fromkeys(self.topics[number].tolist()))[
                : self.many_topics[number]
            ],
            ways=(frozenset({Way.ONLINE}), frozenset(Way), frozenset({Way.IN_PERSON}))[self.likes[number]],
            avoid=frozenset({f"U{self.chance.integers(len(self.level)):07d}"} if self.chance.random() < 0.02 else ()),
            rounds_waited=int(self.waited[number]),
            function=f"Function {self.function[number]}",
            started_on=DAY - timedelta(days=int(self.years[number])),
            networks=frozenset({NETWORKS[network]} if network < len(NETWORKS) else ()),
        )

    def _languages(self, number: int) -> frozenset[str]:
        local = "en" if self.english[number] and not self.language[number] else f"language {self.language[number]}"
        return frozenset({local, *(("en",) if self.english[number] else ())})
