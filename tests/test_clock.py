"""The clock: the real time, or with a file of the local workspace an offset to it."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import time_machine

from bot import clock

NOW = datetime(2027, 3, 1, 9, tzinfo=UTC)


@time_machine.travel(NOW, tick=False)
def test_the_real_time_has_a_zone() -> None:
    assert clock.real() == NOW
    assert clock.real().utcoffset() == timedelta()


@time_machine.travel(NOW, tick=False)
def test_the_file_is_read_anew_each_time(tmp_path: Path) -> None:
    file = tmp_path / "offset"
    now = clock.movable(file)

    file.write_text("3600\n")
    an_hour_on = now()
    file.write_text(str(7 * 86400))
    a_week_on = now()

    assert (an_hour_on, a_week_on) == (NOW + timedelta(hours=1), NOW + timedelta(days=7))


@time_machine.travel(NOW, tick=False)
def test_without_the_file_it_is_the_real_time(tmp_path: Path) -> None:
    assert clock.movable(tmp_path / "nowhere")() == NOW


@time_machine.travel(NOW, tick=False)
@pytest.mark.parametrize("content", [b"", b"tomorrow", b"\xff\xfe"])
def test_a_file_that_holds_no_number_moves_nothing(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "offset"
    file.write_bytes(content)

    assert clock.movable(file)() == NOW
