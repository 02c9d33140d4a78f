"""What somebody meant by what they wrote: names of a list, numbers, people, yes and no."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

YES = {"yes", "y", "yep", "yeah", "ok", "okay", "sure", "right", "that's right", "that is right", "correct", "true"}
NO = {"no", "n", "nope", "wrong", "that's wrong", "not right", "no thanks", "no thank you"}
NOTHING = {"none", "nothing", "nobody", "no one", "noone", "no-one", "-", "n/a"}
EVERYTHING = {"any", "all", "both", "any time", "anytime", "always", "all of them", "either"}

CLOSE = 0.8  # of 1: how alike two spellings must be
SHORTEST_PART = 3  # letters of a name that stand for the whole of it
MENTION = re.compile(r"<@([UW][A-Z0-9]{2,})(?:\|[^>]*)?>")
EMOJI = re.compile(r":[\w+'-]+:")
COUNTED = re.compile(r"(?m)^\s*(?:\d{1,3}[.)]|[-•*])\s+(?=[^\W\d])")
CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")
JOINED = re.compile(r"\s+(?:and|&|\+|then)\s+", re.IGNORECASE)
JOINING = re.compile(r"^(?:and|&|\+|or|then)\s+|\s+(?:and|&|\+|or|then)$", re.IGNORECASE)
NUMBERS = re.compile(r"(?:\d{1,4}|and|&|\+|[.\s])+", re.IGNORECASE)
FILLERS = frozenset(
    re.findall(
        r"\S+",
        "a about also am an and as be can could d do for i i'd i'm in is it like learn love m maybe me my of offer on "
        "or please prefer show speak talk teach the then think to want with would",
    )
)


def word(text: str) -> str:
    """A short answer as it can be looked up: small letters, plain apostrophes, no marks at its end."""
    return " ".join(text.replace("’", "'").casefold().split()).strip(" .,!?…\"'“”*_")


def is_wordless(text: str) -> bool:
    """Nothing in it can be read: emoji, dots, dashes."""
    return word(text) not in NOTHING and not any(sign.isalnum() for sign in EMOJI.sub("", text))


def people(text: str) -> tuple[str, ...]:
    """The Slack ids of those who are mentioned, in order, each once."""
    return tuple(dict.fromkeys(MENTION.findall(text)))


@dataclass(frozen=True)
class Listed:
    """What of a list was named."""

    ids: tuple[str, ...] = ()
    """In the order in which they were named, each once."""
    strange: tuple[str, ...] = ()
    """Pieces that name nothing in the list."""
    several: tuple[tuple[str, tuple[str, ...]], ...] = ()
    """Pieces that could be several of it, each with the ids."""


def listed(text: str, names: Mapping[str, Sequence[str]]) -> Listed:
    """What was named of a list, id to the names it goes by: by a name, its place in the list, or a close spelling."""
    known = {_fold(name): each for each, called in names.items() for name in called}
    ids, strange, several = [], [], []
    for piece in _pieces(text, known):
        if piece.startswith("\0"):
            ids.append(known[piece[1:]])
            continue
        for part in _parts(piece, names, known):
            meant = _meant(part, names, known)
            if len(meant) == 1:
                ids.append(meant[0])
            elif meant:
                several.append((part, meant))
            else:
                strange.append(part)
    return Listed(_once(ids), _once(strange), tuple(several))


def _once(found: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(found))


def _fold(text: str) -> str:
    return " ".join(text.split()).casefold()


def _pieces(text: str, known: Mapping[str, str]) -> Iterator[str]:
    """What stands between commas. A whole name, which may have commas of its own, comes out as "\\0name"."""
    text = COUNTED.sub("", CONTROL.sub("", text))
    text = re.sub(r"\s*[\n;]\s*", ",", text)
    text = re.sub(r"\s+", " ", text)
    whole = sorted(known, key=len, reverse=True)
    if whole:
        any_name = "|".join(re.escape(name) for name in whole)
        text = re.sub(
            rf"(?<!\w)(?:{any_name})(?!\w)",
            lambda found: f"\1\0{_fold(found[0])}\1" if _fold(found[0]) in known else found[0],
            text,
            flags=re.IGNORECASE,
        )
    for between in text.split("\1"):
        if between.startswith("\0"):
            yield between
        else:
            yield from filter(None, map(_trimmed, between.split(",")))


def _trimmed(piece: str) -> str:
    """Without marks around it; nothing, if it is only such words as stand between the names of a list."""
    piece = JOINING.sub("", piece.strip(' .!?…"“”*_–-'))
    return "" if set(word(piece).split()) <= FILLERS else piece.strip()


def _parts(piece: str, names: Mapping[str, Sequence[str]], known: Mapping[str, str]) -> Sequence[str]:
    """ "1 and 3" and "data and meetings" are two; "rock and roll" is one, if its halves say nothing."""
    if NUMBERS.fullmatch(piece) and any(sign.isdigit() for sign in piece):
        return re.findall(r"\d+", piece)
    halves = [half for half in map(_trimmed, JOINED.split(piece)) if half]
    if len(halves) > 1 and not _meant(piece, names, known) and all(_meant(half, names, known) for half in halves):
        return halves
    return [piece]


def _meant(piece: str, names: Mapping[str, Sequence[str]], known: Mapping[str, str]) -> tuple[str, ...]:
    """The ids it may stand for, if need be without the words around what is meant."""
    folded = _fold(piece)
    return _named(folded, names, known) or _named(_bare(folded), names, known)


def _bare(folded: str) -> str:
    """Without "I'd like to learn about" before it and "please" after it."""
    said = folded.split()
    meant = [place for place, each in enumerate(said) if each.strip(".,!?") not in FILLERS]
    return " ".join(said[meant[0] : meant[-1] + 1]) if meant else ""


def _named(folded: str, names: Mapping[str, Sequence[str]], known: Mapping[str, str]) -> tuple[str, ...]:
    if folded in known:
        return (known[folded],)
    if folded.isdecimal() and len(folded) < 5:
        return tuple(names)[int(folded) - 1 : int(folded)] if int(folded) else ()
    if len(folded) >= SHORTEST_PART:
        starts = re.compile(rf"(?<!\w){re.escape(folded)}")
        within = _once(each for name, each in known.items() if starts.search(name))
        if within:
            return within
    close = get_close_matches(folded, known, n=1, cutoff=CLOSE)
    return (known[close[0]],) if close else ()
