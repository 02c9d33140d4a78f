"""What coordinators can press and send about rounds and pairs."""

from collections.abc import Mapping

from bot.pairing import deciding, parting
from bot.pairing.review import reviewing, starting, weighing, whatif
from bot.slack.listening import Filed, Word

match = starting.match

PRESSES: Mapping[str, Word] = {
    **starting.PRESSES,
    **reviewing.PRESSES,
    **whatif.PRESSES,
    **parting.PRESSES,
    **deciding.PRESSES,
    **weighing.PRESSES,
}
FORMS: Mapping[str, Filed] = {**reviewing.FORMS, **weighing.FORMS}
