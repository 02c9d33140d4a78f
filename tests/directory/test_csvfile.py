"""The company's file, whatever it calls its columns, however it was saved, whatever bytes are in it."""

from pathlib import Path

import make
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from bot.directory import csvfile, rules
from bot.directory.reading import Report
from bot.directory.rules import Row
from store import directory, people, workspaces
from store.database import Store
from store.models import Person

ANA = "U0ANA,Ana,2,U0GRACE,Europe/Lisbon"
GRACE = "U0GRACE,Grace,6,-,Europe/London"
HEADER = "slack_id,name,level,manager,zone"


class Directory:
    """A directory, and a file to read into it."""

    def __init__(self, store: Store, file: Path) -> None:
        self.store, self.file = store, file

    def read(self, *lines: str, **options: object) -> Report:
        return self.take("\n".join(lines).encode(), **options)

    def take(self, content: bytes, **options: object) -> Report:
        self.file.write_bytes(content)
        return csvfile.people_from(self.file, self.store, make.WORKSPACE, make.MONDAY, **options)  # type: ignore[arg-type]

    @property
    def everyone(self) -> list[Person]:
        with self.store.read() as db:
            return list(people.all_of(db, make.WORKSPACE))

    @property
    def only(self) -> Person:
        [person] = self.everyone
        return person


@pytest.fixture
def directory_(store: Store, tmp_path: Path) -> Directory:
    with store.begin() as db:
        workspaces.keep(db, make.WORKSPACE, "Tidewell", "U0FLIPSIDE")
    return Directory(store, tmp_path / "people.csv")


def counts(report: Report) -> tuple[int, int, int, int]:
    return report.added, report.changed, report.same, report.skipped


# What a file does


def test_new_people_are_added(directory_: Directory) -> None:
    report = directory_.read(HEADER, ANA, GRACE)

    assert report == Report(added=2, notes=("Read as utf-8 (by itself).",))
    assert [(each.slack_id, each.name, each.level, each.manager) for each in directory_.everyone] == [
        ("U0ANA", "Ana", 2, "U0GRACE"),
        ("U0GRACE", "Grace", 6, ""),
    ]


def test_the_same_file_again_changes_nothing(directory_: Directory) -> None:
    directory_.read(HEADER, ANA, GRACE)
    before = [vars(each) for each in directory_.everyone]

    assert counts(directory_.read(HEADER, ANA, GRACE)) == (0, 0, 2, 0)
    without = [{name: value for name, value in each.items() if name != "_sa_instance_state"} for each in before]
    assert [
        {name: vars(each)[name] for name in kept} for each, kept in zip(directory_.everyone, without, strict=True)
    ] == (without)


def test_what_is_new_about_somebody_is_taken_over(directory_: Directory) -> None:
    directory_.read(HEADER, ANA)

    report = directory_.read(HEADER, "U0ANA,Ana Sousa,3,U0GRACE,Europe/Lisbon")

    assert counts(report) == (0, 1, 0, 0)
    assert (directory_.only.name, directory_.only.level) == ("Ana Sousa", 3)


def test_an_empty_field_is_not_known_by_the_file_any_more(directory_: Directory) -> None:
    directory_.read(HEADER, ANA)

    report = directory_.read(HEADER, "U0ANA,Ana,,,")

    assert counts(report) == (0, 1, 0, 0)
    assert (directory_.only.level, directory_.only.manager, directory_.only.zone) == (None, None, None)


def test_somebody_who_is_not_in_the_next_file_stays_as_they_were(directory_: Directory) -> None:
    directory_.read(HEADER, ANA)

    directory_.read(HEADER, GRACE)

    assert [(each.slack_id, each.level, each.gone_at) for each in directory_.everyone] == [
        ("U0ANA", 2, None),
        ("U0GRACE", 6, None),
    ]


def test_a_dash_is_somebody_who_reports_to_nobody(directory_: Directory) -> None:
    directory_.read(HEADER, "U0ANA,Ana,,-,")

    assert directory_.only.manager == ""


# What somebody does, and since when


def test_a_function_is_not_the_department(directory_: Directory) -> None:
    directory_.read("slack_id,name,Division,Function,Hire date", "U0ANA,Ana,Retail,Design,2021-04-01")

    assert (directory_.only.department, directory_.only.function) == ("Retail", "Design")
    assert directory_.only.started_on == "2021-04-01"


