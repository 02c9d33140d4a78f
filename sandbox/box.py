"""The Sandbox: a local Slack workspace with the bot in it, for tests to drive and for the page to show."""

from datetime import datetime
from types import TracebackType
from typing import Any, Self

from starlette.routing import BaseRoute

from sandbox import filling, looking, people, preparing, ui
from sandbox.blockkit.elements import all_options
from sandbox.bots import at_once
from sandbox.filling import CannotDo, Typed
from sandbox.records import Json, Message, View
from sandbox.troubling import Troubling


class Sandbox(Troubling):
    """A workspace, its server thread and the bot as a child process; several bots with `bots=2`.

    Acts take people by handle, id or whole name, and wait for the bot's answer and for all that it does then. Trouble
    is asked for beforehand (`sandbox.troubling`): a month with two bots that die and are started again is

        with Sandbox(folder, bots=2, restarts=True, limits="enforce") as box:
            chances = box.random_faults(7, before_storing=0.1, after_storing=0.1, after_answering=0.1, reset=0.1)
            box.advance(timedelta(days=30))
            box.kills, chances.met, box.broken_limits, box.errors
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
        self.faults.let_go()
        at_once(lambda bot: bot.stop(), list(self.bots))
        self.postman.stop()
        self.server.stop()

    def page_routes(self) -> list[BaseRoute]:
        return ui.routes(self)

    # The bot

    @property
    def bot_is_running(self) -> bool:
        """Whether any is."""
        return bool(self.bots.running())

    def start_bot(self, number: int | None = None) -> None:
        """Start the bot, unless it runs, and bring it the events that it missed.

        Of several, all of them at the same time, or the one of this number (from 1 on).
        """
        at_once(lambda bot: bot.start(), self.bots.chosen(number))
        self.space.changed()
        self.postman.bring_all()
        self.settle()

    def kill_bot(self, number: int | None = None) -> None:
        """Kill the bot with SIGKILL; of several, all of them, or the one of this number."""
        at_once(lambda bot: bot.kill(), self.bots.chosen(number))
        self.space.changed()

    def stop_bot(self, number: int | None = None) -> int:
        """Stop the bot with SIGTERM, of several all or the one of this number; 0, or an exit code that is not."""
        codes = at_once(lambda bot: bot.stop(), self.bots.chosen(number))
        self.space.changed()
        return next((code for code in codes if code), 0)

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

    # What befalls people's accounts and channels; the bot hears of it by the events that Slack would send

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

    def archive(self, channel: str) -> None:
        """A channel is archived: it can be read, and nobody can post into it."""
        self.staff.archive(self.channel(channel))
        self.settle()

    def unarchive(self, channel: str) -> None:
        self.staff.unarchive(self.channel(channel))
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
