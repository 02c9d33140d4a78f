"""What people do, in the words of the programme: the stories are told with these."""

import json
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

from sandbox import Sandbox, delivery, looking, payloads
from sandbox.blockkit.state import interactive
from sandbox.faults import Point
from sandbox.records import Json, Message

LOOK_UP = {
    "Name": "Look Up",
    "What is it for?": "Leaders learn how work is changing.",
    "Channel for announcements": "#announcements",
    "Contact for concerns": "noor",
    "How long a pair goes on": "6 months",
}


def set_up(box: Sandbox, **changes: str) -> None:
    """Ruth, a coordinator, opens the programme."""
    box.command("ruth", "/flipside setup")
    assert box.submit("ruth", LOOK_UP | changes) == {}


PAGES = (
    {"sides", "hopes", "languages", "ways", "hours", "site"},
    {"offers", "own_offer", "capacity", "wishes", "own_wish", "networks", "avoid"},
    {"manager", "nobody", "department", "team", "level", "has_consented"},
)


def join(box: Sandbox, who: str, side: str, topics: list[str], into: str = "", **more: object) -> None:
    """Somebody signs up with these answers, page by page; on both sides the topics are what they offer.

    `into` is the programme they pick where there are several.
    """
    box.command(who, "/flipside join")
    if into:
        asked = box.ephemerals(who)[-1]
        [row] = [block for block in asked.blocks if f"*{into}*" in block["text"]["text"]]
        box.press(who, "Join", where=asked, value=row["accessory"]["value"])
    sign_up(box, who, side, topics, **more)


def sign_up(box: Sandbox, who: str, side: str, topics: list[str], **more: object) -> None:
    """Fills in the form that is open."""
    answers = {"sides": side, "languages": ["English"], "ways": ["Online"], "has_consented": ["I agree"]}
    answers |= {"wishes" if side == "Mentee" else "offers": topics, **more}
    assert (lost := set(answers) - set().union(*PAGES)) == set(), f"no page asks for {lost}"
    send_pages(box, who, answers)


def change(box: Sandbox, who: str, **answers: object) -> None:
    """Somebody changes these of their answers."""
    box.command(who, "/flipside profile")
    send_pages(box, who, answers)


def send_pages(box: Sandbox, who: str, answers: dict[str, Any]) -> None:
    for page in PAGES:
        assert box.submit(who, {name: given for name, given in answers.items() if name in page}) == {}
    assert box.modal(who) is None


AI = "AI tools in daily work"
DATA = "Working with data"
REMOTE = "Remote and hybrid work"


def pair_up(box: Sandbox, mentor: str = "ana", mentee: str = "oliver") -> None:
    """Opens the programme, and pairs these two; they are introduced when both are at work."""
    set_up(box)
    join(box, mentor, "Mentor", [AI])
    join(box, mentee, "Mentee", [AI])
    publish(box)
    box.advance(timedelta(hours=8))
    assert box.group(mentor, mentee), "they are introduced"


def publish(box: Sandbox, programme: str = "") -> None:
    """Ruth pairs people, in the programme of that number where there are several."""
    find_pairs(box, programme)
    assert box.submit("ruth", {}) == {}, "she is asked once more"
    assert box.submit("ruth", {}) == {}
    box.close("ruth")


def find_pairs(box: Sandbox, programme: str = "", who: str = "ruth") -> Json | None:
    """The review of the best pairs, found now."""
    box.command(who, f"/flipside match {programme}")
    box.press(who, "Find the best pairs")
    return box.modal(who)


def book(box: Sandbox, who: str, day: str, time: str, button: str = "Pick a date") -> None:
    box.press(who, button)
    assert box.submit(who, {"Day": day, "Time": time}) == {}


def texts(messages: list[Message]) -> list[str]:
    return [message.text for message in messages]


def last(messages: list[Message]) -> str:
    return messages[-1].text


# What people see, as words


def plain(box: Sandbox, text: str) -> str:
    """A text as people read it: names instead of ids."""
    for person in box.people.values():
        text = text.replace(f"<@{person.id}>", f"@{person.handle}")
    return text


def begin(box: Sandbox, messages: list[Message], like: list[str]) -> list[str]:
    """How each message begins, as far as the words it should begin with go; one more or less shows."""
    said = [plain(box, message.text) for message in messages]
    return [text[: len(start)] for text, start in zip(said, like, strict=False)] + said[len(like) :]


