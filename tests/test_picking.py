"""Which programme a word is about: each has its own button, however many there are and whatever they are called."""

import limits
import make
from hypothesis import given
from hypothesis import strategies as st

from bot import picking


@given(st.lists(st.text(min_size=1, max_size=60), min_size=2, max_size=70))
def test_each_programme_has_a_button_of_its_own_as_far_as_a_message_reaches(names: list[str]) -> None:
    is_open = [make.programme(id=number, name=name) for number, name in enumerate(names, 1)]

    message = picking.which(is_open, "match")

    assert limits.of_message(message) == []
    pressed = [(each["action_id"], each["value"]) for each in limits.elements(message.blocks)]
    assert pressed == [("go.match", str(each.id)) for each in is_open[: picking.MOST]]
