"""People opt in, page by page."""

from datetime import timedelta
from pathlib import Path
from shutil import copytree

from conftest import Town
from flows.forms import ABOUT, AGREED, close_all, filled, title
from flows.kept import places, records, the_programme
from flows.telling import (
    AI,
    DATA,
    REMOTE,
    change,
    everything_told,
    find_pairs,
    join,
    last,
    set_up,
    sign_up,
    texts,
    words,
)

from sandbox import Sandbox
from store import programmes, topics
from store.models import Draft, Side

# The three pages


def test_the_programme_is_announced_in_its_channel_with_a_button_to_join(box: Sandbox) -> None:
    set_up(box)

    [announcement] = box.messages(box.channel("#announcements"))
    assert "*Look Up* is opening" in announcement.text
    box.press("ana", "Join", where=announcement)
    assert title(box.modal("ana")) == "Join, 1 of 3"


def test_each_page_stays_open_and_says_what_is_missing_beside_its_field(box: Sandbox) -> None:
    set_up(box)
    box.command("ana", "/flipside join")

    assert box.submit("ana", {"sides": "Both", "languages": ["English"], "ways": ["Online"]}) == {}
    nothing = "Choose at least one topic, or name one of your own, so that we can find somebody for you."
    assert box.submit("ana") == {"What I can offer": nothing, "What I'd like to learn": nothing}
    assert box.submit("ana", {"offers": [AI, DATA], "wishes": [AI]}) == {
        "What I'd like to learn": "You offer one of these yourself. Choose each topic on one side only."
    }
    assert box.submit("ana", {"wishes": [REMOTE]}) == {}
    assert box.submit("ana") == {"Keeping my answers": "We can only keep your answers if you agree to it."}
    assert box.submit("ana", AGREED) == {}
    assert box.modal("ana") is None, "all pages close together"


def test_a_dm_confirms_what_was_stored_and_what_happens_next(box: Sandbox) -> None:
    set_up(box)

    join(box, "ana", "Mentor", [AI, DATA], capacity="Up to two", hours=["In the morning"])

    [confirmation] = texts(box.dm("ana"))
    assert f"• You offer: {AI}, {DATA}, with up to two mentees" in confirmation
    assert "• Hours: in the morning" in confirmation
    assert "I'll introduce you to each other" in confirmation


def test_someone_on_both_sides_is_told_once_and_stands_on_each_for_its_topics(box: Sandbox) -> None:
    set_up(box)

    join(box, "ana", "Both", [DATA, AI], wishes=[REMOTE], capacity="Up to three", hopes="To be HEARD.")

    mentor, mentee = places(box, "ana")
    assert (mentor.side, mentor.topics, mentor.capacity) == (Side.MENTOR, ["data", "ai_tools"], 3)
    assert (mentee.side, mentee.topics, mentee.capacity) == (Side.MENTEE, ["remote_work"], 1)
    [confirmation] = texts(box.dm("ana"))
    assert "as a mentor and a mentee" in confirmation
    assert f"• You offer: {DATA}, {AI}" in confirmation
    assert f"• You'd like to learn: {REMOTE}" in confirmation
    assert "HEARD" not in confirmation


def test_slacks_back_button_returns_to_what_was_filled_in(town: Town) -> None:
    box = town(after=set_up)
    box.command("ana", "/flipside join")
    box.submit("ana", ABOUT | {"hopes": "To learn."})
    assert title(box.modal("ana")) == "Join, 2 of 3"
    assert (box.modal("ana") or {})["close"]["text"] == "Back"

    box.close("ana")

    assert title(box.modal("ana")) == "Join, 1 of 3"
    assert filled(box, "ana", "hopes") == "To learn."
    box.submit("ana", {"sides": "Mentee"})
    assert box.submit("ana", {"wishes": [AI]}) == {}, "the second page follows the side that was chosen last"
    box.submit("ana", AGREED)
    assert [member.side for member in places(box, "ana")] == [Side.MENTEE]