@pytest.mark.parametrize(
    "day",
    [
        *("2021-04-01", "2021/4/1", "1.4.2021", "01.04.2021", "1 Apr 2021", "01-Apr-2021", '"April 1, 2021"'),
        *("2021-04-01T00:00:00", "2021-04-01 00:00:00"),
    ],
)
def test_a_day_that_can_only_be_one_is_understood(directory_: Directory, day: str) -> None:
    assert counts(directory_.read("slack_id,name,started_on", f"U0ANA,Ana,{day}")) == (1, 0, 0, 0)

    assert directory_.only.started_on == "2021-04-01"


@pytest.mark.parametrize(
    "day", ["04/05/2021", "13/05/2021", "1.4.21", "44287", "2021-02-30", "2021", "0021-04-01", "soon", "2021-04-01x"]
)
def test_a_day_that_could_be_another_one_is_refused_by_its_line(directory_: Directory, day: str) -> None:
    report = directory_.read("slack_id,name,started_on", f"U0ANA,Ana,{day}")

    assert report.problems == (f"line 2: {rules.NO_DAY}",)
    assert directory_.everyone == []


# What the columns may be called


@pytest.mark.parametrize(
    ("header", "fields"),
    [
        ("Slack ID,Full Name,E-mail,Job Title,Line Manager", "slack_id name email title manager"),
        ("USER-ID,name,Email address,TITLE,Reports to", "slack_id name email title manager"),
        ("user id,Name,work_email,Grade,Manager email", "slack_id name email level manager"),
        ("Email,Name,Function,Start date", "email name function started_on"),
        ("Email,Name,Job family,Dept,Date of joining", "email name function department started_on"),
        ("Employee ID,Name,Location,Time zone,Business unit", "key name site zone department"),
        (
            "Member ID,Display name,Country,Languages,Dotted-line manager",
            "slack_id name country languages dotted_managers",
        ),
    ],
)
def test_the_usual_names_of_columns_are_understood(tmp_path: Path, header: str, fields: str) -> None:
    file = tmp_path / "people.csv"
    file.write_text(f"{header}\n", encoding="utf-8")

    places = csvfile.opened(file, {}, None).places

    assert sorted(places, key=lambda name: places[name]) == fields.split()


def test_of_two_columns_for_a_field_the_clearer_one_is_taken_and_the_other_named(directory_: Directory) -> None:
    report = directory_.read("slack_id,name,Manager,Manager email", "U0ANA,Ana,Grace Okonjo,grace@tidewell.example")

    assert directory_.only.manager == directory.id_of_ours("grace@tidewell.example")
    assert "Columns not used: Manager." in report.notes


def test_a_column_can_be_named_by_hand(directory_: Directory) -> None:
    directory_.read("slack_id,name,Boss,Manager", "U0ANA,Ana,U0GRACE,U0BO", columns={"manager": " boss"})

    assert directory_.only.manager == "U0GRACE"


@pytest.mark.parametrize(
    ("header", "columns", "problem"),
    [
        ("", {}, "line 1: the header lacks name"),
        ("name", {}, "line 1: the header lacks slack_id or email"),
        ("slack_id", {}, "line 1: the header lacks name"),
        ("slack_id,name,E-mail,email", {}, "line 1: the header has E-mail twice"),
        ("slack_id,name", {"manager": "Boss"}, "line 1: the header has no Boss, which --column names"),
        ("slack_id,name", {"boss": "name"}, "there is no field boss: the fields are slack_id, email,"),
        ('slack_id,"name\nU0ANA', {}, "line 1: a quotation mark isn't closed, up to line 3"),
    ],
)
def test_a_header_that_says_too_little_or_too_much_is_refused_in_one_line(
    directory_: Directory, header: str, columns: dict[str, str], problem: str
) -> None:
    report = directory_.read(header, ANA, columns=columns, partial=True)

    assert not report.is_done
    assert [each[: len(problem)] for each in report.problems] == [problem]
    assert directory_.everyone == []


# How it was saved


JOSE = "U0JOSE,José Łukasz,,,"


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"], ids=lambda encoding: encoding
)
def test_a_file_of_a_spreadsheet_is_read_as_it_was_saved(directory_: Directory, encoding: str, delimiter: str) -> None:
    text = f"{HEADER}\r\n{JOSE}\r\n".replace(",", delimiter)

    assert counts(directory_.take(text.encode(encoding))) == (1, 0, 0, 0)
    assert directory_.only.name == "José Łukasz"


NAMES = "João Gonçalves\nMüller-Lüdenscheidt\nZoë Ångström\nFrançoise Lefèvre\nIñigo Muñoz\nBjörn Sjöström\n"


