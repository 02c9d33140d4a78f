"""Conversations: opening, looking at and reading them."""

from decimal import Decimal

from sandbox.api.call import TS, Call, Refusal, method
from sandbox.people import BOT_USER, TEAM_ID
from sandbox.records import Conversation, Json
from sandbox.showing import shown

MOST_IN_A_GROUP = 8


@method("conversations.open")
def open_conversation(call: Call) -> Json:
    """The DM or group DM of these people: the same people always get the same one."""
    if call.text("channel"):
        place = call.place()
        return _opened(call, place, already=True)
    users = list(dict.fromkeys(part.strip() for part in call.text("users").split(",") if part.strip()))
    users = [user for user in users if user != BOT_USER]
    if not users:
        raise Refusal("users_list_not_supplied")
    # Slack lists any of four scopes; the one that fits the kind is the one to ask for, so it is held to.
    call.needs_scope("im:write" if len(users) == 1 else "mpim:write")
    if len(users) > MOST_IN_A_GROUP:
        raise Refusal("too_many_users")
    for user in users:
        _check_partner(call, user, alone=len(users) == 1)
    space = call.workspace
    found = space.im_if_open(users[0]) if len(users) == 1 else space.group_if_open(users)
    if found is None and call.flag("prevent_creation"):
        raise Refusal("channel_not_found")
    fresh = found or (space.im(users[0]) if len(users) == 1 else space.open_group(users))
    return _opened(call, fresh, already=found is not None)


def _check_partner(call: Call, user: str, *, alone: bool) -> None:
    person = call.workspace.people.get(user)
    if person is None:
        raise Refusal("user_not_found")
    if person.deleted:
        raise Refusal("user_disabled")
    if person.is_bot and alone:
        raise Refusal("cannot_dm_bot")


def _opened(call: Call, place: Conversation, *, already: bool) -> Json:
    answer: Json = {"channel": {"id": place.id}}
    if call.flag("return_im"):
        answer["channel"] = described(place)
    return answer | ({"no_op": True, "already_open": True} if already else {})


@method("conversations.info")
def info(call: Call) -> Json:
    place = call.place()
    call.needs_scope(_scope(place, "read"))
    extra = {"num_members": len(place.members)} if call.flag("include_num_members") else {}
    return {"channel": described(place) | extra}


@method("conversations.members")
def members(call: Call) -> Json:
    place = call.place()
    call.needs_scope(_scope(place, "read"))
    page, following = call.page(place.members)
    return {"members": page, "response_metadata": {"next_cursor": following}}


@method("conversations.list", "channels:read", "groups:read", "im:read", "mpim:read")
def list_conversations(call: Call) -> Json:
    types = {part.strip() for part in (call.text("types") or "public_channel").split(",")}
    unknown = types - {"public_channel", "private_channel", "mpim", "im"}
    if unknown:
        raise Refusal("invalid_types")
    places = []
    for place in call.workspace.conversations.values():
        hidden = place.is_private and BOT_USER not in place.members
        archived = place.is_archived and call.flag("exclude_archived")
        if _type(place) in types and not hidden and not archived:
            call.needs_scope(_scope(place, "read"))
            places.append(described(place))
    page, following = call.page(places)
    return {"channels": page, "response_metadata": {"next_cursor": following}}


@method("conversations.join", "channels:join")
def join(call: Call) -> Json:
    place = call.place()
    if place.kind != "channel":
        raise Refusal("method_not_supported_for_channel_type")
    if place.is_archived:
        raise Refusal("is_archived")
    if BOT_USER in place.members:
        extra = {"warning": "already_in_channel", "response_metadata": {"warnings": ["already_in_channel"]}}
        return {"channel": described(place)} | extra
    call.workspace.join(place, BOT_USER)
    return {"channel": described(place)}


@method("conversations.history")
def history(call: Call) -> Json:
    """Newest first, without replies in threads and without ephemeral messages."""
    place = call.place()
    call.needs_scope(_scope(place, "history"))
    if BOT_USER not in place.members:
        raise Refusal("not_in_channel")
    oldest, latest = _edge(call, "oldest", "0"), _edge(call, "latest", "99999999999")
    inclusive = call.flag("inclusive")
    found = [
        shown(message, metadata=call.flag("include_all_metadata"))
        for message in reversed(place.messages)
        if not message.ephemeral
        and (message.thread_ts is None or message.thread_ts == message.ts)
        and (oldest < Decimal(message.ts) < latest or (inclusive and Decimal(message.ts) in (oldest, latest)))
    ]
    page, following = call.page(found, most=999)
    answer: Json = {"messages": page, "has_more": bool(following), "pin_count": 0}
    return answer | {"response_metadata": {"next_cursor": following}}


def _edge(call: Call, name: str, default: str) -> Decimal:
    value = call.text(name) or default
    if not TS.fullmatch(value) and not value.isdigit():
        raise Refusal(f"invalid_ts_{name}")
    return Decimal(value)


def _type(place: Conversation) -> str:
    if place.kind != "channel":
        return place.kind
    return "private_channel" if place.is_private else "public_channel"


def _scope(place: Conversation, right: str) -> str:
    words = {"public_channel": "channels", "private_channel": "groups"}
    return f"{words.get(_type(place), place.kind)}:{right}"


def described(place: Conversation) -> Json:
    """A conversation object, as conversations.info gives it."""
    told: Json = {
        "id": place.id,
        "created": place.created,
        "is_channel": place.kind == "channel" and not place.is_private,
        "is_group": place.kind == "mpim" or (place.kind == "channel" and place.is_private),
        "is_im": place.kind == "im",
        "is_mpim": place.kind == "mpim",
        "is_private": place.is_private or place.kind == "im",
        "is_archived": place.is_archived,
        "is_shared": False,
        "is_ext_shared": False,
        "context_team_id": TEAM_ID,
    }
    if place.kind == "im":
        user = next(member for member in place.members if member != BOT_USER)
        return told | {"user": user, "is_user_deleted": False, "priority": 0}
    told |= {"name": place.name, "name_normalized": place.name, "is_member": BOT_USER in place.members}
    told |= {"creator": place.creator, "topic": {"value": ""}, "purpose": {"value": ""}}
    return told
