"""People opt in, and change their answers."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from shutil import copytree
from typing import Any

from conftest import KEY, MONDAY, Town
from cryptography.fernet import Fernet, MultiFernet
from flows.telling import (
    AI,
    DATA,
    REMOTE,
    begin,
    buttons,
    change,
    everything_told,
    find_pairs,
    join,
    last,
    on,
    pair_up,
    sending,
    set_up,
    sign_up,
    texts,
    words,
)
from sqlalchemy.orm import Session as Db

from sandbox import Sandbox
from sandbox.records import Json
from store import agenda, directory, members, people, programmes, topics
from store.database import Store
from store.models import Draft, Member, MemberState, Person, Programme, Side, Source

ABOUT = {"sides": "Mentor", "languages": ["English"], "ways": ["Online"]}
AGREED = {"has_consented": ["I agree"]}


@contextmanager
def stored(box: Sandbox) -> Iterator[Db]:
    """What the bot keeps."""
    store = Store(box.bot.env["DATABASE_URL"], MultiFernet([Fernet(KEY)]))
    with store.begin() as db:
        yield db
    store.close()


def the_programme(db: Db, box: Sandbox) -> Programme:
    return programmes.open_now(db, box.team_id)[0]


def decided(box: Sandbox, **facts: Any) -> None:
    """The people who run the programme set its terms."""
    with stored(box) as db:
        for name, value in facts.items():
            setattr(the_programme(db, box), name, value)


def places(box: Sandbox, who: str) -> list[Member]:
    """Their places, in the order in which they took them."""
    with stored(box) as db:
        me = people.find(db, box.team_id, box.find(who))
        return [member for member, _ in members.of_person(db, me.id)] if me else []


def person(box: Sandbox, who: str) -> Person:
    with stored(box) as db:
        found = people.find(db, box.team_id, box.find(who))
        assert found is not None
        return found


def the_company_says(box: Sandbox, who: str, **facts: Any) -> None:
    """What the company's file has of them, and nothing else."""
    with stored(box) as db:
        found = people.find(db, box.team_id, box.find(who))
        assert found is not None
        directory.say(found, Source.FILE, facts, MONDAY)


def filled(box: Sandbox, who: str, field: str) -> Any:
    """What stands in a field of the top modal: text, ids, or the words of what is chosen."""
    view = box.modal(who) or {}
    [state] = view["state"]["values"][field].values()
    told = next(value for name, value in state.items() if name != "type")
    if isinstance(told, list):
        return [each["text"]["text"] if isinstance(each, dict) else each for each in told]
    return told["text"]["text"] if isinstance(told, dict) else told


def title(view: Json | None) -> str:
    return view["title"]["text"] if view else "nothing"


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
    box = town()
    set_up(box)
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
    while box.modal("ana"):
        box.close("ana")
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
    with stored(box) as db:
        assert list(db.execute(Draft.__table__.select())) == [], "nothing half-done is kept once it is sent"


def test_what_was_begun_can_be_deleted(town: Town) -> None:
    box = town()
    set_up(box)
    box.command("ana", "/flipside join")
    box.submit("ana", ABOUT | {"hopes": "To learn."})
    while box.modal("ana"):
        box.close("ana")
    box.command("ana", "/flipside mydata")
    assert "hopes: To learn." in words(box, box.modal("ana"))
    box.close("ana")

    box.command("ana", "/flipside join")
    box.press("ana", "Begin anew")

    assert "What you filled in is deleted." in words(box, box.modal("ana"))
    with stored(box) as db:
        assert list(db.execute(Draft.__table__.select())) == []
    box.press("ana", "Begin anew")
    assert (title(box.modal("ana")), filled(box, "ana", "hopes")) == ("Join, 1 of 3", None)
    sign_up(box, "ana", "Mentor", [AI])


