"""Six months of one pair as each of the two reads them, kept in files: a change of words is a change one can read.

To write the files anew: `make test ARGS="tests/flows/test_transcript.py --write-transcripts"`.
"""

from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from conftest import Town
from flows.diary import Diary
from flows.telling import AI, DATA, buttons, join, publish, set_up

from sandbox import Sandbox
from sandbox.records import Message

KEPT = Path(__file__).with_name("transcripts")
LISBON, LONDON = ZoneInfo("Europe/Lisbon"), ZoneInfo("Europe/London")
ANA, OLIVER = "ana", "oliver"


class Two:
    """Ana in Lisbon, who mentors, and Oliver in London; what they do goes into their diaries."""

    def __init__(self, box: Sandbox) -> None:
        self.box = box
        self.diaries = {ANA: Diary(box, ANA, OLIVER), OLIVER: Diary(box, OLIVER, ANA)}

    def at(self, moment: str, zone: ZoneInfo = LONDON) -> None:
        self.box.advance_to(datetime.strptime(f"2027 {moment}", "%Y %d %b %H:%M").replace(tzinfo=zone))
        self.look()

    def look(self) -> None:
        for diary in self.diaries.values():
            diary.look()

    def press(self, who: str, what: str, where: Message | str | None = None) -> None:
        if where == "home":
            self.box.open_home(who)
        self.diaries[who].did(f"press *{what}*{' on the Home' if where == 'home' else ''}")
        self.box.press(who, what, where=where)
        self.diaries[who].opened(self.box.modal(who))
        self.look()

    def first_date(self, who: str) -> None:
        """They take the first date that is offered."""
        offer = self.box.dm(who)[-1]
        self.press(who, buttons(offer)[0], offer)

    def send(self, who: str, answers: dict[str, object]) -> None:
        told = "; ".join(f"{label}: {answer}" for label, answer in answers.items())
        self.diaries[who].did(f"send the form ({told})" if told else "send the form as it is")
        assert self.box.submit(who, dict(answers)) == {}
        self.diaries[who].opened(self.box.modal(who))
        self.look()

    def close(self, who: str) -> None:
        self.diaries[who].did("close the form")
        self.box.close(who)

    def write(self, who: str, text: str, *, under: Message | None = None) -> None:
        self.diaries[who].did(f"write{' in the thread' if under else ''}: {text}")
        self.box.write(who, text, thread_ts=under.ts if under else None)
        self.look()

    def say(self, who: str, text: str) -> None:
        self.diaries[who].did(f"type `{text}`")
        self.box.command(who, text)
        self.diaries[who].opened(self.box.modal(who))
        self.look()


def begin(box: Sandbox) -> None:
    set_up(box)
    join(box, ANA, "Mentor", [AI, DATA], hopes="To hear how decisions are made.")
    join(box, OLIVER, "Mentee", [AI], hopes="To see what can't be seen from here.")
    publish(box)


def live(two: Two) -> None:
    """Six months in the order of time: a good start, a date that is cancelled, a month without, and an end."""
    two.at("01 Mar 10:00")
    two.press(OLIVER, "Our agreement", two.box.group(ANA, OLIVER)[0])
    terms: dict[str, object] = {
        "What our talks are for": "What AI changes in finance.",
        "How and where we meet": "Online.",
    }
    two.send(OLIVER, terms | {"How often we meet": "Once a month", "How long a talk takes": "45 minutes"})
    two.press(ANA, "Yes, that's what we do")
    two.press(OLIVER, "Pick a date", two.box.group(ANA, OLIVER)[0])
    two.send(OLIVER, {"Day": "2027-03-10", "Time": "14:00"})
    two.at("11 Mar 12:00")
    two.press(OLIVER, "We met")
    two.send(OLIVER, {"A note for me": "Ask before I decide.", "actions": "Sit with the team for an hour"})
    two.at("15 Mar 12:00")
    two.write(ANA, "When he asked how a week of mine looks.")
    two.press(ANA, "Share with my pair")
    two.at("16 Mar 10:00")
    two.write(OLIVER, "who sees this?")
    two.write(OLIVER, "When I stopped taking notes.")

    two.at("01 Apr 10:00")
    two.first_date(OLIVER)
    two.at("05 Apr 09:30")
    two.press(OLIVER, "Cancel it", "home")
    two.at("06 Apr 11:00")
    two.press(OLIVER, "Pick a date", "home")
    two.send(OLIVER, {"Day": "2027-04-15", "Time": "11:00"})
    two.at("12 Apr 10:00")
    two.press(OLIVER, "Done", _last(two, OLIVER, "Your next talk"))
    two.at("16 Apr 10:00", LISBON)
    two.press(ANA, "We met")
    two.send(ANA, {"A note for both of us": "We try one report with the new tool.", "minutes": "About 30 minutes"})
    two.at("20 Apr 15:00")
    two.write(ANA, "note He listens best when he walks")

    two.at("12 May 10:00")
    two.press(OLIVER, "Pick a date", "home")
    two.send(OLIVER, {"Day": "2027-05-27", "Time": "15:00"})
    two.at("28 May 10:00")
    two.press(OLIVER, "We won't this month")

    two.at("03 Jun 12:00")
    two.write(ANA, "More than I hoped for: I know whom to ask now.", under=_last(two, ANA, "half-way"))
    two.at("09 Jun 10:00")
    two.press(OLIVER, "Pick a date", "home")
    two.send(OLIVER, {"Day": "2027-06-18", "Time": "10:00"})
    two.at("21 Jun 11:00")
    two.press(OLIVER, "We met")
    two.close(OLIVER)

    two.at("01 Jul 10:00")
    two.first_date(OLIVER)
    two.at("15 Jul 10:00", LISBON)
    two.press(ANA, "We met")
    two.close(ANA)
    two.say(OLIVER, "/flipside ideas")
    two.close(OLIVER)

    two.at("20 Aug 10:00")
    two.press(OLIVER, "Less often", _last(two, OLIVER, "end on"))
    two.press(ANA, "Informally", _last(two, ANA, "end on"))
    two.at("01 Sep 10:00")
    farewell = two.box.dm(OLIVER)[-1]
    two.press(OLIVER, "What I did differently", farewell)
    two.send(OLIVER, {"text": "I ask the team before a report is changed.", "for": "Pass it on to Ana Duarte"})
    two.press(OLIVER, "Say thanks", farewell)
    two.send(OLIVER, {"text": "For saying what nobody says to me."})
    two.press(OLIVER, "Keep a copy", farewell)
    two.at("30 Sep 12:00")


def _last(two: Two, who: str, words: str) -> Message:
    return next(message for message in reversed(two.box.dm(who)) if words in message.text)


@pytest.mark.long
def test_what_each_of_a_pair_reads_in_six_months_is_what_was_read_and_liked(
    town: Town, request: pytest.FixtureRequest
) -> None:
    box = town()
    begin(box)
    two = Two(box)

    live(two)

    headings = {ANA: "What Ana reads, who mentors Oliver", OLIVER: "What Oliver reads, whom Ana mentors"}
    for who, diary in two.diaries.items():
        file, told = KEPT / f"{who}.md", diary.write(headings[who])
        if request.config.getoption("--write-transcripts"):
            KEPT.mkdir(exist_ok=True)
            file.write_text(told, encoding="utf-8")
        assert told.splitlines() == file.read_text(encoding="utf-8").splitlines()
