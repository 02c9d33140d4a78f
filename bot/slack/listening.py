"""How Slack's requests reach the features: as plain values, with the acknowledging done here and right.

A press or a word: ack, then the listener. A form: the listener decides and saves, then ack. Nothing raises after
an ack: Bolt can take the ack back (an error within 10 ms of it loses it), and the person would see a failure.
"""

import logging
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from slack_bolt import Ack, App, BoltResponse
from slack_sdk import WebClient
from slack_sdk.webhook import WebhookClient

from bot import errors
from bot.due import Message
from bot.house import House
from bot.slack import kit, speaking, who
from bot.slack.kit import Answers, Block
from store.models import Person

log = logging.getLogger(__name__)

NUMBER = re.compile(r"[0-9]{1,9}")


@dataclass(frozen=True)
class Ask:
    """A word somebody typed or a button they pressed."""

    house: House
    client: WebClient
    me: Person
    now: datetime
    value: str
    """The rest of the command, the value of the button or of what they picked, or the Slack id of whom they chose."""
    trigger_id: str
    response_url: str | None
    view: Mapping[str, Any] | None
    """The modal or Home it was pressed in."""
    pressed: Mapping[str, Any]
    """The message it was pressed in, and `block_id` of the row of buttons; empty for a word."""
    filled: Answers
    """What stood in the menus around the button."""
    channel: str = ""
    """Where it was pressed; empty in a modal or on the Home."""

    @property
    def number(self) -> int | None:
        """The value as the number of something stored. None where it is none: people may type anything."""
        return int(self.value) if NUMBER.fullmatch(self.value) else None

    def reply(self, message: Message | str) -> None:
        """Answers for their eyes only: ephemerally, or in a modal where there is no channel."""
        said = message if isinstance(message, Message) else Message(message, [kit.section(message)])
        if self.response_url is None:
            self.show(kit.modal("reply", "Flipside", said.blocks))
            return
        hook = WebhookClient(self.response_url, timeout=speaking.TIMEOUT, retry_handlers=[])
        speaking.call(
            lambda: hook.send(
                text=said.text, blocks=list(said.blocks), response_type="ephemeral", replace_original=False
            )
        )

    def show(self, view: Block) -> str | None:
        """Opens a modal, on top of the one it was pressed in if there is one. Its id, or None if it couldn't."""
        shown = self.open(view)
        return shown.id if shown is not None else None

    def open(self, view: Block) -> "Shown | None":
        """As `show`, for a view that is filled in later."""
        is_stacked = self.view is not None and self.view.get("type") == "modal"
        opening = self.client.views_push if is_stacked else self.client.views_open
        answer = speaking.call(lambda: opening(trigger_id=self.trigger_id, view=view))
        if isinstance(answer, speaking.Refused | speaking.Unclear):
            log.warning("not shown person=%s error=%s", self.me.slack_id, answer.code)
            if self.response_url is not None:
                self.reply("That took too long for Slack to open the form. Please try once more.")
            return None
        return _shown(answer)

    def begin(self, view: Block) -> None:
        """Opens a form of several pages, in place of the modal it was asked for in: Slack stacks three at most."""
        if self.view is not None and self.view.get("type") == "modal":
            self.change(str(self.view["id"]), view)
        else:
            self.show(view)

    def change(self, view_id: str, view: Block) -> bool:
        """Draws an open modal anew; one that was closed meanwhile is left alone. False if Slack refuses to."""
        answer = speaking.call(lambda: self.client.views_update(view_id=view_id, view=view))
        return not isinstance(answer, speaking.Refused)

    def turn(self, view: Block) -> "Shown | None":
        """Puts another view in place of the one it was pressed in, to be filled in later. None if it couldn't."""
        view_id = str((self.view or {})["id"])
        answer = speaking.call(lambda: self.client.views_update(view_id=view_id, view=view))
        return None if isinstance(answer, speaking.Refused | speaking.Unclear) else _shown(answer)

    def answered(self, text: str) -> None:
        """Puts what was answered in place of the buttons, so that they can't be pressed again.

        The rest of a message stays: it may carry another nudge with buttons of its own. The Home is drawn anew by
        itself, so there it is said in a modal.
        """
        if self.view is not None and self.view.get("type") == "home":
            self.reply(text)
        elif self.response_url is None and self.view is not None:
            self.change(str(self.view["id"]), kit.modal("reply", "Flipside", [kit.section(text)]))
        elif self.response_url is not None:
            self._replace(self.response_url, text)

    def redraw(self, message: Message) -> None:
        """Puts another message in place of the one it was pressed in; for one that carries nothing else."""
        if self.response_url is None:
            self.answered(message.text)
            return
        hook = WebhookClient(self.response_url, timeout=speaking.TIMEOUT, retry_handlers=[])
        speaking.call(lambda: hook.send(text=message.text, blocks=list(message.blocks), replace_original=True))

    @property
    def pressed_in(self) -> str:
        """Channel and ts of the message it was pressed in, as `D012ABCDEF:1700000000.000100`; empty for a word."""
        return f"{self.channel}:{self.pressed['ts']}" if self.channel and self.pressed.get("ts") else ""

    def _replace(self, response_url: str, text: str) -> None:
        kept = [
            kit.context(text) if block.get("block_id") == self.pressed["block_id"] else block
            for block in self.pressed.get("blocks", [])
            if block["type"] != "input"  # a menu that no button sends any more
        ]
        hook = WebhookClient(response_url, timeout=speaking.TIMEOUT, retry_handlers=[])
        said = f"{self.pressed.get('text', '')}\n{text}".strip()
        # An ephemeral message isn't shown to us: there the answer takes its whole place.
        speaking.call(lambda: hook.send(text=said, blocks=kept or [kit.section(text)], replace_original=True))