def test_what_was_begun_and_never_sent_is_forgotten_after_a_month(box: Sandbox) -> None:
    set_up(box)
    box.command("ana", "/flipside join")
    box.submit("ana", ABOUT | {"hopes": "To learn."})
    while box.modal("ana"):
        box.close("ana")

    def begun() -> int:
        with stored(box) as db:
            return len(list(db.execute(Draft.__table__.select())))

    box.advance(timedelta(days=29))
    assert begun() == 1
    box.advance(timedelta(days=3))
    assert begun() == 0
    box.command("ana", "/flipside join")
    assert filled(box, "ana", "hopes") is None


def test_consent_says_all_and_is_kept_with_its_version_and_its_time(town: Town) -> None:
    box = town()
    set_up(box)
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
    with stored(box) as db:
        [proposed] = topics.open_in(db, the_programme(db, box).id)
        assert (proposed.text, proposed.member_id) == ("How to grow tomatoes", member.id)
    assert "• You offer: How to grow tomatoes (proposed)" in last(box.dm("ana"))
    box.command("ana", "/flipside mydata")
    assert "How to grow tomatoes" in words(box, box.modal("ana"))


def test_own_words_that_are_in_the_list_become_the_topic_of_the_list(town: Town) -> None:
    box = town()
    set_up(box)

    join(box, "ana", "Mentor", [AI], own_offer="working with  DATA")

    assert places(box, "ana")[0].topics == ["ai_tools", "data"]
    with stored(box) as db:
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
    box = town()
    set_up(box)
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
    box = town()
    set_up(box)
    join(box, "ana", "Mentor", [AI], avoid=["tomas"])

    box.deactivate("tomas")
    change(box, "ana", hours=["In the morning"])

    [ana] = places(box, "ana")
    assert ana.hours == ["morning"]
    box.command("ana", "/flipside profile")
    assert box.submit("ana", {}) == {}
    assert filled(box, "ana", "avoid") == [box.find("tomas")], "who was named stays named"


def test_what_is_told_in_confidence_is_told_to_nobody_else(town: Town) -> None:
    box = town()
    set_up(box)

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


# What the directory knows


def test_what_the_directory_knows_is_shown_for_confirmation_with_its_source(town: Town) -> None:
    box = town()
    set_up(box)
    box.command("ana", "/flipside join")
    box.submit("ana", ABOUT)
    box.submit("ana", {"offers": [AI]})

    said = words(box, box.modal("ana"))

    assert "Jonas Keller: from the company's file, 1 Mar" in said
    assert filled(box, "ana", "manager") == box.find("jonas")
    assert (filled(box, "ana", "team"), filled(box, "ana", "department")) == ("Platform", "Engineering")
    assert filled(box, "ana", "level") == "I do my own work well"
    box.submit("ana", AGREED)
    assert Source.PERSON not in person(box, "ana").known, "what equals the directory's word isn't kept as theirs"


def test_what_the_directory_does_not_know_is_asked_for_and_kept_as_their_own_word(box: Sandbox) -> None:
    the_company_says(box, "ana", department="Engineering")
    set_up(box)
    box.command("ana", "/flipside join")
    asked = {"sides": "Mentor", "languages": ["English"], "ways": ["In person"]}
    assert box.submit("ana", asked) == {"Where do you work?": "To meet in person, we need to know where you work."}
    box.submit("ana", {"site": "Lisbon"})
    box.submit("ana", {"offers": [AI]})

    wrong = box.submit("ana", AGREED)

    assert list(wrong) == ["Whom I report to", "My team", "My level"]
    assert box.submit("ana", {"manager": "jonas", "team": "Platform", "level": "I do my own work well"}) == {}
    ana = person(box, "ana")
    assert (ana.manager, ana.team, ana.level, ana.site) == (box.find("jonas"), "Platform", 2, "Lisbon")
    assert set(ana.known[Source.PERSON]) == {"manager", "team", "level", "site", "since"}
    box.command("ana", "/flipside mydata")
    assert "Team: Platform (from your own word, 1 Mar)" in words(box, box.modal("ana"))


def test_what_they_said_of_themselves_outlives_a_change_of_other_answers(town: Town) -> None:
    box = town()
    the_company_says(box, "ana", department="Engineering", team="Platform", level=2, manager=box.find("jonas"))
    set_up(box)
    join(box, "ana", "Mentor", [AI], ways=["In person"], site="Lisbon")

    change(box, "ana", hopes="To be heard.")

    assert person(box, "ana").site == "Lisbon"


