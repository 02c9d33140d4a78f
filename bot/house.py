"""What every part of the running bot shares, made once at the start."""

from dataclasses import dataclass

from slack_sdk import WebClient

from bot.clock import Clock
from bot.prompts import Prompts
from bot.settings import Settings
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
