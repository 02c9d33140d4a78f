"""What one person sees of the workspace, as the page draws it."""

from dataclasses import asdict
from datetime import datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from sandbox import people
from sandbox.api.views import shown as shown_view
from sandbox.people import BOT_USER, Person
from sandbox.records import Conversation, Json

if TYPE_CHECKING:
    from sandbox.box import Sandbox


def state(box: "Sandbox", name: str, since: str | None) -> Json | None:
    """Everything the page needs to draw for this person; None if nothing changed since that revision.

    Without a name it is a coordinator's view, since a programme begins with one.
    """
    space = box.space
    with space.lock:
        me = space.people[name] if name else next(one for one in space.people.values() if one.is_coordinator)
        space.note_minute()
        if since == str(space.revision):
            return None
        zone, now = ZoneInfo(me.zone), space.now()
        space.im(me.id)
        open_places = [place for place in space.conversations.values() if not place.is_archived]
        places = [place for place in open_places if me.id in place.members]
        home = space.home(me.id)
        return {
            "rev": space.revision,
            "now": now.isoformat(),
            "zone_now": f"{_said(now, zone, '%a {day} %b %Y, %H:%M')} ({me.zone})",
            "bot": {"running": box.bot_is_running, "id": BOT_USER, "name": space.people[BOT_USER].name},
            "me": {"id": me.id, "name": me.name, "title": me.title, "zone": me.zone},
            "team": {"id": people.TEAM_ID, "name": people.TEAM_NAME},
            "commands": [asdict(command) for command in box.manifest.commands.values()],
            "people": [_person(person) for person in space.people.values()],
            "conversations": [_conversation(box, place, me) for place in places],
            "messages": {place.id: _messages(box, place, me, zone) for place in places},
            "home": shown_view(home) if home else None,
            "modals": [shown_view(view) for view in space.modals(me.id)],
            "notice": space.notices.get(me.id),
        }


def _said(moment: datetime, zone: ZoneInfo, form: str) -> str:
    there = moment.astimezone(zone)
    return there.strftime(form.replace("{day}", str(there.day)))


def _person(person: Person) -> Json:
    return {
        "id": person.id,
        "name": person.name,
        "handle": person.handle,
        "title": person.title,
        "department": person.department,
        "site": person.site,
        "zone": person.zone,
        "language": person.languages[0] if person.languages else "en",
        "is_coordinator": person.is_coordinator,
        "deleted": person.deleted,
        "is_bot": person.is_bot,
    }


def _conversation(box: "Sandbox", place: Conversation, me: Person) -> Json:
    read = place.read.get(me.id, "0")
    seen = [message for message in place.messages if message.is_seen_by(me.id)]
    others = [box.people[member].name for member in place.members if member not in (me.id, BOT_USER)]
    names = {"channel": place.name, "im": box.people[BOT_USER].name, "mpim": ", ".join(others)}
    return {
        "id": place.id,
        "kind": place.kind,
        "name": names[place.kind],
        "members": place.members,
        "unread": sum(1 for message in seen if message.ts > read and message.user != me.id),
        "latest_ts": seen[-1].ts if seen else None,
    }


def _messages(box: "Sandbox", place: Conversation, me: Person, zone: ZoneInfo) -> list[Json]:
    return [
        {
            "ts": message.ts,
            "user": message.user,
            "name": box.people[message.user].name,
            "text": message.text,
            "blocks": message.blocks,
            "state": box.space.typed.get(me.id, {}).get(f"{place.id}:{message.ts}", {}),
            "ephemeral": message.ephemeral,
            "edited": message.edited is not None,
            "thread_ts": message.thread_ts,
            "time": _said(message.time, zone, "%a {day} %b %H:%M"),
            "files": [_file(file) for file in message.files],
        }
        for message in place.messages
        if message.is_seen_by(me.id)
    ]


def _file(file: Json) -> Json:
    return {"id": file["id"], "name": file["name"], "url": f"/files/{file['id']}"}
