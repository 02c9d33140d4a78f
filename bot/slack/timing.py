"""How long Slack waits until a request of its is acknowledged, over HTTP and over a socket alike."""

from collections.abc import Callable, Mapping
from time import monotonic
from typing import Any

from slack_bolt import App, BoltRequest, BoltResponse

from bot.metrics import REQUESTS


class TimedApp(App):
    def __init__(self, took: Callable[[str, float], None], **options: Any) -> None:
        """`took` is told the kind of each request, and the seconds."""
        super().__init__(**options)
        self._took = took

    def dispatch(self, req: BoltRequest) -> BoltResponse:
        begun = monotonic()
        try:
            return super().dispatch(req)
        finally:
            self._took(_kind(req.body), monotonic() - begun)


def _kind(body: Mapping[str, Any]) -> str:
    kind = "command" if "command" in body else "event" if "event" in body else str(body.get("type"))
    return kind if kind in REQUESTS else "other"
