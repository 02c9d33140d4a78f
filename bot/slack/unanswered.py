"""Requests that nobody answers: a button of an older release, a form we no longer know. Each gets a 200 and a word."""

import logging
import re
from collections.abc import Iterable
from typing import Any

from slack_bolt import Ack, App, BoltResponse
from slack_bolt.error import BoltUnhandledRequestError

from bot import errors
from bot.house import House
from bot.slack import kit
from bot.slack.listening import Ask, attend

log = logging.getLogger(__name__)

OLD = "That button is from an older message and no longer does anything. Your Home has what you can do now."


def register(app: App, house: House, actions: Iterable[str], views: Iterable[str]) -> None:
    """`actions` are patterns of the ids that somebody answers, `views` likewise.

    Those are left alone even when their listener is slow: Bolt asks the next that fits when one hasn't acknowledged.
    """

    def pressed(ack: Ack, body: dict[str, Any], client: Any) -> None:
        ack()
        action = body["actions"][0]
        log.error("unanswered action=%s", action["action_id"])
        if action.get("type") == "button":
            attend(house, client, body, "", _say_old, "an old button")

    def filed(ack: Ack, body: dict[str, Any]) -> None:
        log.error("unanswered view=%s", body["view"].get("callback_id"))
        ack(response_action="update", view=kit.modal("reply", "Flipside", [kit.section(OLD)]))

    def failed(error: Exception, body: dict[str, Any]) -> BoltResponse:
        if isinstance(error, BoltUnhandledRequestError):
            log.error("unanswered type=%s", body.get("type") or body.get("command"))
            return BoltResponse(status=200)
        errors.told(error, None, str(body.get("type")))
        return BoltResponse(status=200)

    app.action(_none_of(actions))(pressed)
    app.view(_none_of(views))(filed)
    app.error(failed)


def _none_of(patterns: Iterable[str]) -> re.Pattern[str]:
    return re.compile(f"^(?!(?:{'|'.join(patterns)})$).*")


def _say_old(ask: Ask) -> None:
    ask.reply(OLD)
