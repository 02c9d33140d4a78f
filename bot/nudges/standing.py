"""How things stand just now, asked when somebody scrapes: what is due, in doubt or held back. A few queries in all."""

from collections.abc import Iterator

from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector
from sqlalchemy.exc import SQLAlchemyError

from bot import gate
from bot.house import House
from store import agenda, nudges
from store.agenda import ABOUT_MESSAGES

LANES = (gate.MESSAGES, gate.OPENING, gate.HISTORY, gate.CHANGES, gate.HOMES, gate.PEOPLE)
DUE = ("person", "announcement", "work")


class Standing(Collector):
    """All replicas tell the same of this, but for their own ticks; the database's word is one."""

    def __init__(self, house: House) -> None:
        self._house = house

    def collect(self) -> Iterator[GaugeMetricFamily]:
        yield GaugeMetricFamily(
            "flipside_tick_idle_seconds",
            "Since this process's ticks last began, ended or got on with something; ticks come every five seconds.",
            self._house.pulse.seconds_since(),
        )
        try:
            found = list(self._asked())
        except SQLAlchemyError:
            found = []
        yield GaugeMetricFamily("flipside_database_up", "Whether the database answers.", float(bool(found)))
        yield from found

    def _asked(self) -> Iterator[GaugeMetricFamily]:
        house, now = self._house, self._house.clock()
        with house.store.read() as db:
            due = agenda.backlog(db, house.workspace_id, now)
            unsettled = nudges.count_unsettled(db, house.workspace_id)
            closed = gate.quiet(db, house, LANES, now)
        rows, oldest = dict.fromkeys(DUE, 0), dict.fromkeys(DUE, 0.0)
        for subject, (count, since) in due.items():
            of = subject.value if subject in ABOUT_MESSAGES else "work"
            rows[of] += count
            oldest[of] = max(oldest[of], (now - since).total_seconds())
        yield _gauge("flipside_due", "How many rows of the agenda are to be looked at now.", "of", rows)
        yield _gauge("flipside_due_oldest_seconds", "How late the oldest of them is.", "of", oldest)
        yield _gauge(
            "flipside_messages_unsettled",
            "Messages under way: claimed by a process, told to wait, or unknown (their answer was lost).",
            "state",
            {state.value: float(count) for state, count in unsettled.items()},
        )
        yield _gauge(
            "flipside_gate_closed_seconds",
            "For how long Slack still wants to be asked nothing of this; all of it, if it has shut the workspace.",
            "method",
            {lane: max(0.0, (closed[lane] - now).total_seconds()) if lane in closed else 0.0 for lane in LANES},
        )


def _gauge(name: str, told: str, label: str, values: "dict[str, int] | dict[str, float]") -> GaugeMetricFamily:
    made = GaugeMetricFamily(name, told, labels=[label])
    for value, figure in values.items():
        made.add_metric([value], figure)
    return made