def test_a_sign_up_left_half_way_is_taken_up_again_after_a_restart(box: Sandbox) -> None:
    set_up(box)
    box.command("ana", "/flipside join")
    box.submit("ana", ABOUT | {"hopes": "To learn."})
    box.submit("ana", {"offers": [AI], "networks": ["Parents and carers"], "avoid": ["tomas"]})
    close_all(box, "ana")
    box.kill_bot()
    box.start_bot()

    box.command("ana", "/flipside join")

    assert "You have begun before." in words(box, box.modal("ana"))
    assert (filled(box, "ana", "sides"), filled(box, "ana", "hopes")) == ("Mentor", "To learn.")
    box.submit("ana")
    assert filled(box, "ana", "offers") == [AI]
    assert filled(box, "ana", "networks") == ["Parents and carers"]
    assert filled(box, "ana", "avoid") == [box.find("tomas")]
    box.submit("ana")
    assert box.submit("ana", AGREED) == {}
    with records(box) as db:
        assert list(db.execute(Draft.__table__.select())) == [], "nothing half-done is kept once it is sent"


def test_what_was_begun_can_be_deleted(town: Town) -> None:
    box = town(after=set_up)
    box.command("ana", "/flipside join")
    box.submit("ana", ABOUT | {"hopes": "To learn."})
    close_all(box, "ana")
    box.command("ana", "/flipside mydata")
    assert "hopes: To learn." in words(box, box.modal("ana"))
    box.close("ana")

    box.command("ana", "/flipside join")
    box.press("ana", "Begin anew")

    assert "What you filled in is deleted." in words(box, box.modal("ana"))
    with records(box) as db:
        assert list(db.execute(Draft.__table__.select())) == []
    box.press("ana", "Begin anew")
    assert (title(box.modal("ana")), filled(box, "ana", "hopes")) == ("Join, 1 of 3", None)
    sign_up(box, "ana", "Mentor", [AI])


def test_what_was_begun_and_never_sent_is_forgotten_after_a_month(box: Sandbox) -> None:
    set_up(box)
    box.command("ana", "/flipside join")
    box.submit("ana", ABOUT | {"hopes": "To learn."})
    close_all(box, "ana")

    def begun() -> int:
        with records(box) as db:
            return len(list(db.execute(Draft.__table__.select())))

    box.advance(timedelta(days=29))
    assert begun() == 1
    box.advance(timedelta(days=3))
    assert begun() == 0
    box.command("ana", "/flipside join")
    assert filled(box, "ana", "hopes") is None


def test_consent_says_all_and_is_kept_with_its_version_and_its_time(town: Town) -> None:
    box = town(after=set_up)
    box.command("ana", "/flipside join")
    box.submit("ana", ABOUT)
    box.submit("ana", {"offers": [AI]})

    said = words(box, box.modal("ana"))
    for part in ("*What is stored:*", "*Who sees it:*", "*How long:*", "*How to get out:*"):
        assert part in said
    box.submit("ana", AGREED)
    [member] = places(box, "ana")
    assert (member.consent, member.consented_at) == ("2026-12", member.joined_at)


# Topics


def test_a_topic_in_ones_own_words_waits_for_the_people_who_run_the_programme(box: Sandbox) -> None:
    set_up(box)

    join(box, "ana", "Mentor", [], own_offer="How to grow tomatoes")

    [member] = places(box, "ana")
    with records(box) as db:
        [proposed] = topics.open_in(db, the_programme(db, box).id)
        assert (proposed.text, proposed.member_id) == ("How to grow tomatoes", member.id)
    assert "• You offer: How to grow tomatoes (proposed)" in last(box.dm("ana"))
    box.command("ana", "/flipside mydata")
    assert "How to grow tomatoes" in words(box, box.modal("ana"))


def test_own_words_that_are_in_the_list_become_the_topic_of_the_list(town: Town) -> None:
    box = town(after=set_up)

    join(box, "ana", "Mentor", [AI], own_offer="working with  DATA")

    assert places(box, "ana")[0].topics == ["ai_tools", "data"]
    with records(box) as db:
        assert topics.open_in(db, the_programme(db, box).id) == []


def test_among_more_than_a_hundred_topics_one_searches_by_typing(town: Town, tmp_path: Path) -> None:
    box = town()
    folder = copytree(Path(__file__).parents[2] / "prompts", tmp_path / "prompts")
    more = "".join(f'topic_{number} = "Hobby number {number}"\n' for number in range(300))
    with (folder / "en" / "topics.toml").open("a", encoding="utf-8") as file:
        file.write(more)
    box.stop_bot()
    box.bot.env["PROMPTS_DIR"] = str(folder)
    box.start_bot()
    set_up(box)

    join(box, "ana", "Mentor", ["Hobby number 217", AI])
    box.command("ana", "/flipside profile")
    box.submit("ana")

    assert filled(box, "ana", "offers") == ["Hobby number 217", AI]
    box.submit("ana", {"offers": ["Hobby number 4"]})
    box.submit("ana")
    assert places(box, "ana")[0].topics == ["topic_4"]


