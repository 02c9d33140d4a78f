"""A pair writes down how it works together: one proposes, the other says yes or changes it."""

from conftest import Town
from flows.telling import (
    book,
    buttons,
    everything_told,
    last,
    on,
    pair_up,
    pressing,
    sending,
    texts,
    words,
)

FIRST = {
    "What our talks are for": "AIMS: what AI changes for the sales floor.",
    "How often we meet": "Once a month",
    "How and where we meet": "Online, with a coffee.",
    "How long a talk takes": "45 minutes",
}


def test_one_proposes_the_other_changes_it_and_it_counts_when_both_have_said_yes(town: Town) -> None:
    box = town(after=pair_up)

    box.press("oliver", "Our agreement", where=box.group("ana", "oliver")[0])
    assert box.submit("oliver", FIRST) == {}
    asked = box.dm("ana")[-1]
    assert asked.text.startswith("<@U0OLIVERHA> has written down how the two of you could work together.")
    assert "AIMS: what AI changes" in words(box, asked)
    assert buttons(asked) == ["Yes, that's what we do", "Change something"]
    assert "What you proposed waits for @ana's yes." in words(box, box.open_home("oliver"))

    late = pressing(box, "ana", asked, "Yes, that's what we do")
    box.press("ana", "Change something", where=asked)
    assert box.submit("ana", {"How often we meet": "Every two weeks"}) == {}
    assert last(box.dm("oliver")).startswith("<@U0ANADUART> has other words for how the two of you")
    box.send_payload(late)
    box.settle()
    assert "There is something newer by now." in words(box, box.dm("ana")[-1]), "her own words took its place"

    box.press("oliver", "Yes, that's what we do", where=box.dm("oliver")[-1])
    assert last(box.dm("ana")).startswith("<@U0OLIVERHA> has said yes")
    for who in ("ana", "oliver"):
        home = words(box, box.open_home(who))
        assert "• What our talks are for: AIMS: what AI changes for the sales floor." in home
        assert "• How often we meet: Every two weeks" in home

    book(box, "oliver", "2027-03-11", "15:00")
    box.advance_to(on("2027-03-08", "10:00"))
    for who, begins in (("ana", "You lead the talk, and @oliver finds the dates."), ("oliver", "@ana leads the talk")):
        told = words(box, box.dm(who)[-1])
        assert begins in told
        assert "What you two agreed" in told
        assert "Either of us can stop at any time" in told
    told = everything_told(box, but="ana")
    assert "AIMS" not in words(box, box.open_home("ruth")), "coordinators see nothing of it"
    assert "AIMS" in told, "Oliver does"


def test_two_who_write_at_once_look_at_the_others_words_first(town: Town) -> None:
    box = town(after=pair_up)
    box.command("ana", "/flipside agree")
    box.command("oliver", "/flipside agree")
    assert box.submit("ana", FIRST) == {}

    [said] = box.submit("oliver", FIRST | {"How often we meet": "As it suits us both"}).values()
    assert said.startswith("Your partner has proposed something meanwhile.")
    twice = sending(box, "oliver", FIRST)
    assert box.send_payload(twice).status == 200
    box.settle()
    assert last(box.dm("ana")).startswith("<@U0OLIVERHA> has said yes"), "the same words are a yes"
    box.send_payload(twice)
    box.settle()
    assert sum("has said yes" in text for text in texts(box.dm("ana"))) == 1

    box.close("oliver")
    box.command("oliver", "/flipside agree")
    assert box.submit("oliver", {}) == {}, "nothing changed is nothing proposed"
    assert "Read or change it" in buttons(box.open_home("ana"))
    assert "waits for" not in words(box, box.home("ana"))


def test_who_hasnt_agreed_on_anything_gets_the_guide_all_the_same(town: Town) -> None:
    box = town(after=pair_up)
    book(box, "oliver", "2027-03-11", "15:00")
    box.advance_to(on("2027-03-08", "10:00"))

    assert "If you like, write down with @ana how you'd like to work together" in words(box, box.dm("oliver")[-1])
    box.press("oliver", "Write our agreement", where=box.dm("oliver")[-1])
    shown = {block["block_id"]: block["element"] for block in (box.modal("oliver") or {})["blocks"][1:]}
    assert shown["private"]["initial_value"].startswith("What we say stays between us.")
    box.advance_to(on("2027-03-12", "10:00"))
    assert sum("a few words to begin with" in text for text in texts(box.dm("oliver"))) == 1