def words(box: Sandbox, view: Json | Message | None) -> str:
    """Everything there is to read in a modal, a Home or a message, line by line."""
    blocks = view.blocks if isinstance(view, Message) else (view or {"blocks": []})["blocks"]
    return plain(box, "\n".join(_read(blocks)))


def _read(part: object) -> Iterator[str]:
    if isinstance(part, list):
        for each in part:
            yield from _read(each)
    elif isinstance(part, dict) and part.get("type") != "overflow":  # it is closed until somebody presses it
        if isinstance(part.get("text"), str):
            yield part["text"]
        for name, each in part.items():
            if name != "confirm":
                yield from _read(each)


def buttons(view: Json | Message | None) -> list[str]:
    """What can be pressed there."""
    blocks = view.blocks if isinstance(view, Message) else (view or {"blocks": []})["blocks"]
    elements = [element for _, element in interactive(blocks)]
    return [element["text"]["text"] for element in elements if element["type"] == "button"]


def menu(view: Json | Message | None) -> list[str]:
    """What the small menu behind three dots offers; nothing where there is none."""
    blocks = view.blocks if isinstance(view, Message) else (view or {"blocks": []})["blocks"]
    menus = [element for _, element in interactive(blocks) if element["type"] == "overflow"]
    return [option["text"]["text"] for each in menus for option in each["options"]]


def everything_told(box: Sandbox, *, but: str = "") -> str:
    """All that the bot ever told Slack to show or to keep, except to one person alone."""
    theirs = box.find(but) if but else "nobody"
    return "\n".join(
        json.dumps([method, args], ensure_ascii=False) for method, args in box.calls if not _is_for(theirs, args)
    )


def _is_for(user: str, args: Json) -> bool:
    places = {user, f"D{user[1:]}"}
    return bool(places & {args.get("user_id"), args.get("channel")}) or user.lower() in str(args.get("trigger_id"))


# What time it is


def on(day: str, time: str = "00:00") -> datetime:
    """A moment in UTC."""
    return datetime.fromisoformat(f"{day}T{time}+00:00")


# What Slack does, by hand


def pressing(box: Sandbox, who: str, where: Message, what: str, **changes: str) -> Json:
    """The request of a press, as it can come twice or late; `changes` are made to the button."""
    user = box.find(who)
    with box.space.lock:
        _, block, element = looking.find_usable(box.space, user, what, where, None)
        place = box.space.conversations[where.channel]
        url = f"{box.url}/respond/" + box.space.urls.new(
            box.space.new_id("R"), user, place.id, box.space.now(), where.ts
        )
        action = {"block_id": block["block_id"], **element, **changes}
        return payloads.action_in_message(box.space, box.people[user], place, where, {}, action, url)


def sending(box: Sandbox, who: str, answers: dict[str, Any]) -> Json:
    """The request of sending the top modal, as it can come twice or late."""
    box.fill(who, answers)
    user = box.find(who)
    with box.space.lock:
        return payloads.submission(box.space, box.people[user], box.space.modals(user)[-1], [])


def written(box: Sandbox, who: str, text: str, event_id: str, **more: Any) -> Json:
    """The event of a message in the DM with the bot."""
    user = box.find(who)
    with box.space.lock:
        ts = box.space.new_ts()
        event = {"type": "message", "user": user, "text": text, "ts": ts, "event_ts": ts}
        event |= {"channel": box.space.im(user).id, "channel_type": "im"} | more
    return payloads.envelope(event, event_id, int(box.now.timestamp()))


def deliver(box: Sandbox, event: Json, retry: int = 0) -> int:
    """Brings an event to the bot, the status of the bot's answer."""
    told = {"X-Slack-Retry-Num": str(retry), "X-Slack-Retry-Reason": "http_timeout"} if retry else {}
    answer = delivery.send_event(box.bot.port, box.bot.env["SLACK_SIGNING_SECRET"], event, told)
    box.settle()
    return answer.status


# What befalls the bot


def survive(box: Sandbox, point: Point, happens: Callable[[], object]) -> None:
    """The bot is killed at that point of what happens, started again, and three minutes pass."""
    before = box.kills[point]
    box.kill_at(point)
    happens()
    assert box.kills[point] == before + 1, "it was killed"
    for user in box.people:
        while box.modal(user):  # the answer to a form may have been lost with the bot
            box.close(user)
    box.start_bot()
    box.advance(timedelta(minutes=3))
