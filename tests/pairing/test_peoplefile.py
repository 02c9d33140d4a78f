"""A company's own list: what it may hold, what is said about what is wrong with it, whatever bytes are in it."""

from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.pairing.candidates import Candidate
from bot.pairing.listed import peoplefile
from bot.pairing.listed.peoplefile import BadFile, People
from store.models import Side, Way

HEADER = "id,side,capacity,level,team,department,site,manager,zone,languages,topics,ways,avoid"
ANA = "ana,mentor,2,2,Platform,Engineering,Lisbon,grace,Europe/Lisbon,pt;en,AI;Data,online;in_person,"
OLIVER = "oliver,mentee,,6,Sales,Sales,London,grace,Europe/London,en,Data,online,"
GRACE = "grace,,,,,,,,,,,,"


def read(*lines: str) -> People:
    return peoplefile.people_of("\n".join(lines).encode())


def problems(*lines: str) -> tuple[str, ...]:
    with pytest.raises(BadFile) as error:
        read(*lines)
    return error.value.problems


def ids(people: People) -> list[tuple[int, str, Side]]:
    everyone = (*people.mentors, *people.mentees)
    return sorted((each.member_id, each.slack_id, each.side) for each in everyone)


# What it holds


def test_everything_about_a_person_is_read() -> None:
    people = read(HEADER, ANA, OLIVER, GRACE)

    assert people.mentors == (
        Candidate(
            member_id=1, slack_id="ana", side=Side.MENTOR, capacity=2, level=2, teams=frozenset({"Platform"}),
            department="Engineering", site="Lisbon", zone="Europe/Lisbon", languages=frozenset({"pt", "en"}),
            topics=("AI", "Data"), ways=frozenset(Way), avoid=frozenset(), rounds_waited=0,
        ),
    )  # fmt: skip
    assert ids(people) == [(1, "ana", Side.MENTOR), (2, "oliver", Side.MENTEE)]
    assert people.lines == {"ana": ("grace",), "grace": (), "oliver": ("grace",)}
    assert people.notes == ()


def test_an_empty_capacity_is_one_and_a_mentee_takes_one_whatever_it_says() -> None:
    people = read(HEADER, ANA.replace(",2,2,", ",,2,"), OLIVER.replace(",,6,", ",3,6,"), GRACE)

    assert [each.capacity for each in (*people.mentors, *people.mentees)] == [1, 1]


def test_somebody_may_be_on_both_sides() -> None:
    people = read(HEADER, ANA.replace("mentor", "both"), GRACE)

    assert ids(people) == [(1, "ana", Side.MENTOR), (2, "ana", Side.MENTEE)]


def test_the_order_of_rows_and_columns_does_not_matter() -> None:
    turned = [",".join(reversed(line.split(","))) for line in (HEADER, GRACE, OLIVER, ANA)]

    assert read(*turned) == read(HEADER, ANA, OLIVER, GRACE)


def test_columns_of_other_names_are_left_alone() -> None:
    named = [f"{line},{name}" for line, name in zip((HEADER, ANA, OLIVER, GRACE), ("Name", "Ana", "", ""), strict=True)]

    assert read(*named) == read(HEADER, ANA, OLIVER, GRACE)


def test_capitals_alone_make_no_other_topic_or_language() -> None:
    people = read(HEADER, ANA, OLIVER.replace(",en,Data,", ",EN,DATA,"), GRACE)

    assert people.mentors[0].topics[1:] == people.mentees[0].topics
    assert people.mentees[0].languages < people.mentors[0].languages


@pytest.mark.parametrize(
    "content",
    [
        "\ufeff".encode() + f"{HEADER}\r\n{ANA}\r\n{OLIVER}\r\n{GRACE}\r\n".encode(),
        f"{HEADER}\n{ANA}\n{OLIVER}\n{GRACE}\n".encode("utf-16"),
        f"{HEADER}\r{ANA}\r{OLIVER}\r{GRACE}".encode(),
        "\n".join(
            ";".join(f'"{field}"' for field in line.split(",")) for line in (HEADER, ANA, OLIVER, GRACE)
        ).encode(),
        "\n".join(line.replace(",", "\t") for line in (HEADER, ANA, "", OLIVER, GRACE, "\t\t\t")).encode(),
        f"{HEADER.upper().replace(',', ' , ')}\n{ANA.replace(',', ', ')}\n\n{OLIVER}\n{GRACE}\n,,,,,,,,,,,,\n".encode(),
    ],
    ids=["excel", "utf-16", "old mac", "semicolons and quotes", "tabs", "spaces and empty rows"],
)
def test_however_the_file_was_saved_it_says_the_same(content: bytes) -> None:
    assert peoplefile.people_of(content) == read(HEADER, ANA, OLIVER, GRACE)


def test_what_is_not_known_is_counted_for_whoever_gave_the_file() -> None:
    people = read(HEADER, "ana,mentor,,,,,,,,,,online,", "bo,mentor,,1,Data,,,?,UTC,en,AI,online,", OLIVER, GRACE)

    assert people.lines["bo"] is None
    assert [note.partition(" with ")[2].split(",")[0] for note in people.notes] == [
        "no level", "no team", "no language", "no time zone", "no topic",
    ]  # fmt: skip
    assert people.notes[0] == "1 person (line 2) with no level, so nobody can be paired with them."


