"""Slack's requests over Socket Mode, with the client that is connected again about a second after a lost peer."""

import logging
from threading import Event

from slack_bolt import App
from slack_bolt.adapter.socket_mode.websocket_client import SocketModeHandler
from slack_sdk.errors import SlackApiError

log = logging.getLogger(__name__)

CHECK_EVERY = 1  # seconds; a signal that reaches another thread than the main one is seen when this wait is over
LOST_AFTER = 90  # seconds; then the process ends, and whoever supervises it starts it anew


class NotConnected(Exception):
    """Slack refuses the app-level token; the message says so."""


def serve(app: App, app_token: str, stopping: Event) -> bool:
    """Runs until told to stop; False if the connection was lost for good."""
    handler = SocketModeHandler(app, app_token)
    try:
        handler.connect()  # type: ignore[no-untyped-call]
    except SlackApiError as error:
        raise NotConnected(f"Slack refuses SLACK_APP_TOKEN: {error.response['error']}") from None
    failures = 0
    try:
        while not stopping.wait(CHECK_EVERY):
            failures = 0 if handler.client.is_connected() else failures + 1
            if failures * CHECK_EVERY >= LOST_AFTER:
                log.error("socket lost seconds=%s", LOST_AFTER)
                return False
    finally:
        _close(handler)
    return True


def _close(handler: SocketModeHandler) -> None:
    """Not by the handler's own `close`: it waits for a reader that may sit in a wait of ten seconds."""
    client = handler.client
    client.closed, client.auto_reconnect_enabled = True, False
    try:
        client.disconnect()
    except AttributeError:
        # slack_sdk 3.47 looks for the id of a session that is closed already.
        log.info("socket was closed already")
    client.message_workers.shutdown()
