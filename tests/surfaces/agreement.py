"""What a pair agrees on."""

from dataclasses import replace

import make
from hypothesis import strategies as st

import bot.agreement.blocks
from bot import terms as terms_of
from surfaces.anything import Scene, Surface, prose

BLOCKS = (bot.agreement.blocks,)


def shown(draw: st.DrawFn, scene: Scene) -> dict[str, Surface]:
    agreement = bot.agreement.blocks
    written = prose(agreement.MOST)
    terms = {
        **{term: draw(written) for term in ("purpose", "place", "private", "stop")},
        "often": draw(st.sampled_from([*terms_of.OFTEN, "of the past"])),
        "length": draw(st.sampled_from([*terms_of.LENGTH, "of the past"])),
    }
    agreed_at = draw(st.sampled_from([None, make.MONDAY]))
    version = make.agreement(draw(st.sampled_from([1, 2])), agreed_at=agreed_at, proposed_by=draw(st.integers(1, 2)))
    each = replace(scene.each, agreements=(version,))
    told = make.snapshot(each)
    standing = draw(st.sampled_from([None, terms]))
    return {
        "agreement.form": agreement.form(each, {}, None),
        "agreement.form changing": agreement.form(each, terms, version),
        "agreement.proposal": agreement.proposal(each, terms, version),
        "agreement.home": agreement.home(each, standing, version, make.words()),
        "agreement.home none": agreement.home(each, None, None, make.words()),
        "agreement.first_talk": agreement.first_talk(make.telling("first_talk", snapshot=told, agreement=standing)),
        "agreement.proposed": agreement.proposed(
            make.telling("agreement_proposed", snapshot=told, about=version.id, agreement=terms)
        ),
        "agreement.agreed": agreement.agreed(make.telling("agreement_agreed", snapshot=told, about=version.id)),
    }