def test_several_without_a_manager_are_told_what_that_means() -> None:
    people = read(HEADER, ANA.replace("grace", ""), OLIVER.replace("grace", ""))

    assert people.lines == {"ana": (), "oliver": ()}
    assert people.notes[0].startswith(
        "2 people (line 2, 3) with no manager: they count as reporting to nobody. Write ?"
    )


# What is wrong with it


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        (OLIVER.replace("mentee", "boss"), "side must be mentor, mentee, both or empty, not “boss”"),
        (OLIVER.replace(",6,", ",six,"), "level must be a whole number, higher for more senior, not “six”"),
        (OLIVER.replace(",6,", ",6.5,"), "level must be a whole number, higher for more senior, not “6.5”"),
        (OLIVER.replace(",,6,", ",-1,6,"), "capacity must be a whole number, how many a mentor can take, not “-1”"),
        (OLIVER.replace(",,6,", ",two,6,"), "capacity must be a whole number, how many a mentor can take, not “two”"),
        (
            OLIVER.replace("Europe/London", "London"),
            "there is no time zone “London”: zones are named like Europe/Lisbon",
        ),
        (OLIVER.replace("online", "phone"), "ways are online and in_person, not “phone”"),
        (OLIVER.replace("grace", "oliver"), "nobody is their own manager"),
        (OLIVER.replace("grace", "Grace"), "the manager “Grace” isn't in the file: list them, with an empty side"),
        (OLIVER + "bo", "avoid names “bo”, who isn't in the file"),
        (OLIVER.replace("oliver", ""), "the id is empty"),
        (OLIVER.replace("oliver", "ana"), "the id “ana” is on line 2 too"),
        (OLIVER + ",more", "it has 14 fields, and the header 13"),
        ("oliver,mentee", "it has 2 fields, and the header 13"),
        (OLIVER.replace("oliver", "o\x00"), "a field holds a character that no text has, or more than 200 characters"),
    ],
)
def test_what_is_wrong_with_a_line_is_said(line: str, problem: str) -> None:
    assert problems(HEADER, ANA, GRACE, line) == (f"line 4: {problem}",)


def test_every_problem_of_every_line_is_said_at_once() -> None:
    assert problems(HEADER, ANA.replace(",2,2,", ",x,y,"), GRACE, OLIVER.replace("mentee", "?")) == (
        "line 2: capacity must be a whole number, how many a mentor can take, not “x”",
        "line 2: level must be a whole number, higher for more senior, not “y”",
        "line 4: side must be mentor, mentee, both or empty, not “?”",
    )


def test_a_circle_of_managers_is_said_once() -> None:
    assert problems(HEADER, ANA, GRACE.replace("grace,,,,,,,", "grace,,,,,,,ana"), OLIVER) == (
        "line 2: the reporting line goes round in a circle: “ana” -> “grace” -> “ana”",
    )


def test_the_line_is_right_though_a_field_before_it_had_several() -> None:
    assert problems(HEADER, ANA.replace("Platform", '"Plat\nform"'), "", OLIVER.replace(",6,", ",x,"), GRACE) == (
        "line 5: level must be a whole number, higher for more senior, not “x”",
    )


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"", f"line 1: the header is missing: {HEADER}"),
        (b"\n\n \n", f"line 1: the header is missing: {HEADER}"),
        (b"id,side,capacity\n", "line 1: the header lacks level, team, department, site, manager, zone, languages, "
         "topics, ways, avoid"),
        (f"{HEADER},ID\n".encode(), "line 1: the header has id twice"),
        (f"{HEADER}\n{ANA}\n".encode() + b"\xff\xfe", "line 3: it isn't UTF-8: save the file as CSV in UTF-8"),
        (f'{HEADER}\n{ANA}\n"bo,mentor'.encode(), "line 3: a quotation mark isn't closed, or there is one too many"),
    ],
)  # fmt: skip
def test_a_file_that_is_no_list_of_people_is_told_in_a_sentence(content: bytes, problem: str) -> None:
    with pytest.raises(BadFile) as error:
        peoplefile.people_of(content)

    assert error.value.problems == (problem,)


def test_a_header_alone_is_a_list_of_nobody() -> None:
    assert read(HEADER) == People((), (), {}, ())


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(BadFile, match=r"people\.csv can't be read: No such file or directory"):
        peoplefile.read(tmp_path / "people.csv")


FIELDS = st.sampled_from(
    ["ana", "bo", "", "mentor", "both", "3", "-1", "x", "UTC", '"', "é", "💡", "\x00", "?", "a;b", "\r"]
)
ROWS = st.lists(st.lists(FIELDS, min_size=11, max_size=14), max_size=4).map(
    lambda rows: "\n".join([HEADER, ANA, *(",".join(row) for row in rows)])
)
ENCODINGS = st.sampled_from(["utf-8", "utf-16", "utf-8-sig", "utf-32", "utf-16-be"])


@settings(max_examples=100)
@given(st.builds(str.encode, ROWS, ENCODINGS) | st.binary(max_size=80) | st.text(max_size=60).map(str.encode))
@example(f"{HEADER}\n".encode() + b'"' + b"x" * 200_000 + b'"')
@example(b"\xff\xfe\x00")
def test_any_bytes_are_people_or_a_report_by_line(content: bytes) -> None:
    found = told(content)

    if isinstance(found, People):
        assert {each.slack_id for each in (*found.mentors, *found.mentees)} <= found.lines.keys()
    else:
        assert found
        assert [each for each in found if not each.startswith("line ")] == []


def told(content: bytes) -> People | tuple[str, ...]:
    try:
        return peoplefile.people_of(content)
    except BadFile as error:
        return error.problems
