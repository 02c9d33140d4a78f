"""The form of an agreement, how it is read and shown, and the messages about it."""

from collections.abc import Mapping

from bot.due import Builder, Message, Telling
from bot.prompts import Prompts
from bot.slack import kit
from bot.slack.kit import Block
from bot.terms import LENGTH, OFTEN, TERMS, said
from bot.terms import text as words_of
from store.models import Agreement
from store.snapshots import Partnership

FORM = "agreement.form"
AGREE = "agreement.agree"
CHANGE = "agreement.change"

MOST = 400  # characters of a term: all of it fits into a block however it is escaped
AT_A_GLANCE = 120
PRIVATE = "What we say stays between us. We ask each other before we tell anybody else."
STOP = "Either of us can stop at any time, without giving a reason."


def form(each: Partnership, terms: Mapping[str, str], latest: Agreement | None) -> Block:
    """Begins with what is agreed or proposed, else with words that can stay as they are."""
    partner = kit.mention(each.partner.slack_id)
    note = f"For you and {partner}, and nobody else: it is encrypted with a key of your pair's."
    if latest is not None and latest.agreed_at is None and latest.proposed_by == each.me.id:
        note += f" {partner} hasn't said yes yet; what you change here takes the place of it."
    elif latest is not None:
        note += f" What you change counts when {partner} has said yes to it, too."
    return kit.modal(
        FORM,
        "Our agreement",
        [
            kit.context(note),
            _lines("purpose", terms.get("purpose"), "What each of you would like from it. One line is enough."),
            kit.field("often", TERMS["often"], _menu(OFTEN, terms.get("often"))),
            _lines("place", terms.get("place"), "Online, in somebody's office, on a walk: whatever suits you both."),
            kit.field("length", TERMS["length"], _menu(LENGTH, terms.get("length", "45"))),
            _lines("private", terms.get("private", PRIVATE), None),
            _lines("stop", terms.get("stop", STOP), None),
        ],
        submit="Propose it",
        close="Not now",
        private=f"{each.pair.id}:{latest.version if latest else 0}",
    )


def _lines(term: str, initial: str | None, hint: str | None) -> Block:
    return kit.field(term, TERMS[term], kit.text_input(initial, many_lines=True, most=MOST), hint=hint)


def _menu(labels: Mapping[str, str], initial: str | None) -> Block:
    return kit.choose_one("static_select", kit.options(labels), initial, "Choose")


def read(answers: kit.Answers) -> dict[str, str]:
    """The terms by name. A term that is empty is left out."""
    found = {term: answers.one(term) if term in ("often", "length") else answers.text(term) for term in TERMS}
    return {term: said for term, said in found.items() if said}


def proposal(each: Partnership, terms: Mapping[str, str], latest: Agreement) -> Block:
    """Asks for one's yes to what the other proposes."""
    asks = f"{kit.mention(each.partner.slack_id)} proposes this for the two of you. It counts when you say yes."
    return kit.modal("agreement.proposal", "Our agreement", [kit.section(asks), *_terms(terms), _yes_or_change(latest)])


def _terms(terms: Mapping[str, str]) -> list[Block]:
    return [kit.section(f"*{name}*\n{kit.escape(what)}") for name, what in said(terms).items()]


def _yes_or_change(version: Agreement) -> Block:
    return kit.actions(
        kit.button(AGREE, "Yes, that's what we do", str(version.id), style="primary"),
        kit.button(CHANGE, "Change something", str(version.pair_id)),
    )


def home(
    each: Partnership, standing: Mapping[str, str] | None, latest: Agreement | None, prompts: Prompts
) -> list[Block]:
    """What they agreed, at a glance, and what waits for somebody's yes."""
    if each.pair.introduced_at is None:
        return []
    go = str(each.pair.id)
    if latest is None:
        offer = prompts.say("agreement.none", partner=kit.mention(each.partner.slack_id))
        return [kit.section(offer, kit.go("agree", "Write our agreement", go))]
    shown = f"*What you agreed*\n{_glance(standing)}" if standing else "*Your agreement*"
    blocks = [kit.section(shown, kit.go("agree", "Read or change it", go))]
    if latest.agreed_at is None:
        blocks.append(kit.context(_waits(each, latest)))
    return blocks


def _glance(terms: Mapping[str, str]) -> str:
    shown = {name: kit.shorten(" ".join(what.split()), AT_A_GLANCE) for name, what in said(terms).items()}
    return "\n".join(f"• {name}: {kit.escape(what)}" for name, what in shown.items())


def _waits(each: Partnership, latest: Agreement) -> str:
    partner = kit.mention(each.partner.slack_id)
    if latest.proposed_by == each.me.id:
        return f"What you proposed waits for {partner}'s yes."
    return f"{partner} has proposed something new. It waits for your yes."


def first_talk(telling: Telling) -> Message:
    """To one of the two before their first talk: a short guide, and the agreement."""
    each, prompts = telling.partnership, telling.prompts
    partner = kit.mention(each.partner.slack_id)
    guide = prompts.say(f"first_talk.{each.mine.side}", partner=partner)
    go = kit.go("agree", "Read or change it" if telling.agreement else "Write our agreement", str(each.pair.id))
    if telling.agreement is None:
        more = prompts.say("agreement.none", partner=partner)
        return Message(f"{guide}\n\n{more}", [kit.section(guide), kit.section(more), kit.actions(go)])
    more = f"{prompts.say('agreement.stands')}\n{_glance(telling.agreement)}"
    return Message(f"{guide}\n\n{more}", [kit.section(guide), kit.section(more), kit.actions(go)])


def proposed(telling: Telling) -> Message:
    """To one of the two: what the other proposes, in all its words."""
    terms = telling.agreement or {}
    version = next(each for each in telling.partnership.agreements if each.id == telling.nudge.about)
    if any(each.agreed_at for each in telling.partnership.agreements):
        name = "agreement_proposed.again"
    else:
        name = "agreement_proposed" if version.version == 1 else "agreement_proposed.other"
    asked = telling.prompts.say(name, partner=kit.mention(telling.partnership.partner.slack_id))
    text = f"{asked}\n\n{kit.escape(words_of(terms))}"
    return Message(text, [kit.section(asked), *_terms(terms), _yes_or_change(version)])


def agreed(telling: Telling) -> Message:
    text = telling.prompts.say("agreement_agreed", partner=kit.mention(telling.partnership.partner.slack_id))
    return Message(text, [kit.section(text)])


MESSAGES: Mapping[str, Builder] = {
    "first_talk": first_talk,
    "agreement_proposed": proposed,
    "agreement_agreed": agreed,
}
