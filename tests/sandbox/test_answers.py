"""What Slack answers when all is well, in the shapes that the bot reads."""

from datetime import timedelta

from tests.sandbox.kit import ANA, BEA, actions, button, mrkdwn, section

KEY = {"event_type": "tiny", "event_payload": {"key": "k1"}}


def test_who_am_i(slack):
    assert slack("auth.test") == {
        "ok": True,
        "url": "https://tidewell.slack.com/",
        "team": "Tidewell",
        "user": "flipside",
        "team_id": "T0TIDEWELL",
        "user_id": "U0FLIPSIDE",
        "bot_id": "B0FLIPSIDE",
        "is_enterprise_install": False,
    }


def test_a_person_has_a_zone_and_on_request_a_locale_but_no_address_without_the_scope(slack):
    user = slack("users.info", user=ANA, include_locale=True)["user"]

    assert (user["tz"], user["tz_offset"], user["locale"]) == ("Europe/Lisbon", 0, "pt-PT")
    assert "email" not in user["profile"]
    assert "locale" not in slack("users.info", user=ANA)["user"]


def test_people_come_in_pages(slack):
    cursor, seen = None, []
    for _ in range(3):
        page = slack("users.list", limit=12, cursor=cursor or "")
        seen += [member["id"] for member in page["members"]]
        cursor = page["response_metadata"]["next_cursor"]

    assert cursor == ""
    assert sorted(seen) == sorted(slack.space.people)


def test_the_same_people_always_get_the_same_conversation(slack):
    first = slack("conversations.open", users=f"{ANA},{BEA}")
    again = slack("conversations.open", users=f"{BEA},{ANA},{ANA}")
    alone = slack("conversations.open", users=ANA)

    assert first == {"ok": True, "channel": {"id": first["channel"]["id"]}}
    assert again == {"ok": True, "channel": first["channel"], "no_op": True, "already_open": True}
    assert alone["channel"]["id"] == "D0ANADUART"
    assert slack("conversations.members", channel=first["channel"]["id"])["members"] == [ANA, BEA, "U0FLIPSIDE"]


def test_a_posted_message_is_shown_as_it_was_stored(slack):
    blocks = [section("hi"), actions(button())]

    answer = slack("chat.postMessage", channel=ANA, text="hi", blocks=blocks, metadata=KEY)

    message = answer["message"]
    assert (answer["channel"], answer["ts"]) == ("D0ANADUART", message["ts"])
    assert (message["user"], message["bot_id"], message["app_id"]) == ("U0FLIPSIDE", "B0FLIPSIDE", "A0FLIPSIDE")
    assert message["metadata"] == KEY
    assert message["blocks"][0]["text"] == mrkdwn("hi") | {"verbatim": False}
    assert all(block["block_id"] for block in message["blocks"])
    assert message["blocks"][1]["elements"][0]["action_id"]


def test_a_very_long_text_is_cut_with_a_warning(slack):
    answer = slack("chat.postMessage", channel=ANA, text="x" * 40_001)

    assert answer["warning"] == "message_truncated"
    assert len(answer["message"]["text"]) == 40_000


def test_history_is_newest_first_with_peoples_messages_and_without_ephemeral_ones(slack):
    slack("chat.postMessage", channel=ANA, text="one", metadata=KEY)
    slack.desk.acting.write(ANA, "D0ANADUART", "two")
    slack("chat.postEphemeral", channel="D0ANADUART", user=ANA, text="psst")

    plainly = slack("conversations.history", channel="D0ANADUART")["messages"]
    with_all = slack("conversations.history", channel="D0ANADUART", include_all_metadata=True)["messages"]

    assert [message["text"] for message in plainly] == ["two", "one"]
    assert plainly[1]["metadata"] == {"event_type": "tiny"}
    assert with_all[1]["metadata"] == KEY
    assert "bot_id" not in plainly[0]


