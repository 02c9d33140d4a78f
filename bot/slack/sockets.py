"""Slack's requests over Socket Mode, with the client that is connected again about a second after a lost peer."""

import logging
from threading import Event

from slack_bolt import App
from slack_bolt.adapter.socket_mode.websocket_client import SocketModeHandler

log = logging.getLogger(__name__)

CHECK_EVERY = 30  # seconds
MOST_FAILURES = 3  # then the process ends, and whoever supervises it starts it anew


def serve(app: App, app_token: str, stopping: Event) -> bool:
    """Runs until told to stop; False if the connection was lost for good."""
    handler = SocketModeHandler(app, app_token)
    handler.connect()  # type: ignore[no-untyped-call]
    failures = 0
    try:
        while not stopping.wait(CHECK_EVERY):
            failures = 0 if handler.client.is_connected() else failures + 1
            if failures >= MOST_FAILURES:
                log.error("socket lost seconds=%s", CHECK_EVERY * MOST_FAILURES)
                return False
    finally:
        _close(handler)
    return True


def _close(handler: SocketModeHandler) -> None:
    try:
        handler.close()  # type: ignore[no-untyped-call]
    except AttributeError:
        # slack_sdk 3.47 looks for the id of a session that is closed already.
        log.info("socket was closed already")
