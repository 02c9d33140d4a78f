"""The parts of the fit for all pairs, by kinds of people, and the topics by their ranks."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bot.pairing import fit
from bot.pairing.candidates import Candidate, known
from bot.pairing.engine.kinds import Index, Layer, between, in_common
from bot.pairing.engine.tables_of_meeting import Meeting, points
from bot.pairing.problem import Problem
from bot.pairing.weights import Part


def parts(problem: Problem, meeting: Meeting, languages: Layer, dtype: np.dtype[Any]) -> list[Layer]:
    """All parts of the pair but the topics, weighed. `languages` counts those that two have in common."""
    weights = problem.weights

    def differ(name: Callable[[Candidate], str | None], points: int) -> Layer:
        return _differ(problem, name).mapped(lambda found: found * dtype.type(points))

    return [
        differ(lambda each: each.department, weights[Part.DEPARTMENT] * fit.OTHER_DEPARTMENT),
        differ(lambda each: each.function, weights[Part.FUNCTION] * fit.OTHER_FUNCTION),
        _tenures(problem).mapped(lambda steps: steps.astype(dtype) * dtype.type(weights[Part.TENURE])),
        languages.mapped(lambda shared: _more_languages(shared).astype(dtype) * dtype.type(weights[Part.LANGUAGES])),
        _networks(problem).mapped(lambda found: found * dtype.type(fit.OTHER_NETWORK)),
        *points(problem, meeting, dtype),
    ]


def _differ(problem: Problem, name: Callable[[Candidate], str | None]) -> Layer:
    def compare(mentees: Index, mentors: Index, kinds: list[str | None]) -> NDArray[Any]:
        is_known = np.array([each is not None for each in kinds], dtype=np.bool_)
        found: NDArray[Any] = (mentees != mentors) & is_known[mentees] & is_known[mentors]
        return found

    return between(problem, lambda each: known(name(each)), compare)


def _tenures(problem: Problem) -> Layer:
    def compare(mentees: Index, mentors: Index, kinds: list[int | None]) -> NDArray[Any]:
        steps = np.array([-1 if each is None else each for each in kinds], dtype=np.int16)
        are_known = (steps[mentees] >= 0) & (steps[mentors] >= 0)
        found: NDArray[Any] = fit.TENURE_STEP * np.abs(steps[mentees] - steps[mentors]) * are_known
        return found

    return between(problem, lambda each: fit.tenure(each.started_on, problem.day), compare)


def _more_languages(shared: NDArray[Any]) -> NDArray[Any]:
    return fit.MORE_LANGUAGE * np.clip(shared.astype(np.int16) - 1, 0, fit.MORE_LANGUAGES_AT_MOST)


def _networks(problem: Problem) -> Layer:
    """Whether the mentor brings one that the mentee doesn't have, of those who told of any."""
    shared = in_common(problem, lambda each: each.networks)
    of_mentors = np.array([len(each.networks) for each in problem.mentors])
    has_told = np.zeros(shared.kinds, dtype=np.bool_)
    has_told[shared.rows] = [bool(each.networks) for each in problem.mentees]

    def spread(kinds: Index) -> NDArray[Any]:
        found: NDArray[Any] = (shared.of_kinds(kinds) < of_mentors) & has_told[kinds, np.newaxis]
        return found

    return Layer(shared.rows, shared.kinds, shared.columns, spread)


@dataclass(frozen=True)
class Topics:
    """What is both offered and wished for. Of each topic, what each mentor's offer is worth; of each mentee, by rank,
    which topic they wish for: the number after the last topic stands for none, and is offered by nobody."""

    strengths: NDArray[Any]
    wishes: Index
    ranks: tuple[int, ...]
    """What a wish of each rank counts."""

    def add(self, start: int, stop: int, out: NDArray[Any], spare: NDArray[Any]) -> None:
        none = len(self.strengths) - 1
        for rank, worth in enumerate(self.ranks):
            wished = self.wishes[start:stop, rank]
            if (wished < none).any():
                np.take(self.strengths, wished, axis=0, out=spare, mode="clip")
                if worth != 1:
                    np.multiply(spare, out.dtype.type(worth), out=spare)
                np.add(out, spare, out=out)


def topics(problem: Problem, dtype: np.dtype[Any]) -> Topics:
    offers = [fit.by_strength(each.topics) for each in problem.mentors]
    wishes = [fit.by_wish(each.topics) for each in problem.mentees]
    both = sorted({topic for each in offers for topic in each} & {topic for each in wishes for topic in each})
    numbers = {topic: number for number, topic in enumerate(both)}
    strengths = np.zeros((len(both) + 1, len(offers)), dtype=dtype)
    for column, offered in enumerate(offers):
        for topic, strength in offered.items():
            if topic in numbers:
                strengths[numbers[topic], column] = strength * problem.weights[Part.TOPICS]
    ranked = np.full((len(wishes), fit.TOPICS_COUNTED), len(both), dtype=np.intp)
    for row, wanted in enumerate(wishes):
        for rank, topic in enumerate(wanted):
            ranked[row, rank] = numbers.get(topic, len(both))
    later = (fit.LATER_WISH,) * (fit.TOPICS_COUNTED - len(fit.WISHES))
    return Topics(strengths, ranked, (*fit.WISHES, *later))
