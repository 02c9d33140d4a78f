"""Slack's requests over Socket Mode, with the client that is connected again about a second after a lost peer."""

import logging
from collections.abc import Callable

from slack_bolt import App
from slack_bolt.adapter.socket_mode.websocket_client import SocketModeHandler
from slack_sdk.errors import SlackApiError

from bot.threads import Listeners

log = logging.getLogger(__name__)

CHECK_EVERY = 1.0  # seconds
LOST_AFTER = 90  # seconds; then the process ends, and whoever supervises it starts it anew
REQUESTS_AT_ONCE = 10
FINISHES_WITHIN = 4.0  # seconds for requests under way when the process ends; Slack waits three


class NotConnected(Exception):
    """Slack refuses the app-level token; the message says so."""


def serve(app: App, app_token: str, is_over: Callable[[float], bool]) -> bool:
    """Runs until `is_over` says so, which waits so many seconds; False if the connection was lost for good."""
    handler = SocketModeHandler(app, app_token)
    workers = handler.client.message_workers = Listeners(REQUESTS_AT_ONCE, name="socket")
    try:
        handler.connect()  # type: ignore[no-untyped-call]
    except SlackApiError as error:
        raise NotConnected(f"Slack refuses SLACK_APP_TOKEN: {error.response['error']}") from None
    failures = 0
    try:
        while not is_over(CHECK_EVERY):
            failures = 0 if handler.client.is_connected() else failures + 1
            if failures * CHECK_EVERY >= LOST_AFTER:
                log.error("socket lost seconds=%s", LOST_AFTER)
                return False
    finally:
        _close(handler, workers)
    return True


def _close(handler: SocketModeHandler, workers: Listeners) -> None:
    """Not by the handler's own `close`: it waits for a reader that may sit in a wait of ten seconds."""
    client = handler.client
    client.closed, client.auto_reconnect_enabled = True, False  # what comes now is brought again by Slack
    workers.wait_until_idle(FINISHES_WITHIN)  # they acknowledge over this connection
    try:
        client.disconnect()
    except AttributeError:
        # slack_sdk 3.47 looks for the id of a session that is closed already.
        log.info("socket was closed already")
    workers.shutdown(wait=False)
