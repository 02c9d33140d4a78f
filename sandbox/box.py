"""The Sandbox: a local Slack workspace with the bot in it, for tests to drive and for the page to show."""

from collections import Counter
from datetime import datetime
from types import TracebackType
from typing import Any, Self

from starlette.routing import BaseRoute

from sandbox import filling, looking, people, preparing, ui
from sandbox.blockkit.elements import all_options
from sandbox.faults import Failure, Kill, Point
from sandbox.filling import CannotDo, Typed
from sandbox.records import Json, Message, View
from sandbox.seeing import Seeing


class Sandbox(Seeing):
    """A workspace, its server thread and the bot as a child process.

    Acts take people by handle, id or whole name, and wait for the bot's answer and for all that it does then.
    """

    bot_id = people.BOT_USER
    team_id = people.TEAM_ID

    # Its life

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        self.stop()

    def start(self) -> None:
        """Serve, prepare the database, and start the bot; nothing is left running if one of them fails."""
        self.server.start()
        self.postman.start()
        try:
            self.prepare()
            self.start_bot()
        except BaseException:
            self.stop()
            raise

    def prepare(self) -> None:
        """Make the database ready; nothing to do for a folder (or a copy of one) that was prepared before."""
        if self.prepares:
            preparing.prepare(self.bot, self.folder / "flipside.db", self.folder / "prepared")

    def stop(self) -> None:
        self.bot.stop()
        self.postman.stop()
        self.server.stop()

    def page_routes(self) -> list[BaseRoute]:
        return ui.routes(self)

    # The bot

    @property
    def bot_is_running(self) -> bool:
        return self.bot.is_running

    def start_bot(self) -> None:
        """Start the bot and bring it the events that it missed."""
        self.bot.start()
        self.space.changed()
        self.postman.bring_all()
        self.settle()

    def kill_bot(self) -> None:
        self.bot.kill()
        self.space.changed()

    def stop_bot(self) -> int:
        """Stop the bot with SIGTERM; its exit code."""
        code = self.bot.stop()
        self.space.changed()
        return code

    def kill_at(self, point: Point, method: str = "chat.postMessage", times: int = 1, after: int = 0) -> None:
        """Kill the bot at this point of the next calls that Slack would take, when so many more were taken.

        `before_storing`: nothing was stored, the connection is cut. `after_storing`: it was stored, but not
        answered. `after_answering`: the whole answer is in the bot's socket; the bot has acted on none of it.
        """
        self.faults.plan_kill(Kill(method, point, times, after))

    def fail_next(
        self,
        method: str,
        status: int | str = 500,
        stored: bool = False,
        retry_after: int = 30,
        times: int = 1,
    ) -> None:
        """Make the next calls fail: an HTTP status, "reset", "html", or a code of Slack's."""
        self.faults.plan_failure(Failure(method, status, stored, retry_after, times))

    @property
    def kills(self) -> Counter[str]:
        """How often the bot was really killed, by point."""
        return self.faults.kills

    # What people do

    def command(self, who: str, text: str, channel: str | None = None) -> None:
        """Type a slash command, in the DM with the bot unless told otherwise."""
        self.acting.command(self.find(who), self._channel_or_im(who, channel), text)
        self.settle()

    def write(self, who: str, text: str, channel: str | None = None, thread_ts: str | None = None) -> Message:
        """Write a message, in the DM with the bot unless told otherwise."""
        message = self.acting.write(self.find(who), self._channel_or_im(who, channel), text, thread_ts)
        self.settle()
        return message

    def rewrite(self, who: str, message: Message, text: str) -> None:
        """Edit a message of one's own."""
        self.acting.rewrite(self.find(who), message.channel, message.ts, text)
        self.settle()

    def take_back(self, who: str, message: Message) -> None:
        """Delete a message of one's own."""
        self.acting.take_back(self.find(who), message.channel, message.ts)
        self.settle()

    def open_home(self, who: str) -> Json | None:
        """Open the Home tab; what it shows then."""
        self.acting.open_home(self.find(who))
        self.settle()
        return self.home(who)

    def press(self, who: str, what: str, where: Message | str | None = None, value: str | None = None) -> None:
        """Press the button with that label or action id in the newest thing they see that has one.

        That is the top modal, else the newest message, else the Home. `where` is a message, or "home";
        `value` tells buttons of one label apart.
        """
        user = self.find(who)
        with self.space.lock:
            thing, block, element = looking.find_usable(self.space, user, what, where, value)
        self.acting.press(user, thing, block["block_id"], element["action_id"])
        self.settle()

    def choose(self, who: str, what: str, value: Any, where: Message | str | None = None) -> None:
        """Pick in a menu, a picker or boxes that are no part of a form, by action id or label."""
        user = self.find(who)
        with self.space.lock:
            thing, block, element = looking.find_usable(self.space, user, what, where, None)
        raw = self._raw(user, thing, block, element, value)
        self.acting.press(user, thing, block["block_id"], element["action_id"], raw)
        self.settle()

    def fill(self, who: str, answers: dict[str, Any]) -> None:
        """Fill the top modal without sending it."""
        user = self.find(who)
        view = self._top(user)
        values = self._meant(user, view, answers)
        with self.space.lock:
            filling.fill(self.space, user, view, view.values, values)

    def submit(self, who: str, answers: dict[str, Any] | None = None) -> dict[str, str]:
        """Fill the top modal and send it; what is wrong beside which label, or nothing if it was taken."""
        user = self.find(who)
        view = self._top(user)
        values = self._meant(user, view, answers or {})
        labels = {block["block_id"]: block["label"]["text"] for block in view.blocks if "label" in block}
        errors = self.acting.submit(user, view, values)
        self.settle()
        return {looking.plain(labels.get(block_id, block_id)): said for block_id, said in errors.items()}

    def close(self, who: str) -> None:
        """Close the top modal."""
        user = self.find(who)
        self.acting.close(user, self._top(user))
        self.settle()

    def read(self, who: str, channel: str) -> None:
        """Have read everything in a conversation so far."""
        with self.space.lock:
            self.space.read(self.channel(channel), self.find(who))

    # What befalls people's accounts; the bot hears of it by the events that Slack would send

    def deactivate(self, who: str) -> None:
        """Somebody leaves the company."""
        self.staff.deactivate(self.find(who))
        self.settle()

    def reactivate(self, who: str) -> None:
        self.staff.reactivate(self.find(who))
        self.settle()

    def change(self, who: str, **facts: Any) -> None:
        """Somebody's account or profile changes: `title`, `zone`, `email`, `is_restricted`, `manager`, ..."""
        self.staff.change(self.find(who), **facts)
        self.settle()

    def set_status(self, who: str, text: str) -> None:
        """Somebody is at lunch: Slack tells the bot of each such change."""
        self.staff.change(self.find(who), status=text)
        self.settle()

    def rest(self, who: str, *, until: datetime, since: datetime | None = None) -> None:
        """Somebody has their notifications off, from now on unless said otherwise; `until` a past moment: on again."""
        self.staff.rest(self.find(who), since or self.now, until)

    def hire(self, handle: str, name: str, **facts: Any) -> None:
        """Somebody new gets an account."""
        self.staff.hire(handle, name, **facts)
        self.settle()

    def invite_outsider(self, handle: str, name: str, channel: str = "#announcements", *, grid: str = "") -> None:
        """Somebody of another company, or of another workspace of the Grid of that id, comes into a channel.

        They can't use commands here, but press buttons. The bot hears of them when they do.
        """
        self.staff.invite_outsider(handle, name, self.channel(channel), grid=grid)
        self.settle()

    # How a person's words become raw values

    def _channel_or_im(self, who: str, channel: str | None) -> str:
        if channel is not None:
            return self.channel(channel)
        with self.space.lock:
            return self.space.im(self.find(who)).id

    def _top(self, user: str) -> View:
        with self.space.lock:
            stack = self.space.modals(user)
            if not stack:
                raise CannotDo(f"{self.people[user].handle} has no modal open")
            return stack[-1]

    def _meant(self, user: str, view: View, answers: dict[str, Any]) -> Typed:
        values: Typed = {}
        for what, meant in answers.items():
            block, element = looking.find_field(view, what)
            raw = self._raw(user, view, block, element, meant)
            values.setdefault(block["block_id"], {})[element["action_id"]] = raw
        return values

    def _raw(self, user: str, where: View | Message, block: Json, element: Json, meant: Any) -> Any:
        """What is meant, as the raw value; where the bot gives the options, by typing it there first."""
        if element["type"] == "file_input":
            return [self.acting.upload(user, name, content) for name, content in meant]
        if not element["type"].endswith("external_select"):
            return looking.raw_value(self.space, element, meant)
        several = element["type"].startswith("multi_")
        found = []
        for words in meant if several else [meant]:
            told = self.acting.suggest(user, where, block["block_id"], element["action_id"], str(words))
            found.append(looking.option_value(all_options(told), words))
        return found if several else found[0]