def test_a_site_that_only_they_have_named_can_be_changed(town: Town) -> None:
    box = town()
    the_company_says(box, "ana", manager=box.find("jonas"), team="Platform", level=2)
    set_up(box)
    join(box, "ana", "Mentor", [AI], site="Lisbon")

    box.command("ana", "/flipside profile")
    stood_there = filled(box, "ana", "site")
    box.submit("ana", {"site": "Porto"})
    box.submit("ana")
    box.submit("ana")

    assert (stood_there, person(box, "ana").site) == ("Lisbon", "Porto")


def test_where_their_word_differs_the_directory_is_believed_and_both_bosses_count(town: Town) -> None:
    box = town()
    set_up(box)

    join(box, "ana", "Mentor", [AI], team="Rockets", manager="leila")

    ana = person(box, "ana")
    assert (ana.team, ana.manager) == ("Platform", box.find("jonas"))
    assert box.find("leila") in ana.dotted_managers
    assert ana.known[Source.PERSON]["team"] == "Rockets"
    box.command("ana", "/flipside profile")
    box.submit("ana")
    box.submit("ana")
    assert filled(box, "ana", "team") == "Rockets", "what they said themselves is still there to be changed"
    assert "Platform: from the company's file" in words(box, box.modal("ana"))
    box.submit("ana", {"team": "Platform"})
    assert "team" not in person(box, "ana").known[Source.PERSON]


def test_somebody_who_reports_to_nobody_says_so(town: Town) -> None:
    box = town()
    the_company_says(box, "grace", department="Leadership", team="Executive", level=6, site="London")
    set_up(box)

    join(box, "grace", "Mentee", [AI], nobody=["I report to nobody"])

    assert person(box, "grace").manager == ""


def test_a_manager_nobody_knows_and_one_in_a_circle_are_asked_for(town: Town) -> None:
    box = town()
    facts: dict[str, Any] = {"team": "Platform", "level": 2, "department": "Engineering"}
    the_company_says(box, "ana", manager="U0NOBODYKNOWS", **facts)
    the_company_says(box, "cem", manager=box.find("gita"), **facts)
    the_company_says(box, "gita", manager=box.find("cem"), **facts)
    set_up(box)

    for who in ("ana", "cem"):
        box.command(who, "/flipside join")
        box.submit(who, ABOUT)
        box.submit(who, {"offers": [AI]})
        assert list(box.submit(who, AGREED)) == ["Whom I report to"]
        assert box.submit(who, {"manager": "jonas"}) == {}
        assert person(box, who).known[Source.PERSON]["manager"] == box.find("jonas")


# When, and whether at once


def test_before_it_opens_and_after_it_closed_people_are_told_when(box: Sandbox) -> None:
    set_up(box)
    decided(box, signup_from=on("2027-03-10", "09:00"), signup_until=on("2027-03-20"))

    box.command("ana", "/flipside join")
    assert last(box.ephemerals("ana")) == "You can't join just yet: sign-up opens on Wednesday, 10 March."
    assert "sign-up opens on Wednesday, 10 March" in words(box, box.open_home("ana"))
    assert buttons(box.home("ana")) == []

    box.advance_to(on("2027-03-11"))
    join(box, "ana", "Mentor", [AI])

    box.advance_to(on("2027-03-21"))
    box.command("bea", "/flipside join")
    assert last(box.ephemerals("bea")) == "Sign-up closed on Friday, 19 March."
    change(box, "ana", offers=[DATA])
    assert places(box, "ana")[0].topics == ["data"], "who is in may still change their answers"