def test_an_older_encoding_is_guessed_and_said_to_be_a_guess(directory_: Directory) -> None:
    rows = [f"U0P{number},{name}" for number, name in enumerate(NAMES.split("\n")[:-1])]

    report = directory_.take("\n".join(["slack_id,name", *rows]).encode("cp1252"))

    assert [each.name for each in directory_.everyone] == NAMES.split("\n")[:-1]
    assert "a guess" in report.notes[0]


def test_the_encoding_can_be_said(directory_: Directory) -> None:
    report = directory_.take(f"{HEADER}\nU0ZOE,Zoë Žižek,,,\n".encode("cp1250"), encoding="cp1250")

    assert directory_.only.name == "Zoë Žižek"
    assert report.notes == ("Read as cp1250 (as asked).",)


@pytest.mark.parametrize("encoding", ["klingon", "hex", "utf-8", "ascii", "undefined", "a\x00b"])
def test_an_encoding_that_it_is_not_in_is_told_in_one_line(directory_: Directory, encoding: str) -> None:
    report = directory_.take(f"{HEADER}\nU0ZOE,Zoë,,,\n".encode("cp1252"), encoding=encoding)

    assert report.problems == ("people.csv can't be read in this encoding: say which it is with --encoding",)


def test_a_file_that_is_not_there_is_refused_in_one_line(store: Store, tmp_path: Path) -> None:
    report = csvfile.people_from(tmp_path / "nowhere.csv", store, make.WORKSPACE, make.MONDAY)

    assert report.problems == ("nowhere.csv can't be read: FileNotFoundError",)


# What is wrong on a line


def test_one_wrong_row_is_named_by_its_line_and_nobody_is_changed(directory_: Directory) -> None:
    report = directory_.read(HEADER, ANA, "U0BO,Bo,high,,", "", "U0CY,,1,,")

    assert report.problems == (
        "line 3: level must be a whole number, higher for more senior",
        "line 5: name is missing",
    )
    assert not report.is_done
    assert directory_.everyone == []


def test_the_good_rows_can_be_taken_alone(directory_: Directory) -> None:
    report = directory_.read(HEADER, ANA, "U0BO,Bo,high,,", GRACE, partial=True)

    assert counts(report) == (2, 0, 0, 1)
    assert report.problems == ("line 3: level must be a whole number, higher for more senior",)
    assert [each.slack_id for each in directory_.everyone] == ["U0ANA", "U0GRACE"]


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        (ANA, "this person is on line 2 too"),
        ("U0BO,Bo", "it has 2 fields, and the header 5"),
        ("U0BO,Bo,1,-,,more", "it has 6 fields, and the header 5"),
        ('U0BO,"Bo,1,,', "a quotation mark isn't closed"),
        ("U0BO,B\x00o,1,,", "a field holds a character that no text has"),
        ("U0BO,Bo,1,Grace,", "managers must be Slack ids or e-mail addresses; - for somebody who reports to nobody"),
        ("U0BO,Bo,1,U0BO,", "nobody is their own manager"),
        (",Bo,1,,", "there must be a Slack id, an e-mail address or an employee id"),
        (f"U0BO,{'o' * 201},1,,", "a field has more than 200 characters"),
    ],
)
def test_what_is_wrong_with_a_line_is_said(directory_: Directory, line: str, problem: str) -> None:
    assert directory_.read(HEADER, ANA, line).problems == (f"line 3: {problem}",)


def test_the_line_is_right_though_a_field_before_it_had_several(directory_: Directory) -> None:
    report = directory_.read(HEADER, 'U0ANA,"Ana\nSousa",2,,', '"U0BO","Bo', '",high,,')

    assert report.problems == ("line 4: level must be a whole number, higher for more senior",)


def test_empty_columns_and_rows_that_spreadsheets_leave_behind_do_no_harm(directory_: Directory) -> None:
    report = directory_.read(f"{HEADER},,", f"{ANA},,", ",,,,,,", f"{GRACE},,,")

    assert counts(report) == (2, 0, 0, 0)


def test_somebody_with_another_email_address_and_the_same_slack_id_is_there_twice(directory_: Directory) -> None:
    report = directory_.read("slack_id,email,name", "U0ANA,ana@x.example,Ana", ",ANA@x.example,Ana", "U0BO,,Bo")

    assert report.problems == ("line 3: this person is on line 2 too",)


