"""What the bot's manifest asks of Slack: its scopes, events and commands. Slack gives no more than that."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import yaml


@dataclass(frozen=True)
class Command:
    """A slash command, and whether names in its text become ids."""

    command: str
    description: str = ""
    usage_hint: str = ""
    should_escape: bool = False


@dataclass(frozen=True)
class Manifest:
    """The parts of manifest.yml that change what the workspace does."""

    scopes: tuple[str, ...]
    events: frozenset[str]
    commands: dict[str, Command]
    has_home: bool
    optional: frozenset[str] = frozenset()
    """Of the scopes, those that whoever installs the app may leave out."""

    @classmethod
    def read(cls, path: Path) -> "Manifest":
        """The manifest in this file, YAML or JSON."""
        told = yaml.safe_load(path.read_text(encoding="utf-8"))
        features = told.get("features", {})
        commands = features.get("slash_commands", [])
        events = told.get("settings", {}).get("event_subscriptions", {}).get("bot_events", [])
        return cls(
            scopes=tuple(told["oauth_config"]["scopes"]["bot"]),
            events=frozenset(events),
            commands={told["command"]: _command(told) for told in commands},
            has_home=bool(features.get("app_home", {}).get("home_tab_enabled")),
            optional=frozenset(told["oauth_config"]["scopes"].get("bot_optional", [])),
        )

    def without(self, denied: Collection[str]) -> "Manifest":
        """As it is installed by somebody who grants all but these optional scopes."""
        if needed := set(denied) - self.optional:
            raise ValueError(f"not optional: {', '.join(sorted(needed))}")
        return replace(self, scopes=tuple(scope for scope in self.scopes if scope not in denied))


def _command(told: dict[str, Any]) -> Command:
    known = {key: told[key] for key in ("command", "description", "usage_hint", "should_escape") if key in told}
    return Command(**known)
