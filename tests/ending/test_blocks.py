"""How the words of an end keep what each of the two chose to themselves."""

import make

from bot.ending import blocks
from store.models import Onward


def told(onward: Onward) -> str:
    return blocks.together(make.telling("together", make.partnership(onward=onward))).text


def test_finishing_is_told_in_the_same_words_as_meeting_informally() -> None:
    """Else one who wished for more, or said nothing, would know by elimination that the other wished to finish."""
    assert told(Onward.FINISH) == told(Onward.INFORMALLY)
    assert len({told(onward) for onward in Onward}) == 3