@dataclass(frozen=True)
class Shown:
    """A view as it was drawn: whatever is drawn there meanwhile changes its hash."""

    id: str
    hash: str


def _shown(answer: Any) -> Shown:
    return Shown(str(answer["view"]["id"]), str(answer["view"]["hash"]))


def fill(client: WebClient, shown: Shown, view: Block) -> None:
    """Draws a view anew, unless somebody has moved on from it or closed it meanwhile."""
    speaking.call(lambda: client.views_update(view_id=shown.id, hash=shown.hash, view=view))


@dataclass(frozen=True)
class Form:
    """A form somebody sent."""

    house: House
    client: WebClient
    me: Person
    now: datetime
    answers: Answers
    private: str
    """What the form carried for us. People can't see it, but it isn't to be trusted: check again."""
    view_id: str
    fields: tuple[str, ...] = ("",)
    """The block ids of what can be filled in: the only places beside which Slack shows what is wrong."""

    def wrong(self, why: str) -> "Wrong":
        """What stands in the way of the whole form, said beside its first field."""
        return Wrong({self.fields[0]: why})


@dataclass(frozen=True)
class Wrong:
    """The form stays open and says why beside the field, by block id."""

    problems: Mapping[str, str]


@dataclass(frozen=True)
class Instead:
    """Another view takes the form's place."""

    view: Block


@dataclass(frozen=True)
class OnTop:
    """Another view is put on top of the form."""

    view: Block


@dataclass(frozen=True)
class Cleared:
    """The form closes, and those below it too."""


Answer = Wrong | Instead | OnTop | Cleared | None
Word = Callable[[Ask], None]
Filed = Callable[[Form], Answer]
Search = Callable[[House, str], list[Block]]
"""The options that fit what somebody has typed so far, at most a hundred."""


def press(app: App, house: House, action_id: str, listener: Word) -> None:
    """Registers a button, or a menu outside a form.

    Every press is acknowledged at once; what fails after is told, not raised.
    """

    def pressed(ack: Ack, body: dict[str, Any], client: WebClient) -> None:
        ack()
        action = body["actions"][0]
        picked = (action.get("selected_option") or {}).get("value")
        value = str(action.get("value") or action.get("selected_user") or picked or "")
        attend(house, client, body, value, listener, action_id)

    app.action(action_id)(pressed)