def test_an_employee_id_is_one_persons(directory_: Directory) -> None:
    report = directory_.read("slack_id,employee id,name", "U0ANA,7,Ana", "U0BO,7,Bo")

    assert report.problems == ("line 3: the same employee id is on line 2 too",)


def test_only_the_first_thousand_problems_are_put_in_words(directory_: Directory) -> None:
    report = directory_.read(HEADER, *("x" for _ in range(1003)))

    assert (len(report.problems), report.more_problems) == (1000, 3)
    assert list(csvfile.told(report))[-2:] == ["and 3 more", "Read as utf-8 (by itself)."]


# Reading a row


def read(**fields: str) -> Row | str:
    return csvfile.read({"slack_id": "U0ANA", "name": "Ana", **fields}, has_keys=False)


def test_a_whole_row_is_read() -> None:
    row = read(level="3", manager="U0GRACE", dotted_managers="U0BO; Cy@x.example|U0DI", country="PT", languages="en;pt")

    assert row == Row(
        slack_id="U0ANA",
        name="Ana",
        level=3,
        manager="U0GRACE",
        dotted_managers=("U0BO", "cy@x.example", "U0DI"),
        country="PT",
        languages=("en", "pt"),
    )


VALUES = st.text(max_size=8) | st.sampled_from(["U0ANA", "-", "3", "Europe/Lisbon", "PT", "en;pt", "U0BO", "a@b"])


@given(st.dictionaries(st.sampled_from([*csvfile.COLUMNS, "other"]), VALUES), st.booleans())
def test_any_fields_are_a_row_or_a_sentence(fields: dict[str, str], has_keys: bool) -> None:
    answer = csvfile.read(fields, has_keys=has_keys)

    assert isinstance(answer, Row) or len(answer.split()) > 2


@given(
    st.fixed_dictionaries(
        {"slack_id": st.just("U0ANA"), "name": VALUES}, optional=dict.fromkeys(list(csvfile.COLUMNS)[4:], VALUES)
    )
)
def test_whatever_is_taken_can_be_a_person(fields: dict[str, str]) -> None:
    """No field of a row in which nothing is wrong is longer than its column or outside its range."""
    row = csvfile.read(fields, has_keys=False)
    known = {} if isinstance(row, str) or rules.problem(row) else {name: getattr(row, name) for name in directory.ORDER}

    columns = Person.__table__.columns
    lengths = {name: getattr(columns[name].type, "length", None) or 10**6 for name in known}
    assert [name for name, value in known.items() if isinstance(value, str) and len(value) > lengths[name]] == []
    assert abs(known.get("level") or 0) < 2**31


# Any bytes


FIELDS = ["U0ANA", "U0BO", "Ana", "", "-", "3", "x", "PT", "Europe/Lisbon", '"', "é", "💡", "\x00", "a@b", "\r", ";"]
ROWS = st.lists(st.lists(st.sampled_from(FIELDS), max_size=6), max_size=5).map(
    lambda rows: "\n".join([HEADER, *(",".join(row) for row in rows)])
)
ENCODINGS = st.sampled_from(["utf-8", "utf-16", "utf-8-sig", "utf-32", "utf-16-be"])


@settings(max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.builds(str.encode, ROWS, ENCODINGS) | st.binary(max_size=80) | st.text(max_size=60).map(str.encode),
    st.booleans(),
)
@example(f"{HEADER}\nU0ANA,Ana,2,,,,,more,than,the,header\n".encode(), False)
@example(f'{HEADER}\nU0ANA,"Ana,2,,\n'.encode(), True)
@example(f"{HEADER}\n{ANA}\n".encode() + b"\xff", True)
@example(b"\xff\xfe\x00", False)
@example(b"\xff\xfe\x00\x00", False)
def test_any_bytes_are_answered_with_a_report_and_never_with_half_a_file(
    directory_: Directory, content: bytes, partial: bool
) -> None:
    before = {each.slack_id: each.known for each in directory_.everyone}

    dry = directory_.take(content, partial=partial, dry_run=True)
    assert {each.slack_id: each.known for each in directory_.everyone} == before

    report = directory_.take(content, partial=partial)
    after = {each.slack_id: each.known for each in directory_.everyone}
    assert report == dry
    assert len(after) == len(before) + report.added
    assert sum(after[each] != before[each] for each in before) == report.changed
    assert report.is_done or not (report.added or report.changed or report.same)
    assert partial or not (report.is_done and report.problems)
    assert list(csvfile.told(report))
