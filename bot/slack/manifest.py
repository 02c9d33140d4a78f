"""The app's manifest: the Socket Mode form lies in manifest.yml, the HTTP form is made of it."""

from pathlib import Path
from typing import Any

import yaml

FILE = Path(__file__).parents[2] / "manifest.yml"


def read() -> dict[str, Any]:
    return dict(yaml.safe_load(FILE.read_text(encoding="utf-8")))


def over_http(url: str) -> str:
    """The manifest for an app that Slack reaches at this address, as YAML."""
    address = url.rstrip("/") + "/slack/events"
    manifest = read()
    for command in manifest["features"]["slash_commands"]:
        command["url"] = address
    manifest["settings"]["event_subscriptions"]["request_url"] = address
    manifest["settings"]["interactivity"] |= {"request_url": address, "message_menu_options_url": address}
    manifest["settings"]["socket_mode_enabled"] = False
    return str(yaml.safe_dump(manifest, sort_keys=False))
