"""Whose public holidays count is guessed from the time zone, asked in passing, and kept as the person's own word."""

from conftest import Town
from flows.kept import person, the_company_says
from flows.telling import book, buttons, on, pair_up, words

from store.models import Source


def test_somebody_puts_right_where_they_live_while_they_pick_a_date(town: Town) -> None:
    box = town()
    known = {"department": "Finance", "team": "Finance leads", "level": 5, "manager": box.find("grace")}
    the_company_says(box, "oliver", **known)
    pair_up(box)

    box.press("oliver", "Pick a date")
    assert "Public holidays of Britain (UK), right?" in words(box, box.modal("oliver"))
    asked = {"Day": "2027-03-11", "Time": "15:00", "Public holidays of Britain (UK), right?": "Ireland"}
    assert box.submit("oliver", asked) == {}

    oliver = person(box, "oliver")
    assert (oliver.country, oliver.known[Source.PERSON]["country"]) == ("IE", "IE")
    book(box, "ana", "2027-03-12", "15:00", button="Move it")
    box.open_home("oliver")
    box.advance_to(on("2027-03-16", "10:00"))
    box.press("oliver", "We won't this month")
    box.press("oliver", "Pick a date", where="home")
    assert "Public holidays of Ireland, right?" not in words(box, box.modal("oliver")), "they have said so"
    assert "On public holidays of Ireland you get no messages" in words(box, box.modal("oliver"))
    assert all("17 Mar" not in label for label in buttons(box.modal("oliver"))), "Saint Patrick's Day"

    box.fill("oliver", {"Day": "2027-04-12", "Time": "15:00"})
    box.press("oliver", "Change")
    assert box.submit("oliver", {"Public holidays of Ireland, right?": "Portugal"}) == {}
    assert person(box, "oliver").country == "PT", "theirs to change again"
    picked = int(on("2027-04-12", "14:00").timestamp())  # three in London
    assert f"<!date^{picked}^" in words(box, box.open_home("oliver")), "what was filled in before counts"


def test_who_agrees_with_the_guess_is_not_asked_again_and_whom_the_company_knows_never(town: Town) -> None:
    box = town()
    known = {"department": "Finance", "team": "Finance leads", "level": 5, "manager": box.find("grace")}
    the_company_says(box, "oliver", **known)
    pair_up(box)
    box.press("oliver", "Pick a date")
    assert box.submit("oliver", {"Day": "2027-03-11", "Time": "15:00"}) == {}
    assert person(box, "oliver").known[Source.PERSON]["country"] == "GB"

    box.open_home("oliver")
    box.press("oliver", "Move the date", where="home")
    assert "Public holidays" not in words(box, box.modal("oliver"))
    box.press("ana", "Move it", where=box.group("ana", "oliver")[-1])
    assert "Public holidays" not in words(box, box.modal("ana"))