def test_where_a_yes_is_needed_people_have_asked_to_join_until_it_is_given(box: Sandbox) -> None:
    set_up(box)
    decided(box, needs_approval=True)

    join(box, "ana", "Mentor", [AI])

    assert "You have asked to join *Look Up* as a mentor." in last(box.dm("ana"))
    assert places(box, "ana")[0].state is MemberState.APPLIED
    assert "You have asked to join *Look Up* as a mentor" in words(box, box.open_home("ana"))
    assert buttons(box.home("ana")) == ["Change my answers", "What is stored", "Leave"]
    box.command("ana", "/flipside join")
    assert last(box.ephemerals("ana")).startswith("You have asked to join already.")

    change(box, "ana", offers=[DATA])
    assert "Your answers in *Look Up* are changed." in last(box.dm("ana"))
    assert "look at each sign-up themselves" in last(box.dm("ana"))
    assert (places(box, "ana")[0].state, places(box, "ana")[0].topics) == (MemberState.APPLIED, ["data"])


def test_who_is_let_in_by_others_hears_it_in_working_hours(town: Town) -> None:
    box = town()
    set_up(box)
    decided(box, needs_approval=True)
    join(box, "ana", "Both", [AI], wishes=[DATA])
    box.advance_to(on("2027-03-01", "22:00"))
    heard = len(box.dm("ana"))

    ana = person(box, "ana").id
    with stored(box) as db:
        for member, _ in members.of_person(db, ana):
            members.admit(member, box.now)
        agenda.touch(db, box.team_id, [ana], box.now)
    box.advance(timedelta(hours=1))

    assert len(box.dm("ana")) == heard, "not at night"
    box.advance_to(on("2027-03-02", "10:00"))
    [told] = texts(box.dm("ana"))[heard:]
    assert told.startswith("You are in: there is a place for you in *Look Up* as a mentor and a mentee.")


def test_who_is_turned_down_hears_it_kindly_and_may_ask_again(town: Town) -> None:
    box = town()
    set_up(box)
    decided(box, needs_approval=True)
    join(box, "ana", "Mentor", [AI])
    box.command("ana", "/flipside profile")
    box.submit("ana")
    close_all(box, "ana")

    ana = person(box, "ana").id
    with stored(box) as db:
        [(member, _)] = members.of_person(db, ana)
        member.state, member.state_since, member.changed_at = MemberState.DECLINED, box.now, box.now
        member.revision += 1
        agenda.touch(db, box.team_id, [member.person_id], box.now)
    box.advance(timedelta(hours=2))

    assert begin(box, box.dm("ana")[1:], ["The people who run *Look Up* could not take your sign-up this time."]) == [
        "The people who run *Look Up* could not take your sign-up this time."
    ]
    assert "@noor" in words(box, box.dm("ana")[-1])
    join(box, "ana", "Mentor", [DATA])  # who asks again is asked again for their consent
    assert "You have asked to join *Look Up*" in last(box.dm("ana"))
    assert places(box, "ana")[0].consented_at > MONDAY + timedelta(hours=2)
    assert [member.state for member in places(box, "ana")] == [MemberState.APPLIED]


def test_where_all_places_are_taken_people_wait_in_a_list_and_know_their_place(box: Sandbox) -> None:
    set_up(box)
    decided(box, places=1)
    join(box, "ana", "Both", [AI], wishes=[DATA])
    join(box, "bea", "Mentor", [AI])
    join(box, "oliver", "Both", [DATA], wishes=[AI])

    assert "on the waiting list of *Look Up* as a mentor, at number 1" in last(box.dm("bea"))
    assert "on the waiting list of *Look Up* as a mentor and a mentee, at number 2" in last(box.dm("oliver"))
    assert "*number 2* on its waiting list" in words(box, box.open_home("oliver"))
    assert {member.state for member in places(box, "oliver")} == {MemberState.QUEUED}
    change(box, "oliver", sides="Mentee")
    assert "*number 2*" in words(box, box.home("oliver")), "who changes their answers keeps their place"
    change(box, "oliver", sides="Both", offers=[REMOTE])
    assert "*number 2*" in words(box, box.home("oliver"))

    leaves(box, "ana")
    assert "You are in: there is a place for you in *Look Up* as a mentor." in last(box.dm("bea"))
    assert "*number 1*" in words(box, box.open_home("oliver"))
    leaves(box, "bea")
    assert "You are in: there is a place for you in *Look Up* as a mentor and a mentee." in last(box.dm("oliver"))
    assert {member.state for member in places(box, "oliver")} == {MemberState.ACTIVE}


