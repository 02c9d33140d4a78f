"""Introductions, rounds, broken rules, and pairs that end."""

import make
from hypothesis import strategies as st

import bot.pairing.blocks
import bot.pairing.news_blocks
import bot.pairing.parting_blocks
from bot.pairing.rules import ASK_AGAIN
from store.models import Programme
from store.publications import Lost, Publication
from store.repairs import Repair
from store.snapshots import Running
from surfaces.anything import Scene, Surface, broken, persons, reasons

BLOCKS = (bot.pairing.blocks, bot.pairing.news_blocks, bot.pairing.parting_blocks)


def shown(draw: st.DrawFn, scene: Scene) -> dict[str, Surface]:
    blocks, parting = bot.pairing.blocks, bot.pairing.parting_blocks
    watched = make.snapshot(person=make.person("U0RUTH", id=9), runs=(broken(draw, scene.programme),))
    return {
        "pairing.introduction": scene.tell(blocks.introduction, "introduction"),
        "pairing.round_ready": scene.tell(blocks.round_ready, "round_ready", about=7),
        "pairing.rule_broken": blocks.rule_broken(
            make.telling("rule_broken", snapshot=watched, about=scene.programme.id, due_at=make.MONDAY)
        ),
        "pairing.rule_broken again": blocks.rule_broken(
            make.telling("rule_broken", snapshot=watched, about=scene.programme.id, due_at=make.MONDAY + ASK_AGAIN)
        ),
        "pairing.confirm_parting": parting.confirm_parting(scene.each),
        "pairing.which_to_part": parting.which_to_part([scene.each, scene.each]),
        "pairing.why_you": blocks.why_you(scene.each, make.words()),
        "pairing.home": blocks.home(broken(draw, scene.programme).broken, make.person(id=9), make.words()),
        **_news(draw, scene.programme),
    }


def _news(draw: st.DrawFn, programme: Programme) -> dict[str, Surface]:
    """What coordinators hear of rounds that go on without them, of few pairs or of thousands."""
    blocks, counts = bot.pairing.news_blocks, st.sampled_from([0, 1, 12, 10_000])
    whys = st.sampled_from(["refused", "not_available", "same_team", "reporting_line"])
    lost = tuple(Lost(draw(persons), draw(persons), draw(whys)) for _ in range(draw(st.sampled_from([0, 1, 10]))))
    made = make.round_(placed=draw(counts), is_weekly=True, insight={"dropped": draw(st.sampled_from([[], [[1, 2]]]))})
    made.progress = {"done": 9, "of": draw(counts)}
    found = Publication(made, programme, draw(counts), draw(counts), lost, len(lost) + draw(counts))
    couples = [(make.proposal(reasons=draw(reasons)), draw(persons), draw(persons)) for _ in range(3)]
    repair = Repair(made, programme, draw(persons), tuple(couples[: draw(st.sampled_from([1, 3]))]))
    running = Running(programme, (), (), ())
    told = make.snapshot(publications=(found,), repairs=(repair,), asked=(made,), runs=(running,))
    telling = make.telling("publication", snapshot=told, about=made.id)
    return {
        "pairing.publication": blocks.publication(telling),
        "pairing.how_far": blocks.how_far(found, make.words()),
        "pairing.weekly_ready": blocks.weekly_ready(telling),
        "pairing.repair_ready": blocks.repair_ready(telling),
        "pairing.repairs_home": blocks.repairs_home(
            [repair] * draw(st.sampled_from([0, 1, 30])), make.person("U0RUTH", id=9), make.words()
        ),
    }
