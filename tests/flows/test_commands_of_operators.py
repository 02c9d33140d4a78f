"""What an operator types beside the running bot: a look ahead, the directory, the end."""

import csv
from pathlib import Path

from conftest import Operate, Town
from flows.telling import AI, book, find_pairs, join, last, on, pair_up, plain, words

from sandbox.people import PEOPLE_FILE


def test_a_dry_run_beside_the_running_bot_says_what_would_go_out_and_why_and_sends_nothing(
    town: Town, operate: Operate
) -> None:
    box = town(after=pair_up)
    calls = len(box.calls)

    ahead = operate(box, "nudge", "--now", "2027-03-03T10:00:00Z", "--dry-run")
    assert (ahead.returncode, ahead.stderr) == (0, "")
    first, told, end = ahead.stdout.splitlines()
    assert first.startswith("At 2027-03-03T10:00:00")
    assert told.startswith("send  U0OLIVERHA (Oliver Hartley, Wed 03 Mar 10:00")
    assert "plan [plan:1:1:1] due since 2027-03-03T09:00:0" in told, "48 hours after the introduction"
    assert end == "Nothing was sent."
    assert [method for method, _ in box.calls[calls:]] == ["auth.test"]
    assert len(box.dm("oliver")) == 1

    sent = operate(box, "nudge", "--now", "2027-03-03T10:00:00Z")
    assert sent.returncode == 0
    assert plain(box, last(box.dm("oliver"))).startswith("Your talk with @ana has no date yet.")
    box.advance_to(on("2027-03-04", "12:00"))
    assert len(box.dm("oliver")) == 2, "the running bot doesn't say it again"

    assert box.stop_bot() == 0, "SIGTERM ends it well"
    assert "Traceback" not in box.bot.log_file.read_text()


def test_what_became_of_a_nudge_is_told_by_its_key(town: Town, operate: Operate) -> None:
    box = town(after=pair_up)
    box.advance_to(on("2027-03-03", "10:00"))
    box.choose("oliver", "nudges.menu", "Tomorrow")

    came = operate(box, "nudges", "why", "plan:1:1:1")
    assert (came.returncode, came.stderr) == (0, "")
    what, due, claimed, went, put_off = came.stdout.splitlines()
    assert what == "[plan:1:1:1] nudge plan to U0OLIVERHA"
    assert due.startswith("  due since 2027-03-03T09:00:0")
    assert claimed.startswith("  claimed 2027-03-03T09:00:0")
    assert "is sent, attempts 1, attempted 2027-03-03T09:00:0" in went
    assert put_off == "  put off until 2027-03-04T09:00:00Z, then it comes as …:later:N"

    ahead = operate(box, "nudges", "why", "plan:1:1:1:later:1").stdout.splitlines()
    assert ahead[0].startswith(
        "[plan:1:1:1:later:1] plan to U0OLIVERHA, not claimed yet: due from 2027-03-04T09:00:00Z"
    )
    assert ahead[1] == "  its moment is still to come"

    book(box, "oliver", "2027-03-11", "15:00")
    gone = operate(box, "nudges", "why", "plan:1:1:1").stdout
    assert "[plan:1:1:1:later:1] nudge plan to U0OLIVERHA\n  due since 2027-03-04T09:00:00Z\n  dropped" in gone
    assert "done before it was to come back" in gone

    unknown = operate(box, "nudges", "why", "plan:1:9999:xyz")
    assert (unknown.returncode, unknown.stdout) == (1, "")
    assert unknown.stderr.startswith("Nobody was ever sent plan:1:9999:xyz")


def test_a_dry_run_at_the_end_of_a_pause_sees_those_who_go_on(town: Town, operate: Operate) -> None:
    box = town(after=pair_up)
    box.command("oliver", "/flipside pause 2027-03-08")
    box.advance_to(on("2027-03-02", "10:00"))

    ahead = operate(box, "nudge", "--now", "2027-03-08T10:00:00Z", "--dry-run").stdout
    assert "[pause_over:" in ahead
    assert "plan [plan:1:1:2]" in ahead, "they are no longer taken to be paused"
    assert "send  U0ANADUART" in ahead, "his partner hears of it too"
    assert "[partner_resumed:1:" in ahead
    again = operate(box, "nudge", "--now", "2027-03-07T10:00:00Z", "--dry-run").stdout
    assert "plan" not in again, "nothing was changed by looking"
    assert "paused" in words(box, box.open_home("oliver"))


def test_the_directory_is_read_again_and_counts_from_then_on(town: Town, operate: Operate, tmp_path: Path) -> None:
    box = town(after=pair_up)
    box.command("oliver", "/flipside leave")
    box.press("oliver", "Leave the programme")
    join(box, "bea", "Mentor", [AI])
    join(box, "tomas", "Mentee", [AI])
    rows = list(csv.DictReader(PEOPLE_FILE.open(encoding="utf-8")))
    file = tmp_path / "people.csv"

    new_bosses = {"bea": "U0TOMASFIG", "ana": "U0TOMASFIG"}
    keep(file, [row | {"manager": new_bosses.get(row["handle"], row["manager"])} for row in rows])
    read = operate(box, "people", "import", str(file))
    assert (read.returncode, read.stdout.splitlines()[0]) == (0, "0 added, 2 changed, 23 as before.")
    find_pairs(box)
    said = words(box, box.modal("ruth"))
    assert "no pair is possible just now" in said
    assert "• @bea, mentor: Of all mentees (1): one above the other in the reporting line (1)." in said


def keep(file: Path, rows: list[dict[str, str]]) -> None:
    with file.open("w", encoding="utf-8", newline="") as out:
        writer = csv.DictWriter(out, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
