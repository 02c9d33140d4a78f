"""What Slack refuses of calls, with its codes and shapes, each beside the nearest thing that it takes."""

import json

import pytest

from tests.sandbox.kit import ANA, BEA, PAVEL, TRAINBOT, Row, modal, plain, refused, section

ANNOUNCEMENTS, GENERAL, PRIVATE, ARCHIVED = "C0ANNOUNCE", "C0GENERAL0", "C0LEADERS0", "C0OLDNEWS0"
EVERYBODY = "U0GRACEOKO,U0HENRIKVO,U0ISABELNU,U0MARCUSRE,U0PRIYASEN,U0OLIVERHA,U0SOFIAALM,U0JONASKEL"
SCOPES = (
    "commands,chat:write,channels:read,channels:join,im:history,im:read,im:write,mpim:history,"
    "mpim:read,mpim:write,users:read,files:write,usergroups:read"
)


ROWS = [
    Row("unknown method", "chat.shout", {}, refused("unknown_method", req_method="chat.shout")),
    Row(
        "missing scope",
        "users.profile.get",
        {"user": ANA},
        refused("missing_scope", needed="users.profile:read", provided=SCOPES),
    ),
    Row(
        "missing scope of a public channel's history",
        "conversations.history",
        {"channel": ANNOUNCEMENTS},
        refused("missing_scope", needed="channels:history", provided=SCOPES),
    ),
    Row("a socket with a bot token", "apps.connections.open", {}, refused("not_allowed_token_type")),
    # People
    Row("unknown person", "users.info", {"user": "U0NOBODY00"}, refused("user_not_found"), {"user": ANA}),
    Row("cursor of another list", "users.list", {"cursor": "abc"}, refused("invalid_cursor"), {"limit": 3}),
    Row(
        "unknown group",
        "usergroups.users.list",
        {"usergroup": "S0X"},
        refused("no_such_subteam"),
        {"usergroup": "S0COORDS"},
    ),
    # Conversations
    Row("open with nobody", "conversations.open", {}, refused("users_list_not_supplied"), {"users": ANA}),
    Row(
        "open with a stranger",
        "conversations.open",
        {"users": "U0NOBODY00"},
        refused("user_not_found"),
        {"users": ANA},
    ),
    Row(
        "open with nine",
        "conversations.open",
        {"users": f"{EVERYBODY},{ANA}"},
        refused("too_many_users"),
        {"users": EVERYBODY},
    ),
    Row(
        "open with one who left",
        "conversations.open",
        {"users": f"{ANA},{PAVEL}"},
        refused("user_disabled"),
        {"users": f"{ANA},{BEA}"},
    ),
    Row("open with a bot", "conversations.open", {"users": TRAINBOT}, refused("cannot_dm_bot"), {"users": ANA}),
    Row(
        "look at an unknown channel",
        "conversations.info",
        {"channel": "C0X"},
        refused("channel_not_found"),
        {"channel": GENERAL},
    ),
    Row(
        "look at a private channel of others",
        "conversations.members",
        {"channel": PRIVATE},
        refused("channel_not_found"),
        {"channel": GENERAL},
    ),
    Row(
        "join an archived channel",
        "conversations.join",
        {"channel": ARCHIVED},
        refused("is_archived"),
        {"channel": GENERAL},
    ),
    Row(
        "list an unknown type",
        "conversations.list",
        {"types": "rooms"},
        refused("invalid_types"),
        {"types": "public_channel"},
    ),
    Row(
        "history before time",
        "conversations.history",
        {"channel": "D0ANADUART", "oldest": "noon"},
        refused("invalid_ts_oldest"),
        {"channel": "D0ANADUART", "oldest": "0"},
    ),
    # Messages
    Row(
        "post nowhere",
        "chat.postMessage",
        {"text": "hi"},
        refused("channel_not_found"),
        {"text": "hi", "channel": ANA},
    ),
    Row(
        "post to a stranger",
        "chat.postMessage",
        {"channel": "U0NOBODY00", "text": "hi"},
        refused("channel_not_found"),
        {"channel": "#announcements", "text": "hi"},
    ),
    Row(
        "post to one who left",
        "chat.postMessage",
        {"channel": PAVEL, "text": "hi"},
        refused("channel_not_found"),
        {"channel": BEA, "text": "hi"},
    ),
    Row(
        "post to a bot",
        "chat.postMessage",
        {"channel": TRAINBOT, "text": "hi"},
        refused("cannot_dm_bot"),
        {"channel": BEA, "text": "hi"},
    ),
    Row(
        "post where the bot is not",
        "chat.postMessage",
        {"channel": GENERAL, "text": "hi"},
        refused("not_in_channel"),
        {"channel": ANNOUNCEMENTS, "text": "hi"},
    ),
    Row(
        "post to an archived channel",
        "chat.postMessage",
        {"channel": ARCHIVED, "text": "hi"},
        refused("is_archived"),
        {"channel": ANNOUNCEMENTS, "text": "hi"},
    ),
    Row(
        "post nothing",
        "chat.postMessage",
        {"channel": ANA, "text": " "},
        refused("no_text"),
        {"channel": ANA, "blocks": [section()]},
    ),
    Row(
        "post blocks that are no JSON",
        "chat.postMessage",
        {"channel": ANA, "text": "hi", "blocks": "[{"},
        refused("invalid_blocks_format"),
        {"channel": ANA, "text": "hi", "blocks": json.dumps([section()])},
    ),
    Row(
        "post blocks that are no list",
        "chat.postMessage",
        {"channel": ANA, "text": "hi", "blocks": section()},
        refused("invalid_blocks_format"),
        {"channel": ANA, "text": "hi", "blocks": []},
    ),
    Row(
        "post 101 attachments",
        "chat.postMessage",
        {"channel": ANA, "attachments": [{}] * 101},
        refused("too_many_attachments"),
        {"channel": ANA, "attachments": [{}] * 100},
    ),
    Row(
        "metadata that is no JSON",
        "chat.postMessage",
        {"channel": ANA, "text": "hi", "metadata": "x"},
        refused("invalid_metadata_format"),
        {"channel": ANA, "text": "hi", "metadata": '{"event_type": "a", "event_payload": {}}'},
    ),
    Row(
        "metadata without a payload",
        "chat.postMessage",
        {"channel": ANA, "text": "hi", "metadata": {"event_type": "a"}},
        refused("invalid_metadata_schema"),
        {"channel": ANA, "text": "hi", "metadata": {"event_type": "a", "event_payload": {"k": 1}}},
    ),
    Row(
        "metadata without end",
        "chat.postMessage",
        {"channel": ANA, "text": "hi", "metadata": {"event_type": "a", "event_payload": {"k": "x" * 9000}}},
        refused("metadata_too_large"),
        {"channel": ANA, "text": "hi", "metadata": {"event_type": "a", "event_payload": {"k": "x" * 2000}}},
    ),
    Row(
        "whisper to one who is not there",
        "chat.postEphemeral",
        {"channel": "D0ANADUART", "user": BEA, "text": "hi"},
        refused("user_not_in_channel"),
        {"channel": "D0ANADUART", "user": ANA, "text": "hi"},
    ),
    Row(
        "whisper where the bot is not",
        "chat.postEphemeral",
        {"channel": GENERAL, "user": ANA, "text": "hi"},
        refused("not_in_channel"),
        {"channel": ANNOUNCEMENTS, "user": ANA, "text": "hi"},
    ),
    Row(
        "whisper too much",
        "chat.postEphemeral",
        {"channel": "D0ANADUART", "user": ANA, "text": "x" * 4001},
        refused("msg_too_long"),
        {"channel": "D0ANADUART", "user": ANA, "text": "x" * 4000},
    ),
    Row(
        "change too much",
        "chat.update",
        {"channel": "D0ANADUART", "ts": "own", "text": "x" * 4001},
        refused("msg_too_long"),
        {"channel": "D0ANADUART", "ts": "own", "text": "x" * 4000},
    ),
    Row(
        "change by a person's id",
        "chat.update",
        {"channel": ANA, "ts": "own", "text": "hi"},
        refused("channel_not_found"),
        {"channel": "D0ANADUART", "ts": "own", "text": "hi"},
    ),
    Row(
        "change what is not there",
        "chat.update",
        {"channel": "D0ANADUART", "ts": "1.000001", "text": "hi"},
        refused("message_not_found"),
        {"channel": "D0ANADUART", "ts": "own", "text": "hi"},
    ),
    Row(
        "change what another wrote",
        "chat.update",
        {"channel": "D0ANADUART", "ts": "hers", "text": "hi"},
        refused("cant_update_message"),
        {"channel": "D0ANADUART", "ts": "own", "text": "hi"},
    ),
    Row(
        "change an ephemeral message",
        "chat.update",
        {"channel": "D0ANADUART", "ts": "whispered", "text": "hi"},
        refused("message_not_found"),
        {"channel": "D0ANADUART", "ts": "own", "blocks": [section()]},
    ),
    Row(
        "delete what another wrote",
        "chat.delete",
        {"channel": "D0ANADUART", "ts": "hers"},
        refused("cant_delete_message"),
        {"channel": "D0ANADUART", "ts": "own"},
    ),
    Row(
        "link to nothing",
        "chat.getPermalink",
        {"channel": "D0ANADUART", "message_ts": "1.000001"},
        refused("message_not_found"),
        {"channel": "D0ANADUART", "message_ts": "own"},
    ),
    # Files
    Row(
        "upload without bytes",
        "files.getUploadURLExternal",
        {"filename": "a.ics", "length": 0},
        refused(
            "invalid_arguments",
            response_metadata={"messages": ["[ERROR] must be greater than 0 [json-pointer:/length]"]},
        ),
        {"filename": "a.ics", "length": 1},
    ),
    Row(
        "upload with a long description",
        "files.getUploadURLExternal",
        {"filename": "a.png", "length": 1, "alt_txt": "x" * 1001},
        refused("alt_txt_too_large"),
        {"filename": "a.png", "length": 1, "alt_txt": "x" * 1000},
    ),
    Row(
        "complete an unknown file",
        "files.completeUploadExternal",
        {"files": [{"id": "F0X"}]},
        refused("file_not_found"),
    ),
    Row(
        "a view of 250 KB",
        "views.open",
        {"view": modal(*[section("x" * 3000)] * 90)},
        refused("view_too_large"),
        {"view": modal(*[section("x" * 2500)] * 90)},
    ),
    Row(
        "a home as a modal",
        "views.open",
        {"view": {"type": "home", "blocks": []}},
        refused(
            "invalid_arguments",
            response_metadata={"messages": ["[ERROR] must be of type modal [json-pointer:/view/type]"]},
        ),
        {"view": modal()},
    ),
    Row(
        "an unknown trigger",
        "views.open",
        {"view": modal(), "trigger_id": "1.2.3"},
        refused("invalid_trigger_id"),
        {"view": modal()},
    ),
    Row(
        "no trigger",
        "views.open",
        {"view": modal(), "trigger_id": ""},
        refused(
            "invalid_arguments",
            response_metadata={"messages": ["[ERROR] missing required field: trigger_id"]},
        ),
        {"view": modal()},
    ),
    Row("update of no view", "views.update", {"view_id": "V0X", "view": modal()}, refused("not_found")),
    Row(
        "home of a stranger",
        "views.publish",
        {"user_id": "U0X", "view": {"type": "home", "blocks": []}},
        refused("invalid_arguments", response_metadata={"messages": ["invalid `user_id`"]}),
        {"user_id": ANA, "view": {"type": "home", "blocks": [section()]}},
    ),
    Row(
        "home with a title",
        "views.publish",
        {"user_id": ANA, "view": {"type": "home", "title": plain("a"), "blocks": []}},
        refused(
            "invalid_arguments",
            response_metadata={"messages": ["[ERROR] invalid additional property: title [json-pointer:/view]"]},
        ),
        {"user_id": ANA, "view": {"type": "home", "blocks": [section()]}},
    ),
]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.id)
def test_slack_refuses(prepared, row):
    assert prepared(row.method, row.args) == row.answer


@pytest.mark.parametrize("row", [row for row in ROWS if row.taken is not None], ids=lambda row: row.id)
def test_slack_takes_what_is_just_allowed_instead_of(prepared, row):
    answer = prepared(row.method, row.taken)

    assert answer["ok"], answer