# Whom they name


def test_bots_guests_strangers_to_the_company_and_oneself_are_refused_by_name(town: Town) -> None:
    box = town(after=set_up)
    box.command("ana", "/flipside join")
    box.submit("ana", ABOUT)
    label = "People I'd rather not be paired with"

    def said(*who: str) -> str:
        return box.submit("ana", {"offers": [AI], "avoid": list(who)})[label]

    assert said("oliver", "trainbot") == "Train times can't be chosen. This is for people; bots can't take part."
    assert said("mei").startswith("Mei Castellan can't be chosen. Guests can't take part")
    assert said("ana") == "That is you. Please choose somebody else."
    assert box.submit("ana", {"avoid": ["oliver", "tomas"]}) == {}
    wrong = box.submit("ana", AGREED | {"manager": "ana"})
    assert wrong == {"Whom I report to": "That is you. Please choose somebody else."}
    assert places(box, "ana") == []
    assert box.submit("ana", {"manager": "jonas"}) == {}


def test_somebody_named_in_confidence_whose_account_is_closed_stands_in_no_change_s_way(town: Town) -> None:
    box = town(after=set_up)
    join(box, "ana", "Mentor", [AI], avoid=["tomas"])

    box.deactivate("tomas")
    change(box, "ana", hours=["In the morning"])

    [ana] = places(box, "ana")
    assert ana.hours == ["morning"]
    box.command("ana", "/flipside profile")
    assert box.submit("ana", {}) == {}
    assert filled(box, "ana", "avoid") == [box.find("tomas")], "who was named stays named"


def test_what_is_told_in_confidence_is_told_to_nobody_else(town: Town) -> None:
    box = town(after=set_up)

    join(box, "ana", "Mentor", [AI], hopes="To be HEARD.", networks=["Faith and belief"], avoid=["tomas"])
    join(box, "oliver", "Mentee", [AI])
    find_pairs(box)

    told = everything_told(box, but="ana").replace("Networks and experiences", "")
    assert "HEARD" not in told
    assert "U0TOMASFIG" not in told
    assert "faith" not in words(box, box.modal("ruth")).lower()
    box.command("ana", "/flipside mydata")
    of_ana = words(box, box.modal("ana"))
    assert "Networks and experiences you bring (only you)*\nFaith and belief" in of_ana
    assert "Your hopes (only you)*\nTo be HEARD." in of_ana
    assert "(only you)*\nTomás Figueira" in of_ana


# Several programmes


def test_with_more_than_one_programme_people_pick(box: Sandbox) -> None:
    set_up(box)
    set_up(box, Name="Second Look")

    box.command("ana", "/flipside join")
    assert "Which programme would you like to join?" in words(box, box.ephemerals("ana")[-1])
    box.press("ana", "Join", value=str(number(box, "Look Up")))
    assert "*Look Up*" in words(box, box.modal("ana"))
    sign_up(box, "ana", "Mentor", [AI])
    assert "You have joined *Look Up*" in last(box.dm("ana"))

    # From the Home there is no channel: the form takes the picker's place, since Slack stacks three at most.
    assert "*Second Look* is open." in words(box, box.open_home("ana"))
    box.open_home("bea")
    box.press("bea", "Join", where="home", value=str(number(box, "Second Look")))
    sign_up(box, "bea", "Mentor", [AI])
    box.press("bea", "Join", where="home", value=str(number(box, "Look Up")))
    sign_up(box, "bea", "Mentor", [DATA])
    assert len(places(box, "bea")) == 2
    assert "*Look Up*" in words(box, box.home("bea"))
    assert "*Second Look*" in words(box, box.home("bea"))
    box.press("bea", "Change my answers", where="home")
    assert "Which programme's answers" in words(box, box.modal("bea"))
    box.press("bea", "Change my answers", value=str(number(box, "Look Up")))
    assert filled(box, "bea", "sides") == "Mentor"
    box.submit("bea")
    assert filled(box, "bea", "offers") == [DATA]
    box.submit("bea", {"offers": [REMOTE]})
    box.submit("bea")
    assert {tuple(member.topics) for member in places(box, "bea")} == {("ai_tools",), ("remote_work",)}


def number(box: Sandbox, name: str) -> int:
    with records(box) as db:
        return next(each.id for each in programmes.open_now(db, box.team_id) if each.name == name)
