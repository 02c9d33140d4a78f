"""What every part of the running bot shares, made once at the start."""

from dataclasses import dataclass, field
from threading import Event

from slack_sdk import WebClient
from sqlalchemy.orm import Session as Db

from bot.clock import Clock
from bot.metrics import Metrics
from bot.prompts import Prompts
from bot.pulse import Pulse
from bot.settings import Settings
from bot.threads import Background
from store import topics
from store.database import Store


@dataclass(frozen=True)
class House:
    settings: Settings
    store: Store
    prompts: Prompts
    clock: Clock
    client: WebClient
    """Without retries: a message must never be posted again by the SDK."""
    workspace_id: str
    background: Background = field(default_factory=Background)
    """For what takes longer than anybody waits. A command of an operator's does it at once."""
    stopping: Event = field(default_factory=Event)
    """The process is asked to end: nothing new is begun."""
    pulse: Pulse = field(default_factory=Pulse)
    """Whether the ticks get on."""
    metrics: Metrics = field(default_factory=Metrics)

    def words(self, db: Db) -> Prompts:
        """The words with the workspace's own topics among them."""
        return self.prompts.with_topics(topics.own(db, self.workspace_id))
