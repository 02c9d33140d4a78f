"""What one process counts of its work, for Prometheus: each replica tells its own, and they are added up there.

Labels have few values: never a person, a pair or a word of anybody's. How things stand in the database is not counted
here but asked when somebody scrapes: `nudges.standing`.
"""

import logging

from prometheus_client import CollectorRegistry, Counter, Histogram, ProcessCollector, disable_created_metrics

disable_created_metrics()  # type: ignore[no-untyped-call]  # when each was first counted: twice the lines, for nobody

LAGS = (0.5, 1, 2, 5, 10, 30, 60, 120, 300, 900, 3600, 14400, 86400)  # seconds
TICKS = (0.01, 0.03, 0.1, 0.3, 1, 3, 10, 30, 120, 600)
ANSWERS = (0.01, 0.03, 0.1, 0.3, 1, 2, 3, 10)  # Slack gives up after three seconds

MESSAGES = ("nudge", "notice", "announcement")
REFUSALS = ("later", "for_good", "workspace_shut")
RECONCILED = ("found", "sent_again", "given_up")
DROPPED = ("too_late", "no_longer_due", "not_wanted")
LEVELS = ("warning", "error")
REQUESTS = ("command", "block_actions", "view_submission", "block_suggestion", "event", "other")


class Metrics:
    """Made once for each house, with a registry of its own."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        ProcessCollector(registry=self.registry)
        self.sent = self._counter(
            "flipside_messages_sent", "Messages that surely are in Slack, by what they carry.", "of", MESSAGES
        )
        self.refused = self._counter(
            "flipside_messages_refused",
            "Attempts that Slack surely refused: it said later, refused this message for good, or has shut the whole "
            "workspace to the bot.",
            "what",
            REFUSALS,
        )
        self.unknown = Counter(
            "flipside_messages_unknown",
            "Attempts of which Slack's answer was lost: the message may be there, and is looked for in a while.",
            registry=self.registry,
        )
        self.reconciled = self._counter(
            "flipside_messages_reconciled",
            "What became of messages that a lost answer or a process that died left behind: found in Slack, surely not "
            "there and sent again, or given up.",
            "what",
            RECONCILED,
        )
        self.dropped = self._counter(
            "flipside_nudges_dropped",
            "Nudges that were not sent: their moment had passed before they could be, what they are about changed "
            "after they were chosen, or their reader asked for fewer or has done it.",
            "why",
            DROPPED,
        )
        self.held_back = Counter(
            "flipside_messages_held_back",
            "How often a message that could have gone was put off to keep to Slack's pace.",
            registry=self.registry,
        )
        self.lag = Histogram(
            "flipside_message_lag_seconds",
            "From the moment a message could have gone (somebody acted, or it was due and its reader at work) until "
            "the bot knew it to be in Slack. One that was put off is counted from when it was to be looked at again.",
            buckets=LAGS,
            registry=self.registry,
        )
        self.tick = Histogram(
            "flipside_tick_seconds",
            "How long each tick took: one ends when nothing more is due, or Slack takes no more for now.",
            buckets=TICKS,
            registry=self.registry,
        )
        self.looked_at = Counter(
            "flipside_looked_at", "Rows of the agenda that ticks have looked at.", registry=self.registry
        )
        self.rate_limited = Counter(
            "flipside_slack_rate_limited",
            "How often Slack said that it was asked too much (429), by what it was asked for.",
            ["method"],
            registry=self.registry,
        )
        self.request = Histogram(
            "flipside_request_seconds",
            "From a request of Slack's until it was acknowledged; after three seconds Slack tells the person that it "
            "failed.",
            ["type"],
            buckets=ANSWERS,
            registry=self.registry,
        )
        for type_ in REQUESTS:
            self.request.labels(type_)
        self.listener = Histogram(
            "flipside_listener_seconds",
            "How long the whole work for a request took, the waiting for a thread and what follows the acknowledgement "
            "included.",
            buckets=(*ANSWERS, 30, 60),
            registry=self.registry,
        )
        self.logged = self._counter(
            "flipside_log_lines", "Lines in the log that ask for somebody's attention.", "level", LEVELS
        )

    def _counter(self, name: str, told: str, label: str, values: tuple[str, ...]) -> Counter:
        """Each of its values is there from the start: what hasn't happened yet is 0, not unknown."""
        made = Counter(name, told, [label], registry=self.registry)
        for value in values:
            made.labels(value)
        return made


class Counting(logging.Handler):
    """Counts the lines that ask for somebody's attention, whoever writes them."""

    def __init__(self, metrics: Metrics) -> None:
        super().__init__(logging.WARNING)
        self._metrics = metrics

    def emit(self, record: logging.LogRecord) -> None:
        self._metrics.logged.labels("error" if record.levelno >= logging.ERROR else "warning").inc()
