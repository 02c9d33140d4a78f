"""What people write to the bot, and what becomes of it: answers, notes, things to do, thanks."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

from conftest import Town, both
from flows.telling import (
    AI,
    LOOK_UP,
    book,
    buttons,
    deliver,
    everything_told,
    join,
    last,
    on,
    pair_up,
    pressing,
    publish,
    survive,
    texts,
    words,
    written,
)

from sandbox import Sandbox
from sandbox.records import Message

KEPT = "Thank you, your answer is kept."


def asked(box: Sandbox) -> None:
    """Ana and Oliver have met, and each has a question to look back open."""
    pair_up(box)
    book(box, "oliver", "2027-03-11", "15:00")
    box.advance_to(on("2027-03-12", "10:00"))
    box.press("oliver", "We met")
    box.close("oliver")
    box.advance_to(on("2027-03-15", "10:00"))
    assert last(box.dm("ana")).startswith("A question after your talk")


def reply(box: Sandbox, who: str = "ana") -> Message:
    return box.dm(who)[-1]


def stored(box: Sandbox, who: str = "ana") -> str:
    box.command(who, "/flipside mydata")
    shown = words(box, box.modal(who))
    box.close(who)
    return shown


def test_an_answer_is_shown_with_who_can_read_it_edited_shared_and_deleted(town: Town) -> None:
    box = town(after=asked)
    box.open_home("oliver")

    box.write("ana", "How he *listens* & <waits>.")
    assert reply(box).text == f"{KEPT}\n> How he *listens* &amp; &lt;waits&gt;.\nOnly you can read it."
    assert buttons(reply(box)) == ["Edit", "Share with my pair", "Delete"]
    box.press("ana", "Edit")
    assert box.submit("ana", {"text0": ""}) != {}
    assert box.submit("ana", {"text0": "LISTENS well."}) == {}
    assert "> LISTENS well.\nOnly you can read it." in words(box, reply(box)), "the message shows what it says now"
    assert "LISTENS" not in everything_told(box, but="ana")

    box.press("ana", "Share with my pair")
    assert "You and @oliver can read it, nobody else." in words(box, reply(box))
    assert buttons(reply(box)) == ["Edit", "Delete"]
    assert "> LISTENS well.\nWritten by @ana, for both of you" in words(box, box.home("oliver"))
    told = "@ana has shared one of their answers with you."
    box.advance(timedelta(days=4))
    assert sum(told in words(box, message) for message in box.dm("oliver")) == 1
    assert "LISTENS" not in " ".join(texts(box.dm("oliver"))), "what it says isn't copied into his messages"
    box.press("oliver", "Read it")
    assert "LISTENS well." in words(box, box.modal("oliver"))
    assert buttons(box.modal("oliver")) == [], "it is hers to change"
    box.close("oliver")

    box.press("ana", "Delete", where=reply(box))
    assert last(box.dm("ana")).startswith("It is deleted, and nothing of it is kept.")
    assert buttons(reply(box)) == []
    assert "LISTENS" not in words(box, box.home("oliver"))
    assert "LISTENS" not in stored(box)
    box.press("oliver", "Read it")
    assert last(box.ephemerals("oliver")) == "That isn't kept any more, so there is nothing to change."


def test_several_messages_in_a_row_are_one_answer_and_later_ones_are_not(town: Town) -> None:
    box = town(after=asked)

    box.write("ana", "ONE thing.")
    box.advance(timedelta(minutes=2))
    box.write("ana", "TWO things.")
    box.advance(timedelta(minutes=4))
    box.write("ana", "🎉")
    assert (
        reply(box).text
        == "I've added that. This is what is kept now.\n> ONE thing.\n> TWO things.\n> 🎉\nOnly you can read it."
    )
    box.advance(timedelta(minutes=6))
    box.write("ana", "By the way.")
    assert "no question of mine is open" in last(box.dm("ana"))

    question = next(message for message in box.dm("ana") if message.text.startswith("A question after"))
    box.write("ana", "THREE, later.", thread_ts=question.ts)
    assert "> TWO things.\n> 🎉\n> THREE, later." in reply(box).text, "in its thread it goes on at any time"
    box.write("ana", "FOUR.", thread_ts=reply(box).ts)
    assert "> THREE, later.\n> FOUR." in reply(box).text, "under the reply too"
    assert stored(box).count("ONE thing.") == 1


def test_what_is_edited_or_deleted_in_slack_is_changed_or_deleted_here_and_said_once(town: Town) -> None:
    box = town(after=asked)
    first = box.write("ana", "He LISTENZ.")
    second = box.write("ana", "He WAITS.")

    box.rewrite("ana", first, "He LISTENS.")
    changed = "You changed it in Slack, so I've changed what is kept, too. It says this now."
    assert reply(box).text == f"{changed}\n> He LISTENS.\n> He WAITS.\nOnly you can read it."
    box.take_back("ana", first)
    assert reply(box).text == f"{changed}\n> He WAITS.\nOnly you can read it."
    box.take_back("ana", second)
    assert last(box.dm("ana")) == "You deleted your message, so I've deleted what I kept of it, too."
    assert buttons(reply(box)) == []
    for gone in ("LISTENZ", "LISTENS", "WAITS"):
        assert gone not in stored(box)

    again = box.write("ana", "He NODS.")
    assert reply(box).text.startswith(KEPT), "the question is open again"
    box.press("ana", "Edit")
    box.submit("ana", {"text0": "He SMILES."})
    box.rewrite("ana", again, "He FROWNS.")
    assert "a change in Slack no longer changes it here" in last(box.dm("ana"))
    assert "He SMILES." in stored(box)
    box.write("ana", "Under it.", thread_ts=again.ts)
    box.take_back("ana", again)
    assert last(box.dm("ana")).startswith("You deleted your message"), "a stone in its place means that it is gone"
    assert "SMILES" not in stored(box)


def test_with_two_questions_open_they_are_asked_which_and_nothing_is_lost(town: Town) -> None:
    box = two_open(town)

    box.write("ana", "He ASKED me twice.")
    box.write("ana", "And WAITED.")
    which = reply(box)
    assert which.text.startswith("I've kept what you wrote, for you alone, but more than one question is open.")
    assert "> He ASKED me twice.\n> And WAITED." in which.text
    assert buttons(which) == ["This one", "This one", "None: a note for me", "Don't keep it"]
    assert "ASKED" in stored(box)
    newer, older = [block["accessory"]["value"] for block in which.blocks if "accessory" in block]

    late = [pressing(box, "ana", which, "This one", value=newer) for _ in range(2)]
    box.press("ana", "This one", where=which, value=older)
    assert reply(box).text == f"{KEPT}\n> He ASKED me twice.\n> And WAITED.\nOnly you can read it."
    assert [box.send_payload(press).status for press in late] == [200, 200]
    box.settle()
    assert stored(box).count("ASKED") == 1, "it is decided once"

    box.advance(timedelta(minutes=6))
    box.write("ana", "That he LISTENS.")
    assert reply(box).text.startswith(KEPT), "one question was left"
    box.take_back("ana", next(each for each in box.dm("ana") if each.text == "He ASKED me twice."))
    assert "> And WAITED." in reply(box).text


def two_open(town: Town) -> Sandbox:
    """Ana has two questions to look back open: she answered neither of two talks within three weeks."""
    box = town(after=asked)
    book(box, "oliver", "2027-03-18", "15:00")
    box.advance_to(on("2027-03-19", "10:00"))
    box.press("oliver", "We met")
    box.close("oliver")
    box.advance_to(on("2027-03-23", "12:00"))
    assert sum("A question after your talk" in text for text in texts(box.dm("ana"))) == 2
    return box


def test_what_answers_none_of_them_becomes_a_note_or_is_not_kept(town: Town) -> None:
    box = two_open(town)

    box.write("ana", "Buy MILK.")
    box.press("ana", "Don't keep it")
    assert last(box.dm("ana")).startswith("It is deleted")
    assert "MILK" not in stored(box)
    box.write("ana", "Ask about the PLAN.")
    box.press("ana", "None: a note for me")
    assert reply(box).text == "Your note is kept.\n> Ask about the PLAN.\nOnly you can read it."


def test_a_note_an_action_and_thanks_begin_with_their_word(town: Town) -> None:
    box = town(after=asked)
    box.open_home("oliver")

    first = box.write("ana", "Note: he likes PLAIN words")
    assert reply(box).text == "Your note is kept.\n> he likes PLAIN words\nOnly you can read it."
    box.rewrite("ana", first, "note he likes SHORT words")
    assert "> he likes SHORT words" in reply(box).text
    box.write("ana", "action: send him the LIST")
    assert reply(box).text.startswith("It is on your list of what you'll do")
    assert "You and @oliver can read it, nobody else." in words(box, reply(box))
    assert buttons(reply(box)) == ["Edit", "Delete"]
    box.press("ana", "Edit")
    assert box.submit("ana", {"due": "2027-04-01"}) == {}
    assert "By Thu 1 April 2027." in words(box, reply(box))
    assert "send him the LIST" in words(box, box.home("oliver"))
    assert "SHORT" not in everything_told(box, but="ana")

    so_far = len(box.dm("oliver"))
    draft = box.write("ana", "thanks for your PASHENCE")
    assert "This is what @oliver would read, and nobody else would." in words(box, reply(box))
    assert buttons(reply(box)) == ["Pass it on to Oliver Hartley", "It answers a question", "Don't keep it"]
    box.rewrite("ana", draft, "thanks for your PATIENCE")
    assert len(box.dm("oliver")) == so_far, "nothing is sent until she says so"
    again = pressing(box, "ana", reply(box), "Pass it on to Oliver Hartley")
    box.press("ana", "Pass it on to Oliver Hartley")
    assert box.send_payload(again).status == 200
    box.settle()
    told = words(box, box.dm("oliver")[-1])
    assert told == "@ana would like to thank you:\n> for your PATIENCE\n\nOnly the two of you can read this."
    assert len(box.dm("oliver")) == so_far + 1
    box.take_back("ana", draft)
    assert last(box.dm("ana")) == "I had passed these thanks on already, so they stay as they were."

    box.write("ana", f"thanks for {'all ' * 1000}and for the END")
    box.press("ana", "Pass it on to Oliver Hartley")
    told = box.dm("oliver")[-1]
    assert "END" not in words(box, told)
    assert buttons(told) == ["All notes and actions"], "thanks too long for a message are read whole there"
    box.press("oliver", "All notes and actions", where=told)
    box.press("oliver", "Open")
    assert "and for the END" in words(box, box.modal("oliver"))

    box.write("ana", "Thanks to him I ask more")
    again = pressing(box, "ana", reply(box), "It answers a question")
    box.press("ana", "It answers a question")
    assert box.send_payload(again).status == 200
    box.settle()
    assert reply(box).text.startswith("I've kept what you wrote, for you alone. Does it answer this question?\n")
    box.press("ana", "This one")
    assert reply(box).text.startswith(f"{KEPT}\n> Thanks to him I ask more\n"), "its first word is a part of it"


def test_an_answer_that_begins_like_something_to_do_is_not_shared_unasked(town: Town) -> None:
    box = town(after=asked)

    box.write("ana", "Action points were MISSED again")
    assert buttons(reply(box)) == ["Yes, I'll do it", "It answers a question", "Don't keep it"]
    assert "MISSED" not in words(box, box.open_home("oliver"))
    box.press("ana", "It answers a question")
    box.press("ana", "This one")
    assert "> Action points were MISSED again\nOnly you can read it." in reply(box).text


def test_words_in_the_messages_are_answered_also_while_a_question_is_open(town: Town) -> None:
    box = town(after=asked)

    said = {}
    for word in ("help", "Stop!", "pause", "who sees this?", "Who can see my answers", "Thank you!", "action", "ideas"):
        box.write("ana", word)
        said[word] = (last(box.dm("ana")).partition("\n")[0], buttons(reply(box)))
    assert said["help"][0].startswith("I'm a bot. When I have asked you something, just write back.")
    assert said["Stop!"][1] == ["Pause", "Leave"]
    assert said["pause"][1] == ["Pause"]
    assert said["who sees this?"][0].startswith("*You alone* can read your private notes and your answers")
    assert said["Who can see my answers"] == said["who sees this?"]
    assert said["Thank you!"][1] == ["Say thanks"]
    assert said["action"][1] == ["Write a note"]
    box.press("ana", "Say thanks")
    assert box.submit("ana", {"text": "For the TIME."}) == {}
    box.advance(timedelta(hours=1))
    assert "> For the TIME." in last(box.dm("oliver"))

    box.write("noor", "note to self")
    assert last(box.dm("noor")).startswith("You have no partner just now")


def test_files_signs_long_texts_and_other_languages(town: Town) -> None:
    box = town(after=asked)
    voice = {"id": "F1", "mimetype": "audio/webm", "subtype": "slack_audio"}

    deliver(box, written(box, "ana", "", "Ev0VOICE", subtype="file_share", files=[voice]))
    assert last(box.dm("ana")).startswith(
        "I can't listen to recordings, and I don't keep them: what I keep is encrypted"
    )
    deliver(box, written(box, "ana", "", "Ev0FILE", subtype="file_share", files=[{"id": "F2"}]))
    assert last(box.dm("ana")).startswith("I can't keep files: what I keep is encrypted")
    box.write("ana", ":+1: 🎉")
    assert "The question stays open" in last(box.dm("ana"))

    deliver(
        box, written(box, "ana", "彼は聞いてくれる。\nهو يستمع", "Ev0BOTH", subtype="file_share", files=[{"id": "F3"}])
    )
    kept, beside = texts(box.dm("ana"))[-2:]
    assert "I've taken your words, but not what you attached" in kept + beside
    assert "> 彼は聞いてくれる。\n> هو يستمع" in kept + beside

    long = ("It was a talk about <plans> & people. " * 1100)[:40_000]
    box.write("oliver", long)
    assert buttons(reply(box, "oliver")) == ["Read it all", "Edit", "Share with my pair", "Delete"]
    box.press("oliver", "Edit")
    assert len([block for block in box.modal("oliver")["blocks"] if block["type"] == "input"]) > 13
    assert box.submit("oliver", {"text1": "CHANGED in the middle."}) == {}
    whole = "".join(words_of_item(box, "oliver"))
    assert whole.startswith("It was a talk about &lt;plans&gt; &amp; people.")
    assert "CHANGED in the middle." in whole
    assert len(whole.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")) > 37_000


def words_of_item(box: Sandbox, who: str) -> list[str]:
    """All of a text, as its modal shows it."""
    box.press(who, "Read it all")
    return [block["text"]["text"] for block in (box.modal(who) or {})["blocks"] if block["type"] == "section"]


def test_all_that_was_written_is_searched_from_the_home_page_by_page(town: Town) -> None:
    box = town(after=asked)
    box.open_home("ana")
    box.write("ana", "He LISTENS to plans.")
    for number in range(9):
        box.write("ana", f"note plan {number}")
    box.write("oliver", "note HIS own plan")
    box.write("oliver", "action: invite her to the PLAN talk")

    box.press("ana", "All notes and actions", where="home")
    first = words(box, box.modal("ana"))
    assert "11 texts, newest first: yours, and what is shared in your pair." in first
    assert "> invite her to the PLAN talk" in first
    assert "@oliver will do this, and you can read it." in first
    assert "Page 1 of 2" in first
    box.press("ana", "More")
    assert "> He LISTENS to plans.\nOpen\nWritten by you, for you alone · 15 Mar 2027" in words(box, box.modal("ana"))

    assert box.submit("ana", {"query": "PLANS listens"}) == {}
    found = words(box, box.modal("ana"))
    assert "1 text with “PLANS listens”" in found
    assert "plan 1" not in found
    assert "HIS own" not in first + found
    box.press("ana", "Open")
    opened = box.modal("ana")
    assert buttons(opened) == ["Edit", "Share with my pair", "Delete"]
    box.press("ana", "Edit")
    assert box.submit("ana", {"text0": "He HEARS plans."}) == {}
    assert "He HEARS plans." in words(box, box.modal("ana")), "what was open shows it"
    box.press("ana", "Delete")
    assert "It is deleted" in words(box, box.modal("ana"))
    box.close("ana")
    assert box.submit("ana", {"query": "HEARS"}) == {}
    assert "Nothing has these words in it." in words(box, box.modal("ana"))
    box.close("ana")

    box.command("oliver", "/flipside notes invite")
    box.press("oliver", "Open")
    box.press("oliver", "Done")
    assert "Done." in words(box, box.modal("oliver"))


def test_what_is_written_outlives_a_kill_and_is_taken_once(town: Town) -> None:
    box = town(after=asked)

    survive(box, "after_storing", lambda: box.write("ana", "thanks for the KILLED hour"))
    box.press("ana", "Pass it on to Oliver Hartley")
    survive(box, "after_storing", lambda: box.write("ana", "That he LISTENS."))

    assert sum("> for the KILLED hour" in text for text in texts(box.dm("oliver"))) == 1
    assert sum(text.startswith(KEPT) for text in texts(box.dm("ana"))) == 1
    assert stored(box).count("LISTENS") == 1


def test_what_was_changed_or_deleted_before_it_arrived_counts_as_it_stands(town: Town) -> None:
    """Slack brings a message again that the bot couldn't take, and meanwhile the word that it is another one, or gone.

    What is changed that did arrive, and was no answer, is none later either.
    """
    box = town(after=asked)
    box.write("ana", "help")
    sent = [written(box, "ana", text, f"Ev0{text}") for text in ("He LISTENS.", "He FROWNS.")]
    events = [each["event"] for each in sent]
    deleted, changed = [
        {"type": "message", "channel": event["channel"], "channel_type": "im", "previous_message": event}
        for event in events
    ]
    deleted |= {"subtype": "message_deleted", "event_ts": events[0]["ts"], "deleted_ts": events[0]["ts"]}
    changed |= {"subtype": "message_changed", "event_ts": events[1]["ts"]}
    changed |= {"message": events[1] | {"text": "He SMILES &amp; waits."}}
    so_far = len(box.dm("ana"))

    assert deliver(box, {**sent[0], "event": deleted, "event_id": "Ev0GONE"}) == 200
    assert deliver(box, sent[0], retry=1) == 200
    box.rewrite("ana", next(each for each in box.dm("ana") if each.text == "help"), "help me")
    assert len(box.dm("ana")) == so_far
    assert deliver(box, {**sent[1], "event": changed, "event_id": "Ev0CHANGED"}) == 200
    assert deliver(box, sent[1], retry=1) == 200

    assert len(box.dm("ana")) == so_far + 1
    assert reply(box).text == f"{KEPT}\n> He SMILES &amp; waits.\nOnly you can read it."
    for older in ("LISTENS", "FROWNS"):
        assert older not in stored(box)


def test_somebody_with_two_pairs_says_which_one_it_is_for(town: Town) -> None:
    box = town("postgresql", after=pair_up)
    box.command("ruth", "/flipside setup")
    assert box.submit("ruth", LOOK_UP | {"Name": "Second Look"}) == {}
    join(box, "ana", "Mentor", [AI])
    join(box, "sofia", "Mentee", [AI], into="Second Look")
    publish(box, "2")
    box.advance_to(on("2027-03-02", "10:00"))

    box.write("ana", "action bring the PLAN")
    assert reply(box).text.startswith("I've kept what you wrote, for you alone. Which of your pairs is it for?")
    box.press("ana", "With Sofia Almeida")
    assert "You and @sofia can read it, nobody else." in words(box, reply(box))
    assert "@ana: bring the PLAN" in words(box, box.open_home("sofia"))
    assert "PLAN" not in words(box, box.open_home("oliver"))

    box.write("ana", "thanks for the IDEA")
    assert buttons(reply(box)) == ["Pass it on to Oliver Hartley", "Pass it on to Sofia Almeida", "Don't keep it"]
    box.press("ana", "Pass it on to Oliver Hartley")
    box.advance(timedelta(hours=1))
    assert "> for the IDEA" in last(box.dm("oliver"))
    assert "IDEA" not in " ".join(texts(box.dm("sofia")))

    box.command("ana", "/flipside thanks")
    box.press("ana", "With Sofia Almeida")
    assert box.submit("ana", {"text": "For ASKING."}) == {}
    box.advance(timedelta(hours=1))
    assert "> For ASKING." in last(box.dm("sofia"))
    assert words(box, box.open_home("ana")).count("All notes and actions") == 2


@both
def test_two_messages_that_arrive_at_once_are_one_answer(town: Town, kind: str) -> None:
    box = town(kind, after=asked)
    both = [written(box, "ana", text, f"Ev0{text}") for text in ("LISTENS", "WAITS")]

    with ThreadPoolExecutor(2) as threads:
        assert list(threads.map(lambda event: deliver(box, event), both)) == [200, 200]

    kept = stored(box)
    assert ("LISTENS\nWAITS" in kept) or ("WAITS\nLISTENS" in kept)
    assert kept.count("An answer of") == 1


def test_after_the_pair_has_ended_nothing_more_is_shared(town: Town) -> None:
    box = town(after=asked)
    box.write("ana", "How he LISTENS.")
    mine = reply(box)
    box.command("oliver", "/flipside leave")
    box.press("oliver", "Leave the programme")

    box.press("ana", "Share with my pair", where=mine)

    assert last(box.ephemerals("ana")) == "Your pair has come to its end, so it stays yours alone."
    box.press("ana", "Move the date", where=next(each for each in box.dm("ana") if "Move the date" in buttons(each)))
    assert last(box.ephemerals("ana")) == "That was for a pair you're no longer in."
    box.write("ana", "note to self")
    assert last(box.dm("ana")).startswith("You have no partner just now")
    assert "LISTENS" not in everything_told(box, but="ana")
