"""Where people are known from, and files of people."""

import make
from hypothesis import strategies as st

import bot.directory.blocks
from store.models import Source
from surfaces.anything import Scene, Surface, named, persons, prose

BLOCKS = (bot.directory.blocks,)


def shown(draw: st.DrawFn, _: Scene) -> dict[str, Surface]:
    blocks, counts = bot.directory.blocks, st.sampled_from([0, 1, 12, 50_000])
    lines = st.lists(st.just("line 7: managers must be Slack ids") | prose(400), max_size=12)
    report = {name: draw(counts) for name in ("added", "changed", "same", "gone", "skipped", "problem_count")}
    report |= {name: draw(lines) for name in ("problems", "warnings", "notes")} | {"is_done": draw(st.booleans())}
    kept = {"checked": report, "done": report} | draw(
        st.just({}) | st.sampled_from(sorted(blocks.TROUBLES)).map(lambda trouble: {"trouble": trouble})
    )
    upload = make.upload(name=draw(prose(100)), report=kept, is_partial=draw(st.booleans()))
    told = make.snapshot(uploads=(upload,))
    fields = draw(st.lists(profile_fields, max_size=150, unique_by=lambda field: field["id"]))
    mapped = draw(st.dictionaries(st.sampled_from(sorted(blocks.FIELDS)), st.sampled_from(["Xf00000001", "XfGONE"])))
    many = st.sampled_from([0, 1, 45])
    return {
        "directory.working": blocks.working(),
        "directory.said": blocks.said(blocks.NO_FILE_SCOPE),
        "directory.desk": blocks.desk(
            blocks.Desk(
                sources=[
                    blocks.SourceState(
                        source,
                        draw(st.sampled_from([None, make.MONDAY])),
                        draw(counts),
                        draw(st.sampled_from([None, "missing_scope", "ratelimited", "http_401", "x" * 100])),
                        draw(counts),
                    )
                    for source in Source
                    if source is not Source.PERSON
                ],
                order=list(Source),
                circles=[draw(st.lists(named(80), min_size=1, max_size=30))] * draw(many),
                dangling=[draw(named(80))] * draw(many),
                lacking=[blocks.Lacking(draw(persons), ["manager", "team", "level"])] * draw(many),
            )
        ),
        "directory.fields_form": blocks.fields_form(fields, mapped),
        "directory.upload_form": blocks.upload_form(),
        "directory.sent": blocks.sent(draw(prose(100))),
        "directory.upload_checked": blocks.upload_checked(make.telling("upload_checked", snapshot=told, about=71)),
        "directory.upload_done": blocks.upload_done(make.telling("upload_done", snapshot=told, about=71)),
    }


profile_fields = st.fixed_dictionaries(
    {
        "id": st.integers(0, 200).map(lambda number: f"Xf{number:08}"),
        "ordering": st.integers(0, 200),
        "label": st.just("") | named(120),
        "type": st.sampled_from(["user", "text", "options_list", "date", "link"]),
        "is_hidden": st.booleans(),
    }
)
