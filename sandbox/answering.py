"""What comes of the bot's answers: to a submission, to a command, and to response urls."""

from typing import TYPE_CHECKING, Any

from sandbox.api import Refusal
from sandbox.api import chat as chat_api
from sandbox.api import views as views_api
from sandbox.blockkit.fill import filled
from sandbox.delivery import Answer
from sandbox.people import BOT_USER
from sandbox.records import Json, Message, View
from sandbox.showing import shown
from sandbox.urls import WornOut

if TYPE_CHECKING:
    from sandbox.desk import Desk


class Answers:
    """Takes what the bot says, refusing what Slack would refuse."""

    def __init__(self, desk: "Desk") -> None:
        self._desk = desk
        self._space = desk.space

    def after_submission(self, user: str, view: View, answer: Answer) -> dict[str, str]:
        with self._space.lock:
            told = answer.json()
            if not told:
                if answer.body.strip() not in ("", "{}"):
                    self._desk.trouble(user, "view_submission", "not JSON", answer.body)
                elif view.id in self._space.views:
                    self._space.close(view)
                return {}
            try:
                return self._response_action(user, view, told)
            except Refusal as refusal:
                self._desk.trouble(user, f"view_submission {told.get('response_action')}", refusal.code, refusal.extra)
                return {}

    def _response_action(self, user: str, view: View, told: Any) -> dict[str, str]:
        action = told.get("response_action") if isinstance(told, dict) else None
        if action == "errors":
            errors = told.get("errors")
            inputs = {block["block_id"] for block in view.blocks if block["type"] == "input"}
            if not isinstance(errors, dict) or not errors or set(errors) - inputs:
                raise Refusal("invalid_errors", errors=errors, inputs=sorted(inputs))
            return {block_id: str(said) for block_id, said in errors.items()}
        if action == "clear":
            for open_view in self._space.modals(user)[:1]:
                self._space.close(open_view)
        elif action in ("update", "push"):
            fresh = told.get("view")
            views_api.check(self._space, fresh, "modal", replacing=view.id if action == "update" else None)
            if action == "update":
                views_api.redraw(self._space, view, dict(fresh))
            elif len(self._space.modals(user)) >= views_api.MODALS_MOST:
                raise Refusal("push_limit_reached")
            else:
                views_api.put_on_top(self._space, user, dict(fresh))
        else:
            raise Refusal("invalid_response_action", answer=told)
        return {}

    def respond(self, url_id: str, body: Json, *, counts: bool = True) -> str:
        """Take what comes to a response url or answers a command; returns Slack's code if it is refused."""
        with self._space.lock:
            try:
                url = self._space.urls.use(url_id, self._space.now()) if counts else self._space.urls.known[url_id]
                return self._responded(url.user, url.channel, url.message, body)
            except Refusal as refusal:
                self._desk.refuse("response_url", refusal.code, refusal.extra)
                return refusal.code
            except WornOut as worn:
                self._desk.refuse("response_url", str(worn), url_id)
                return str(worn)

    def _responded(self, user: str, channel: str, original_ts: str | None, body: Json) -> str:
        place = self._space.conversations[channel]
        original = place.find(original_ts) if original_ts else None
        if body.get("delete_original"):
            if original is not None:
                self._space.delete(original)
            return ""
        text, blocks = str(body.get("text") or ""), body.get("blocks")
        if blocks is not None:
            chat_api.check_blocks(blocks)
        if not text.strip() and not blocks:
            raise Refusal("no_text")
        if body.get("replace_original") and original is not None:
            before = shown(original)
            chat_api.change(self._space, original, text, blocks if blocks is not None else [])
            if original.ephemeral:
                self._space.changed()
            else:
                self._space.edit(original, before)
        elif body.get("response_type") == "in_channel":
            message = Message(self._space.new_ts(), channel, BOT_USER, text, from_app=True)
            message.blocks = filled(blocks or [], self._space.new_id)
            message.thread_ts = body.get("thread_ts")
            self._space.post(message)
        else:
            chat_api.whisper(self._space, channel, user, text, blocks or [], body.get("thread_ts"))
        return ""