def leaves(box: Sandbox, who: str) -> None:
    me = person(box, who).id
    with stored(box) as db:
        for member, _ in members.of_person(db, me):
            members.leave(db, member, box.now)
    box.advance(timedelta(hours=2))


# Twice, and too late


def test_joining_twice_is_answered_and_changes_nothing(box: Sandbox) -> None:
    set_up(box)
    join(box, "ana", "Mentor", [AI])

    box.command("ana", "/flipside join")

    assert last(box.ephemerals("ana")).startswith("You're in already.")
    assert box.modal("ana") is None
    box.press("ana", "Join", where=box.messages("#announcements")[0])
    assert last(box.ephemerals("ana")).startswith("You're in already.")
    assert len(places(box, "ana")) == 1


def last_page(box: Sandbox, who: str, side: str = "Mentor", topic: str = AI) -> Json:
    """Somebody has filled in all pages; the request of sending the last."""
    box.command(who, "/flipside join")
    assert box.submit(who, ABOUT | {"sides": side}) == {}
    assert box.submit(who, {"wishes" if side == "Mentee" else "offers": [topic]}) == {}
    return sending(box, who, AGREED)


def close_all(box: Sandbox, who: str) -> None:
    while box.modal(who):
        box.close(who)


def test_the_last_page_sent_twice_is_one_sign_up(box: Sandbox) -> None:
    set_up(box)
    form = last_page(box, "ana")

    answers = [box.send_payload(form) for _ in range(2)]
    box.settle()

    assert [answer.json() for answer in answers] == [{"response_action": "clear"}] * 2
    assert len(places(box, "ana")) == len(box.dm("ana")) == 1
    assert places(box, "ana")[0].revision == 1


def test_of_two_open_forms_the_first_counts_and_the_other_is_told_so(town: Town) -> None:
    box = town()
    set_up(box)
    on_the_phone = last_page(box, "ana", "Mentee", DATA)
    close_all(box, "ana")
    at_the_desk = last_page(box, "ana")
    assert box.send_payload(at_the_desk).json() == {"response_action": "clear"}

    late = box.send_payload(on_the_phone).json()
    box.settle()

    assert late["errors"] == {"manager": "You're in already. You can change your answers with *Change my answers*."}
    [member] = places(box, "ana")
    assert (member.side, member.topics) == (Side.MENTOR, ["ai_tools"])


def test_two_forms_that_are_filled_in_by_turns_never_mix_the_sides(town: Town) -> None:
    box = town()
    set_up(box)
    box.command("ana", "/flipside join")
    box.submit("ana", ABOUT)
    as_mentor = sending(box, "ana", {"offers": [AI]})
    close_all(box, "ana")
    box.command("ana", "/flipside join")
    box.submit("ana", ABOUT | {"sides": "Mentee"})

    answer = box.send_payload(as_mentor).json()

    assert answer["response_action"] == "push"
    close_all(box, "ana")
    box.command("ana", "/flipside join")
    assert filled(box, "ana", "sides") == "Mentor", "what was sent last counts"


def test_a_form_sent_for_a_programme_that_has_ended_stores_nothing(town: Town) -> None:
    box = town()
    set_up(box)
    form = last_page(box, "ana")
    decided(box, closed_at=box.now)

    answer = box.send_payload(form).json()

    assert answer["errors"] == {"manager": "This programme no longer takes new members."}
    assert places(box, "ana") == []


def test_a_form_sent_after_sign_up_closed_is_told_so_on_any_page(town: Town) -> None:
    box = town()
    set_up(box)
    box.command("ana", "/flipside join")
    decided(box, signup_until=box.now)

    assert box.submit("ana", ABOUT) == {"I'd like to join as": "Sign-up closed on Monday, 1 March."}


