"""What people write is theirs: sealed in the database, absent from the log, shown to those it is for."""

import base64
from datetime import timedelta
from pathlib import Path

from conftest import KEY, Town
from cryptography.fernet import Fernet
from flows.telling import (
    AI,
    DATA,
    book,
    buttons,
    everything_told,
    find_pairs,
    join,
    last,
    on,
    pair_up,
    pressing,
    publish,
    sending,
    set_up,
    texts,
    words,
)
from sqlalchemy import make_url

from sandbox import Sandbox

HOPES = "HOPES to be taken seriously"
REFLECTION = "REFLECTION on how he listens"
PRIVATE = "PRIVATE doubts about the plan"
SHARED = "SHARED word on the reorganisation"
ACTION = "ACTION of asking twice"
CHAT = "CHATTER that answers nothing"
AGREED = "AGREED between the two"
THANKS = "THANKED for the truth"
NOTED = "NOTED in the messages"
WAITING = "THANKFULNESS that waits"
SECRETS = (HOPES, REFLECTION, PRIVATE, SHARED, ACTION, CHAT, AGREED, THANKS, NOTED, WAITING)


def a_month_of_writing(box: Sandbox) -> None:
    """Ana, the mentor, writes all that one can write."""
    set_up(box)
    join(box, "ana", "Mentor", [AI], hopes=HOPES, avoid=["tomas"])
    join(box, "oliver", "Mentee", [AI])
    publish(box)
    box.advance_to(on("2027-03-01", "10:00"))
    box.write("ana", CHAT)
    box.command("ana", "/flipside agree")
    box.submit("ana", {"purpose": AGREED, "How often we meet": "Once a month", "place": "Online"})
    book(box, "oliver", "2027-03-11", "15:00")
    box.advance_to(on("2027-03-12", "10:00"))
    box.press("ana", "We met")
    box.submit("ana", {"private": PRIVATE, "shared": SHARED, "actions": ACTION})
    box.open_home("ana")
    box.press("ana", "Say thanks", where="home")
    box.submit("ana", {"text": THANKS})
    box.advance_to(on("2027-03-15", "10:00"))
    box.write("ana", REFLECTION)
    box.write("ana", f"note {NOTED}")
    box.write("ana", f"thanks {WAITING}")


def disguises(text: str) -> list[bytes]:
    """A text as it could lie in a file: plain, in UTF-16, in base64 at any offset."""
    plain_text = text.encode()
    in_base64 = [base64.b64encode(b"x" * shift + plain_text)[4:-4] for shift in range(3)]
    return [plain_text, text.encode("utf-16-le"), text.encode("utf-16-be"), *in_base64]


def test_what_is_written_is_in_no_file_nor_in_the_log_and_is_read_with_its_key_alone(town: Town) -> None:
    box = town()
    a_month_of_writing(box)
    announcement = "ANNOUNCED to all"
    box.command("ruth", "/flipside announce")
    box.submit("ruth", {"What would you like to say?": announcement})
    box.submit("ruth", {})

    database = Path(make_url(box.bot.env["DATABASE_URL"]).database or "")
    found = database.parent.glob(f"{database.name}*")
    files = {file.name.removeprefix(database.name): file.read_bytes() for file in found}
    assert set(files) == {"", "-wal", "-shm"}
    everything = b"".join(files.values())
    assert b"Look Up" in everything, "the search finds what is not sealed"
    assert files["-wal"], "the newest changes lie in the log of writes"
    for secret in SECRETS:
        assert [said for said in disguises(secret) if said in everything] == []
    assert [at for at in disguises("U0TOMASFIG U0") if at in everything] == [], "nor whom she'd rather not meet"

    tokens = [box.bot.env["SLACK_BOT_TOKEN"], box.bot.env["SLACK_SIGNING_SECRET"]]
    log = box.bot.log_file.read_text()
    assert "answered person=U0ANADUART question=refl-1-felt-free" in log, "the log tells the pair's story"
    for hidden in (*SECRETS, announcement, "Leaders learn how work is changing", "Traceback", KEY, *tokens):
        assert hidden not in log

    with_another_key_nothing_can_be_read(box)


def with_another_key_nothing_can_be_read(box: Sandbox) -> None:
    """And people are told kindly."""
    box.open_home("ana")
    box.open_home("ruth")

    assert box.stop_bot() == 0
    box.bot.env["FLIPSIDE_KEYS"] = Fernet.generate_key().decode()
    box.start_bot()
    told_before = len(box.calls)
    box.command("ana", "/flipside mydata")
    box.command("ana", "/flipside profile")
    box.open_home("ana")
    for said in texts(box.ephemerals("ana"))[-2:]:
        assert said.startswith("Sorry, something went wrong on our side.")
        assert "reference" in said
    assert not any(secret in str(box.calls[told_before:]) for secret in (*SECRETS, "Unreadable", "Traceback", "Error"))
    assert "Traceback" not in box.bot.log_file.read_text()

    # The others go on: what can't be read is one person's trouble.
    join(box, "bea", "Mentor", [AI])
    assert "You have joined" in last(box.dm("bea"))
    assert "@bea, mentor" in words(box, box.home("ruth"))

    box.stop_bot()
    box.bot.env["FLIPSIDE_KEYS"] = f"{Fernet.generate_key().decode()},{KEY}"
    box.start_bot()
    box.command("ana", "/flipside mydata")
    assert REFLECTION in words(box, box.modal("ana")), "an old key beside a new one still reads"