def test_history_keeps_within_its_edges_and_leaves_replies_out(slack):
    stamps = [slack("chat.postMessage", channel=ANA, text=str(number))["ts"] for number in range(5)]
    slack("chat.postMessage", channel=ANA, text="reply", thread_ts=stamps[0])

    def texts(**args):
        return [message["text"] for message in slack("conversations.history", channel="D0ANADUART", **args)["messages"]]

    assert texts() == ["4", "3", "2", "1", "0"]
    assert texts(oldest=stamps[1], latest=stamps[3]) == ["2"]
    assert texts(oldest=stamps[1], latest=stamps[3], inclusive="true") == ["3", "2", "1"]


def test_history_comes_in_pages(slack):
    for number in range(5):
        slack("chat.postMessage", channel=ANA, text=str(number))

    first = slack("conversations.history", channel="D0ANADUART", limit=3)
    rest = slack(
        "conversations.history", channel="D0ANADUART", limit=3, cursor=first["response_metadata"]["next_cursor"]
    )

    assert (first["has_more"], rest["has_more"]) == (True, False)
    assert [message["text"] for message in first["messages"] + rest["messages"]] == ["4", "3", "2", "1", "0"]


def test_an_update_keeps_metadata_unless_it_is_cleared(slack):
    ts = slack("chat.postMessage", channel=ANA, text="hi", metadata=KEY)["ts"]

    def metadata():
        history = slack("conversations.history", channel="D0ANADUART", include_all_metadata=True)
        return history["messages"][0].get("metadata")

    slack("chat.update", channel="D0ANADUART", ts=ts, text="ho")
    kept = metadata()
    slack("chat.update", channel="D0ANADUART", ts=ts, text="ho", metadata="{}")

    assert (kept, metadata()) == (KEY, None)


def test_one_who_left_may_still_be_written_to_in_an_old_dm_but_not_found_anew(slack):
    slack("conversations.open", users=ANA)
    slack.desk.staff.deactivate(ANA)

    assert slack("chat.postMessage", channel="D0ANADUART", text="hi")["ok"]
    assert slack("chat.postMessage", channel=ANA, text="hi")["error"] == "channel_not_found"
    assert slack("conversations.open", users=ANA)["error"] == "user_disabled"


def test_time_stamps_are_in_the_workspaces_time_and_never_twice_the_same(slack):
    stamps = [slack("chat.postMessage", channel=ANA, text="hi")["ts"] for _ in range(20)]
    slack.space.clock.set(slack.space.now() + timedelta(days=1))
    tomorrow = slack("chat.postMessage", channel=ANA, text="hi")["ts"]

    assert stamps == sorted(set(stamps))
    assert 86_390 < float(tomorrow) - float(stamps[0]) < 86_410


def test_a_file_goes_through_its_three_steps_once(slack):
    asked = slack("files.getUploadURLExternal", filename="a.ics", length=3)
    early = slack("files.completeUploadExternal", files=[{"id": asked["file_id"]}], channel_id="C0ANNOUNCE")
    slack.desk.take_upload(asked["file_id"], b"ICS")
    outside = slack("files.completeUploadExternal", files=[{"id": asked["file_id"]}], channel_id="C0GENERAL0")
    done = slack(
        "files.completeUploadExternal", files=[{"id": asked["file_id"], "title": "A"}], channel_id="C0ANNOUNCE"
    )
    again = slack("files.completeUploadExternal", files=[{"id": asked["file_id"]}], channel_id="C0ANNOUNCE")

    assert (early["error"], outside["error"], again["error"]) == ("file_not_found", "not_in_channel", "file_not_found")
    assert done == {"ok": True, "files": [{"id": asked["file_id"], "title": "A"}]}
    assert slack.desk.space.conversations["C0ANNOUNCE"].messages[-1].files[0]["name"] == "a.ics"


def test_the_coordinators_are_a_group(slack):
    assert slack("usergroups.users.list", usergroup="S0COORDS")["users"] == ["U0RUTHADEY", "U0NOORSIDD"]