def test_a_form_sent_when_it_came_to_need_a_yes_or_was_full_meanwhile_goes_there(town: Town) -> None:
    box = town()
    set_up(box)
    ana, bea = last_page(box, "ana"), last_page(box, "bea")
    decided(box, needs_approval=True)
    box.send_payload(ana)
    decided(box, needs_approval=False, places=0)
    box.send_payload(bea)
    box.settle()

    assert [places(box, who)[0].state for who in ("ana", "bea")] == [MemberState.APPLIED, MemberState.QUEUED]
    assert "You have asked to join" in last(box.dm("ana"))
    assert "on the waiting list" in last(box.dm("bea"))


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
    with stored(box) as db:
        return next(each.id for each in programmes.open_now(db, box.team_id) if each.name == name)


# Changing one's answers


def test_changed_answers_are_kept_and_confirmed(box: Sandbox) -> None:
    set_up(box)
    join(box, "ana", "Mentor", [AI], hopes="To learn.", avoid=["tomas"], networks=["Parents and carers"])

    box.command("ana", "/flipside profile")
    assert title(box.modal("ana")) == "Change answers, 1 of 3"
    assert filled(box, "ana", "hopes") == "To learn."
    box.submit("ana")
    assert filled(box, "ana", "avoid") == [box.find("tomas")]
    assert filled(box, "ana", "networks") == ["Parents and carers"]
    box.submit("ana", {"offers": [DATA]})
    assert "Keeping my answers" not in words(box, box.modal("ana")), "they have agreed already"
    assert box.submit("ana") == {}

    assert f"• You offer: {DATA}" in last(box.dm("ana"))
    assert len(box.dm("ana")) == 2


def test_the_other_side_can_be_added_and_dropped_while_there_is_no_pair(box: Sandbox) -> None:
    set_up(box)
    join(box, "ana", "Mentor", [AI])

    change(box, "ana", sides="Both", wishes=[DATA])
    assert {member.side: member.state for member in places(box, "ana")} == {
        Side.MENTOR: MemberState.ACTIVE,
        Side.MENTEE: MemberState.ACTIVE,
    }
    change(box, "ana", sides="Mentee")

    assert {member.side: member.state for member in places(box, "ana")} == {
        Side.MENTOR: MemberState.LEFT,
        Side.MENTEE: MemberState.ACTIVE,
    }
    assert all("You have left" not in text for text in texts(box.dm("ana"))), "they are still in"
    assert len(box.dm("ana")) == 3
    assert "• Side: mentee" in last(box.dm("ana"))


def test_a_side_with_a_partner_can_not_be_dropped_and_the_form_says_what_to_do(town: Town) -> None:
    box = town()
    pair_up(box)

    box.command("ana", "/flipside profile")
    wrong = box.submit("ana", {"sides": "Mentee"})

    assert wrong == {
        "I'd like to join as": "You have a partner as a mentor just now. Keep this side until your months are over, "
        "or end it with *Leave* on the Home tab."
    }
    assert box.submit("ana", {"sides": "Both"}) == {}
    assert box.submit("ana", {"wishes": [DATA]}) == {}
    assert box.submit("ana") == {}


def test_somebody_on_a_pause_changes_their_answers_and_stays_paused(town: Town) -> None:
    box = town()
    set_up(box)
    join(box, "ana", "Mentor", [AI])
    box.command("ana", "/flipside pause")

    change(box, "ana", sides="Both", offers=[DATA], wishes=[AI])

    assert {member.state for member in places(box, "ana")} == {MemberState.PAUSED}
    assert places(box, "ana")[0].topics == ["data"]


def test_a_change_sent_by_somebody_who_left_meanwhile_changes_nothing(town: Town) -> None:
    box = town()
    set_up(box)
    join(box, "ana", "Mentor", [AI])
    box.command("ana", "/flipside profile")
    box.submit("ana")
    box.submit("ana", {"offers": [DATA]})
    form = sending(box, "ana", {})
    leaves(box, "ana")

    answer = box.send_payload(form).json()

    assert answer["errors"]["manager"].startswith("You aren't in a programme just now.")
    assert [(member.state, member.topics) for member in places(box, "ana")] == [(MemberState.LEFT, ["ai_tools"])]