def test_each_sees_what_is_stored_about_them_and_nothing_of_their_partners_own(town: Town) -> None:
    box = town()
    a_month_of_writing(box)
    box.command("oliver", "/flipside note")
    box.submit("oliver", {"private": "His own DOUBTS", "actions": "His TASK"})

    box.command("ana", "/flipside mydata")
    of_ana = words(box, box.modal("ana"))
    box.command("oliver", "/flipside mydata")
    of_oliver = words(box, box.modal("oliver"))

    hers = (
        HOPES,
        REFLECTION,
        PRIVATE,
        SHARED,
        ACTION,
        AGREED,
        NOTED,
        THANKS,
        WAITING,
        "Tomás Figueira",
        "Ana Duarte",
        "Time zone: Europe/Lisbon",
    )
    assert [mine for mine in hers if mine not in of_ana] == []
    assert [fact for fact in ("Function: Engineering", "Here since: 2023-09-04") if fact not in of_ana] == []
    assert "With Oliver Hartley" in of_ana
    assert "His own DOUBTS" in of_oliver
    assert "His TASK" in of_oliver
    assert [theirs for theirs in (HOPES, REFLECTION, PRIVATE, "Tomás") if theirs in of_oliver] == []
    assert "DOUBTS" not in of_ana
    for secret in (HOPES, REFLECTION, PRIVATE, NOTED, WAITING):
        assert secret not in everything_told(box, but="ana"), "and nobody else was ever told"

    home = words(box, box.open_home("ruth"))
    assert "• @ana → @oliver: met once" in home
    assert [secret for secret in (*SECRETS, "DOUBTS", "TASK") if secret in home] == []


def test_however_long_the_texts_are_all_of_them_is_shown(town: Town) -> None:
    """In pages, in pieces that fit into a block, with no letter lost where a piece ends."""
    box = town(after=pair_up)
    book(box, "oliver", "2027-03-11", "15:00")
    box.advance_to(on("2027-03-12", "10:00"))
    tasks = [[f"Task {number}-{each}" for each in range(10)] for number in range(3)]
    for of_one_form in tasks:
        box.command("ana", "/flipside note")
        texts_of = {"private": "x" + "<" * 2999, "shared": "x" + "🙂" * 1499, "actions": "\n".join(of_one_form)}
        assert box.submit("ana", texts_of) == {}

    box.command("ana", "/flipside mydata")
    first = words(box, box.modal("ana"))
    assert "Page 1 of 2" in first
    box.press("ana", "More")
    second = words(box, box.modal("ana"))
    assert "Page 2 of 2" in second
    assert buttons(box.modal("ana")) == ["Back"]
    box.press("ana", "Back")
    assert words(box, box.modal("ana")) == first

    both = first + second
    assert [task for of_one_form in tasks for task in of_one_form if task not in both] == []
    assert both.count("&lt;") == 3 * 2999, "no sign is cut in two"
    assert both.count("🙂") == 3 * 1499, "signs that count double in Slack are not cut off"


def test_nobody_acts_for_others_with_a_request_of_their_own_making(town: Town) -> None:
    """Sofia sends buttons and forms with the numbers of Ana's pair in them; Bea sends what is Ruth's to send."""
    box = town(after=set_up)
    join(box, "ana", "Mentor", [AI])
    join(box, "oliver", "Mentee", [AI])
    join(box, "bea", "Mentor", [DATA])
    join(box, "sofia", "Mentee", [DATA])
    publish(box)
    box.advance_to(on("2027-03-01", "10:00"))
    book(box, "oliver", "2027-03-11", "15:00")
    book(box, "sofia", "2027-03-11", "15:00")
    box.advance_to(on("2027-03-12", "10:00"))
    asked, of_ana = box.dm("sofia")[-1], box.dm("ana")[-1]
    [met, _, _] = of_ana.blocks[-2]["elements"]

    box.send_payload(pressing(box, "sofia", asked, "We met", value=met["value"]))
    box.send_payload(pressing(box, "sofia", asked, "We won't this month", value=met["value"]))
    box.settle()
    assert texts(box.ephemerals("sofia")) == ["That was for a pair you're no longer in."] * 2
    box.press("ana", "We met")
    note = sending(box, "ana", {"shared": SHARED, "actions": ACTION})
    assert box.submit("ana", {}) == {}
    box.press("sofia", "We met")
    theirs = sending(box, "sofia", {"shared": "FORGED word"})
    theirs["view"]["private_metadata"] = note["view"]["private_metadata"]
    assert box.send_payload(theirs).json()["errors"] == {"private": "That was for a pair you're no longer in."}
    box.close("sofia")
    done = next(block for block in (box.open_home("ana") or {})["blocks"] if block.get("accessory"))
    box.send_payload(pressing(box, "sofia", box.dm("sofia")[1], "Move the date", **done["accessory"]))
    box.settle()

    home = words(box, box.open_home("oliver"))
    assert "You have met once." in home
    assert SHARED in home
    assert f"@ana: {ACTION}" in home
    assert "FORGED" not in home

    join(box, "dana", "Mentor", [AI])
    join(box, "tomas", "Mentee", [AI])
    find_pairs(box)
    stolen = sending(box, "ruth", {})
    stolen["user"]["id"] = box.find("bea")
    assert "Only coordinators can publish pairs." in str(box.send_payload(stolen).json())
    box.advance(timedelta(days=4))
    assert box.group("dana", "tomas") == []
