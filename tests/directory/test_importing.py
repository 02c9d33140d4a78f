"""The company's file, read into the directory all or nothing, whatever bytes are in it."""

from pathlib import Path

import make
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from bot.directory import importing
from bot.directory.importing import Report
from store import agenda, people, workspaces
from store.database import Store
from store.models import Person

ANA = "U0ANA,Ana,2,U0GRACE,Europe/Lisbon"
HEADER = "slack_id,name,level,manager,zone"


@pytest.fixture
def directory(store: Store, tmp_path: Path) -> "Directory":
    with store.begin() as db:
        workspaces.keep(db, make.WORKSPACE, "Tidewell", "U0FLIPSIDE")
    return Directory(store, tmp_path / "people.csv")


class Directory:
    """A directory, and a file to read into it."""

    def __init__(self, store: Store, file: Path) -> None:
        self.store, self.file = store, file

    def read(self, *lines: str) -> Report:
        return self.take("\n".join(lines).encode())

    def take(self, content: bytes) -> Report:
        self.file.write_bytes(content)
        return importing.people_from(self.file, self.store, make.WORKSPACE, make.MONDAY)

    @property
    def everyone(self) -> list[Person]:
        with self.store.read() as db:
            return list(people.all_of(db, make.WORKSPACE))

    @property
    def only(self) -> Person:
        [person] = self.everyone
        return person


def test_new_people_are_added(directory: Directory) -> None:
    report = directory.read(HEADER, ANA, "U0GRACE,Grace,6,-,Europe/London")

    assert report == Report(added=2)
    assert [(each.name, each.level, each.manager) for each in directory.everyone] == [
        ("Ana", 2, "U0GRACE"),
        ("Grace", 6, ""),
    ]


def test_the_same_file_again_changes_nothing(directory: Directory) -> None:
    directory.read(HEADER, ANA)

    assert directory.read(HEADER, ANA) == Report(same=1)


def test_what_is_new_about_somebody_is_taken_over(directory: Directory) -> None:
    directory.read(HEADER, ANA)

    report = directory.read(HEADER, "U0ANA,Ana Sousa,3,U0GRACE,Europe/Lisbon")

    assert report == Report(changed=1)
    assert (directory.only.name, directory.only.level) == ("Ana Sousa", 3)


def test_an_empty_field_leaves_what_was_known(directory: Directory) -> None:
    directory.read(HEADER, ANA)

    report = directory.read(HEADER, "U0ANA,Ana,,,")

    assert report == Report(same=1)
    assert (directory.only.level, directory.only.manager, directory.only.zone) == (2, "U0GRACE", "Europe/Lisbon")


def test_a_dash_takes_the_manager_away(directory: Directory) -> None:
    directory.read(HEADER, ANA)

    directory.read(HEADER, "U0ANA,Ana,,-,")

    assert directory.only.manager == ""


def test_a_file_saved_by_a_spreadsheet_with_a_mark_at_its_beginning_is_read(directory: Directory) -> None:
    assert directory.take(b"\xef\xbb\xbf" + f"{HEADER}\r\n{ANA}\r\n".encode()) == Report(added=1)


def test_one_wrong_row_is_named_by_its_line_and_nobody_is_changed(directory: Directory) -> None:
    report = directory.read(HEADER, ANA, "U0BO,Bo,high,,", "U0CY,,1,,")

    assert report.problems == (
        "line 3: level must be a whole number, higher for more senior",
        "line 4: name is missing",
    )
    assert directory.everyone == []


def test_somebody_who_is_there_twice_is_named_with_both_lines(directory: Directory) -> None:
    assert directory.read(HEADER, ANA, ANA).problems == ("line 3: U0ANA is on line 2 too",)


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"", "line 1: the header lacks name, slack_id"),
        (b"name\nAna\n", "line 1: the header lacks slack_id"),
        (HEADER.encode("utf-16"), "people.csv can't be read as a UTF-8 CSV file: UnicodeDecodeError"),
        (f"{HEADER}\n{ANA}\n".encode() + b"\xff", "people.csv can't be read as a UTF-8 CSV file: UnicodeDecodeError"),
    ],
    ids=["empty", "no ids", "another encoding", "a broken end"],
)
def test_a_file_that_is_no_directory_is_refused_in_one_line(directory: Directory, content: bytes, problem: str) -> None:
    assert directory.take(content).problems == (problem,)
    assert directory.everyone == []


def test_a_file_that_is_not_there_is_refused_in_one_line(store: Store, tmp_path: Path) -> None:
    report = importing.people_from(tmp_path / "nowhere.csv", store, make.WORKSPACE, make.MONDAY)

    assert report.problems == ("nowhere.csv can't be read as a UTF-8 CSV file: FileNotFoundError",)


def test_a_member_who_changed_is_looked_at_again(directory: Directory) -> None:
    directory.read(HEADER, ANA)
    ana = directory.only
    with directory.store.begin() as db:
        programme = make.programme(id=None, created_by=ana.id)
        db.add(programme)
        db.flush()
        db.add(make.member(id=None, programme_id=programme.id, person_id=ana.id))

    directory.read(HEADER, "U0ANA,Ana,2,U0GRACE,Asia/Kolkata")

    with directory.store.read() as db:
        assert [entry.subject_id for entry in agenda.due(db, make.WORKSPACE, make.MONDAY, 10)] == [ana.id]


def test_a_character_that_no_database_takes_is_named_by_its_line(directory: Directory) -> None:
    report = directory.read(HEADER, "U0ANA,A\x00na,2,,")

    assert [problem.partition(":")[0] for problem in report.problems] == ["line 2"]


FIELDS = ["U0ANA", "U0BO", "Ana", "", "-", "3", "x", "PT", "Europe/Lisbon", '"', "é", "💡"]
rows = st.lists(
    st.lists(st.sampled_from(FIELDS), max_size=6),
    max_size=4,
).map(lambda rows: "\n".join([HEADER, *(",".join(row) for row in rows)]).encode())


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows | st.binary(max_size=60))
@example(f"{HEADER}\nU0ANA,Ana,2,,,,,more,than,the,header\n".encode())
@example(f'{HEADER}\nU0ANA,"Ana,2,,\n'.encode())
def test_any_bytes_are_answered_with_a_report_and_never_with_half_a_file(directory: Directory, content: bytes) -> None:
    before = len(directory.everyone)

    report = directory.take(content)

    assert len(directory.everyone) == before + report.added
    assert not report.problems or (report.added, report.changed, report.same) == (0, 0, 0)