def attend(house: House, client: WebClient, body: dict[str, Any], value: str, listener: Word, doing: str) -> None:
    """Lets a listener answer a word or a press, and somebody who can't take part be told so."""
    slack_id = str(body["user_id"] if "user_id" in body else body["user"]["id"])
    try:
        me = who.acting(house, client, slack_id)
        ask = _ask(house, client, me if isinstance(me, Person) else _nobody(slack_id), body, value)
        if isinstance(me, Person):
            listener(ask)
        else:
            ask.reply(me.why)
    except Exception as error:
        # The outermost place of a request: told to the person and logged, since nothing may raise after an ack.
        sorry = errors.told(error, slack_id, doing)
        _ask(house, client, _nobody(slack_id), body, value).reply(sorry)


def _ask(house: House, client: WebClient, me: Person, body: dict[str, Any], value: str) -> Ask:
    return Ask(
        house=house,
        client=client,
        me=me,
        now=house.clock(),
        value=value,
        trigger_id=str(body.get("trigger_id", "")),
        response_url=body.get("response_url"),
        view=body.get("view"),
        pressed=_pressed(body),
        filled=Answers(body if "state" in body else body.get("view") or {}),
        channel=str((body.get("channel") or {}).get("id", "")),
    )


def _pressed(body: dict[str, Any]) -> dict[str, Any]:
    if "actions" not in body or "message" not in body:
        return {}
    return {**body["message"], "block_id": body["actions"][0]["block_id"]}


def _nobody(slack_id: str) -> Person:
    return Person(workspace_id="", slack_id=slack_id, name="")


def form(app: App, house: House, callback_id: str, listener: Filed) -> None:
    """Registers a form: saved before it is acknowledged, so a form that closes has been saved."""

    def filed(ack: Ack, body: dict[str, Any], client: WebClient) -> None:
        view = body["view"]
        slack_id = str(body["user"]["id"])
        try:
            answer = _file(house, client, slack_id, view, listener)
        except Exception as error:
            # Answered beside the first field: the form stays open, and nothing the person wrote is lost.
            answer = Wrong({_fields(view)[0]: errors.told(error, slack_id, callback_id)})
        _acknowledge(ack, answer)

    app.view(callback_id)(filed)


def _file(house: House, client: WebClient, slack_id: str, view: dict[str, Any], listener: Filed) -> Answer:
    me = who.acting(house, client, slack_id)
    if not isinstance(me, Person):
        return Wrong({_fields(view)[0]: me.why})
    return listener(
        Form(
            house=house,
            client=client,
            me=me,
            now=house.clock(),
            answers=Answers(view),
            private=str(view.get("private_metadata") or ""),
            view_id=str(view["id"]),
            fields=_fields(view),
        )
    )


def _fields(view: Mapping[str, Any]) -> tuple[str, ...]:
    return tuple(str(block["block_id"]) for block in view["blocks"] if block["type"] == "input") or ("",)


def options(app: App, house: House, action_id: str, search: Search) -> None:
    """Registers a menu that is searched by typing. Slack waits three seconds for what fits."""

    def typed(ack: Ack, body: dict[str, Any]) -> None:
        try:
            found = search(house, str(body.get("value") or ""))
        except Exception as error:
            # The menu says that nothing was found; the log says why.
            errors.told(error, str(body["user"]["id"]), action_id)
            found = []
        ack(options=found)

    app.options(action_id)(typed)


def _acknowledge(ack: Ack, answer: Answer) -> BoltResponse:
    match answer:
        case Wrong(problems) if "" in problems:
            sorry = kit.modal("reply", "Flipside", [kit.section(problems[""])])
            return ack(response_action="update", view=sorry)
        case Wrong(problems):
            return ack(response_action="errors", errors=dict(problems))
        case Instead(view):
            return ack(response_action="update", view=view)
        case OnTop(view):
            return ack(response_action="push", view=view)
        case Cleared():
            return ack(response_action="clear")
        case None:
            return ack()
