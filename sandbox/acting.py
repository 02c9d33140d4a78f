"""What people do, and what Slack makes of it: requests to the bot, and what comes of its answers.

Everything here is raw (ids in, ids out): the Sandbox turns a person's words into it, the page sends it so.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from sandbox import payloads
from sandbox.api import views as views_api
from sandbox.blockkit.elements import option_problems
from sandbox.blockkit.state import VALUE_FIELDS, starting
from sandbox.delivery import Answer, NoAnswer
from sandbox.filling import CannotDo, Typed, acted, complaint, fill, find_element, key_of
from sandbox.looking import escaped
from sandbox.people import Person
from sandbox.records import Conversation, File, Json, Message, View
from sandbox.showing import shown

if TYPE_CHECKING:
    from sandbox.desk import Desk

# A menu takes no more than these from the bot.
OPTIONS_MOST = 100
# https://docs.slack.dev/reference/block-kit/block-elements/file-input-element
FILE_MOST = 10 * 1024**2


class BotDidNotAnswer(Exception):
    """The bot was not there or took more than three seconds: the person sees `operation_timeout`."""


class Acting:
    """Acts of people. State is changed under the lock; the bot is waited for without it."""

    def __init__(self, desk: "Desk") -> None:
        self._desk = desk
        self._space = desk.space
        self._manifest = desk.manifest

    # Commands and messages

    def command(self, user: str, channel: str, text: str) -> None:
        """Type a slash command. Its answer, if it has one, is an ephemeral message."""
        name, _, rest = text.partition(" ")
        with self._space.lock:
            person, place = self._person(user), self._place(user, channel)
            if not person.is_here:
                raise CannotDo(f"{user} is from elsewhere, and can't use this workspace's commands")
            if name not in self._manifest.commands:
                raise CannotDo(f"{name} is not a command of this workspace")
            if self._manifest.commands[name].should_escape:
                rest = escaped(self._space, rest)
            url, url_id = self._new_url(user, place.id)
            fields = payloads.command(self._space, person, place, name, rest.strip(), url)
        answer = self._ask("command", user, lambda: self._desk.send_form(fields))
        if answer and answer.is_ok and answer.body.strip():
            told = answer.json()
            self._desk.answers.respond(url_id, told if isinstance(told, dict) else {"text": answer.body}, counts=False)

    def write(self, user: str, channel: str, text: str, thread_ts: str | None = None) -> Message:
        """Write a message. The bot hears of it by an event, which the postman brings."""
        with self._space.lock:
            self._person(user)
            place = self._place(user, channel)
            if place.is_archived:
                raise CannotDo(f"#{place.name} is archived")
            if not text.strip():
                raise CannotDo("an empty message cannot be sent")
            if thread_ts is not None and place.find(thread_ts) is None:
                raise CannotDo("there is no such thread")
            self._space.notices.pop(user, None)
            escaped, blocks = payloads.message_text(text)
            message = Message(self._space.new_ts(), place.id, user, escaped, blocks, thread_ts)
            message.blocks[0]["block_id"] = self._space.new_id("b")
            return self._space.post(message)

    def rewrite(self, user: str, channel: str, ts: str, text: str) -> None:
        """Edit a message of one's own."""
        with self._space.lock:
            message = self._own_message(user, channel, ts)
            if not text.strip():
                raise CannotDo("an empty message cannot be sent")
            before = shown(message)
            message.text, message.blocks = payloads.message_text(text)
            message.blocks[0]["block_id"] = self._space.new_id("b")
            message.edited = self._space.new_ts()
            self._space.edit(message, before)

    def take_back(self, user: str, channel: str, ts: str) -> None:
        """Delete a message of one's own. Slack leaves a stone in the place of one with replies."""
        with self._space.lock:
            message = self._own_message(user, channel, ts)
            place = self._place(user, channel)
            if not any(each.thread_ts == ts for each in place.messages if each is not message):
                self._space.delete(message)
                return
            before = shown(message)
            message.user, message.text, message.blocks = "USLACKBOT", "This message was deleted.", []
            message.subtype = "tombstone"
            self._space.edit(message, before)

    def _own_message(self, user: str, channel: str, ts: str) -> Message:
        message = self._place(user, channel).find(ts)
        if message is None or message.user != user:
            raise CannotDo("people can change and delete messages of their own alone")
        return message

    def open_home(self, user: str) -> None:
        """Open the bot's Home tab; that opens the DM with the bot too."""
        with self._space.lock:
            self._person(user)
            event: Json = {
                "type": "app_home_opened",
                "user": user,
                "channel": self._space.im(user).id,
                "tab": "home",
            }
            view = self._space.home(user)
            if view is not None:
                event["view"] = views_api.shown(view)
            self._space.on_event("app_home_opened", event | {"event_ts": self._space.new_ts()})

    # Buttons, menus and forms

    def press(
        self,
        user: str,
        where: View | Message,
        block_id: str,
        action_id: str,
        chosen: Any = None,
        typed: Typed | None = None,
    ) -> None:
        """Use an element: press a button, or pick `chosen` in a menu, a picker or a box.

        `typed` is what stands in the inputs around it by then, as Slack sends it along.
        """
        with self._space.lock:
            person = self._person(user)
            values = self._values(user, where)
            fill(self._space, user, where, values, typed or {}, strict=False)
            block, element = find_element(where.blocks, block_id, action_id)
            action, state = acted(self._space, user, element, chosen, where)
            if state is not None:
                values.setdefault(block_id, {})[action_id] = state
            self._space.changed()
            if block["type"] == "input" and not block.get("dispatch_action"):
                return
            body = self._action(person, where, {"block_id": block_id, "action_id": action_id} | action)
        self._ask("block_actions", user, lambda: self._desk.send_payload(body))

    def _values(self, user: str, where: View | Message) -> dict[str, dict[str, Json]]:
        """What this person has picked and typed there, where they may do so."""
        if isinstance(where, View):
            self._own(user, where)
            return where.values
        if not where.is_seen_by(user) or where not in self._place(user, where.channel).messages:
            raise CannotDo("that message cannot be seen")
        return self._space.typed.setdefault(user, {}).setdefault(key_of(where), starting(where.blocks))

    def _action(self, person: Person, where: View | Message, action: Json) -> Json:
        if isinstance(where, View):
            return payloads.action_in_view(self._space, person, where, action)
        place, values = self._place(person.id, where.channel), self._values(person.id, where)
        url, _ = self._new_url(person.id, place.id, where.ts)
        return payloads.action_in_message(self._space, person, place, where, values, action, url)

    def submit(self, user: str, view: View, values: Typed) -> dict[str, str]:
        """Fill a modal and send it. Returns what is wrong beside which block; nothing if it was taken."""
        with self._space.lock:
            person = self._person(user)
            self._own(user, view)
            if not view.drawn.get("submit"):
                raise CannotDo("this modal has nothing to send")
            fill(self._space, user, view, view.values, values)
            # Slack's client checks these itself and sends nothing while there is one.
            wrong = {block["block_id"]: said for block in view.blocks if (said := complaint(block, view.values))}
            if wrong:
                return wrong
            body = payloads.submission(self._space, person, view, self._response_urls(user, view))
        answer = self._ask("view_submission", user, lambda: self._desk.send_payload(body))
        return self._desk.answers.after_submission(user, view, answer) if answer and answer.is_ok else {}

    def close(self, user: str, view: View) -> None:
        """Close a modal by its cancel button; the bot hears of it if it asked to."""
        with self._space.lock:
            person = self._person(user)
            self._own(user, view)
            body = payloads.closed(person, view)
            gone = self._space.modals(user)[0] if view.drawn.get("clear_on_close") else view
            self._space.close(gone)
            if not view.drawn.get("notify_on_close"):
                return
        self._ask("view_closed", user, lambda: self._desk.send_payload(body))

    def suggest(self, user: str, where: View | Message, block_id: str, action_id: str, typed: str) -> Json:
        """What the bot offers for what was typed so far: `options`, or `option_groups`."""
        with self._space.lock:
            person = self._person(user)
            find_element(where.blocks, block_id, action_id)
            if isinstance(where, View):
                self._own(user, where)
                container: Json = {"type": "view", "view_id": where.id}
                body: Json = {"container": container, "view": views_api.shown(where)}
            else:
                container = {"type": "message", "message_ts": where.ts, "channel_id": where.channel}
                body = {"container": container, "channel": {"id": where.channel}}
            asked = payloads.suggestion(person, body, block_id, action_id, typed)
        answer = self._ask("block_suggestion", user, lambda: self._desk.send_payload(asked))
        told = (answer.json() if answer and answer.is_ok else None) or {}
        field = "option_groups" if "option_groups" in told else "options"
        offered = told.get(field) or []
        options = [option for group in offered for option in group["options"]] if "_" in field else offered
        wrong = [said for number, one in enumerate(options) for said in option_problems(one, f"/{number}")]
        if answer and answer.is_ok and (field not in told or len(options) > OPTIONS_MOST or wrong):
            self._desk.trouble(user, "block_suggestion", "invalid_options", wrong or answer.body[:200])
        with self._space.lock:
            # Added to, not replaced: what was picked after earlier typing stays picked.
            known = self._space.suggested.setdefault(f"{key_of(where)}:{block_id}:{action_id}", [])
            known.extend(option for option in options if option not in known)
        return {field: offered}

    def upload(self, user: str, name: str, content: bytes) -> str:
        """Choose a file for a form: it goes to Slack at once. Its id, which the form then holds."""
        with self._space.lock:
            self._person(user)
            if len(content) > FILE_MOST:
                raise CannotDo(f"a form takes files of up to {FILE_MOST // 1024**2} MB")
            file = File(self._space.new_id("F0"), name, len(content), name, content, shared=True, user=user)
            file.created = int(self._space.now().timestamp())
            self._space.files[file.id] = file
            return file.id

    def delete_file(self, user: str, file_id: str) -> None:
        """Delete a file of one's own; what is asked of it from then on is refused."""
        with self._space.lock:
            file = self._space.files.get(file_id)
            if file is None or file.user != user or file.content is None:
                raise CannotDo(f"{file_id} is no file of theirs")
            file.content = None

    # What the acts share

    def _person(self, user: str) -> Person:
        person = self._space.people.get(user)
        if person is None or person.deleted or person.is_bot:
            raise CannotDo(f"{user} cannot act here")
        return person

    def _place(self, user: str, channel: str) -> Conversation:
        place = self._space.conversations.get(channel)
        if place is None or user not in place.members:
            raise CannotDo(f"{user} is not in {channel}")
        return place

    def _own(self, user: str, view: View) -> None:
        if view.user != user or view.id not in self._space.views:
            raise CannotDo("that view is not open")

    def _new_url(self, user: str, channel: str, message: str | None = None) -> tuple[str, str]:
        name = self._space.urls.new(self._space.new_id("R"), user, channel, self._space.now(), message)
        return f"{self._desk.url}/respond/{name}", name

    def _response_urls(self, user: str, view: View) -> list[Json]:
        found = []
        for block in view.blocks:
            element = block.get("element") or {}
            if block["type"] == "input" and element.get("response_url_enabled"):
                state = view.values[block["block_id"]][element["action_id"]]
                channel = state[VALUE_FIELDS[state["type"]]]
                if channel:
                    url, _ = self._new_url(user, channel)
                    found.append({"block_id": block["block_id"], "action_id": element["action_id"]})
                    found[-1] |= {"channel_id": channel, "response_url": url}
        return found

    def _ask(self, what: str, user: str, send: Callable[[], Answer]) -> Answer | None:
        """Send a request of this person's; if the bot does not answer it well, they see a notice.

        None if the bot was killed on purpose meanwhile: whether its answer still came out is chance.
        """
        with self._space.lock:
            self._space.notices.pop(user, None)
        kills = self._desk.faults.kills.total()
        try:
            answer = send()
        except NoAnswer as silence:
            with self._space.lock:
                self._space.notices[user] = "operation_timeout"
                self._space.changed()
            if self._desk.faults.kills.total() > kills:
                return None
            raise BotDidNotAnswer(f"{what}: {silence}") from None
        if not answer.is_ok:
            self._desk.trouble(user, what, f"http_{answer.status}", answer.body[:300])
        return answer
