"""A coordinator writes to the programme's channel: sees it first, posts it once, hears if it didn't arrive."""

from datetime import timedelta

from conftest import Town
from flows.telling import begin, buttons, plain, pressing, sending, set_up, texts, words

from sandbox import Sandbox

TEXT = "What would you like to say?"
KICK_OFF = "The *kick-off* is on Friday & all are <welcome>.\nBring a question, @everyone!"
ESCAPED = "The *kick-off* is on Friday &amp; all are &lt;welcome&gt;.\nBring a question, @everyone!"


def write(box: Sandbox, text: str) -> dict[str, str]:
    box.command("ruth", "/flipside announce")
    return box.submit("ruth", {TEXT: text})


def test_an_announcement_is_seen_before_it_is_posted_and_posted_once(town: Town) -> None:
    box = town(after=set_up)

    assert write(box, "See you <!channel> on Friday") == {
        TEXT: "This bot never calls a whole channel. Leave out @channel, @here and @everyone."
    }
    assert box.submit("ruth", {TEXT: "Lunch?"}) == {}
    assert "Lunch?" in words(box, box.modal("ruth"))
    box.close("ruth")
    form = box.modal("ruth") or {}
    assert form["title"]["text"] == "Announce", "Back leads to the form, with what was written"
    assert [value["value"]["value"] for value in form["state"]["values"].values()] == ["Lunch?"]
    assert box.submit("ruth", {TEXT: KICK_OFF}) == {}
    assert f"This will be posted in <#C0ANNOUNCE>:\n{ESCAPED}\nFrom @ruth" in words(box, box.modal("ruth"))
    stolen = sending(box, "ruth", {})
    stolen["user"]["id"] = box.find("bea")
    assert "Only coordinators can post announcements." in str(box.send_payload(stolen).json())
    assert len(box.messages("#announcements")) == 1, "nothing is posted yet"
    assert box.submit("ruth", {}) == {}

    assert box.modals("ruth") == []
    [_, posted] = box.messages("#announcements")
    assert words(box, posted) == f"{ESCAPED}\nFrom @ruth"
    assert posted.blocks[0]["text"]["verbatim"], "@everyone stays letters"
    assert "&lt;welcome&gt;" in posted.text
    box.advance(timedelta(days=2))
    assert len(box.messages("#announcements")) == 2
    assert box.dm("ruth") == []


def test_the_author_learns_that_slack_did_not_take_it_and_what_to_do(town: Town) -> None:
    box = town(after=set_up)

    write(box, "Lunch on Friday.")
    box.fail_next("chat.postMessage", "not_in_channel")
    assert box.submit("ruth", {}) == {}
    box.advance(timedelta(days=1))

    refused = ["Slack did not take your announcement for <#C0ANNOUNCE>. If I am not in that channel, invite me there"]
    assert begin(box, box.dm("ruth"), refused) == refused
    assert len(box.messages("#announcements")) == 1
    assert buttons(box.dm("ruth")[0]) == ["Post it again"]
    box.fail_next("chat.postMessage", 429, retry_after=120)
    twice = [pressing(box, "ruth", box.dm("ruth")[0], "Post it again") for _ in range(2)]
    assert [box.send_payload(press).status for press in twice] == [200, 200]
    box.settle()
    assert len(box.messages("#announcements")) == 1, "Slack says later"
    box.advance(timedelta(hours=1))
    assert [plain(box, text) for text in texts(box.messages("#announcements"))[1:]] == ["Lunch on Friday.\nFrom @ruth"]
    assert len(box.dm("ruth")) == 1
