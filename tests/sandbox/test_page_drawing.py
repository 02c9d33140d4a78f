"""How the page draws mrkdwn, blocks and elements, and what it tells the server of each: the state is made up here."""

import json
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlparse

import pytest
from playwright.sync_api import Page, Route, expect

from sandbox.ui import HEADERS, PAGE, TYPES
from tests.sandbox.test_page import window  # noqa: F401

ADDRESS = "http://workspace.test"
ANA, BOT, ZONE = "U0ANA", "U0BOT", "America/New_York"
Draw = Callable[..., Page]

# Half past ten on the day after New York's clocks went forward.
MOMENT = 1805121000

MRKDWN = {
    "*bold* _leaning_ ~gone~ `a *b*`": ["<strong>bold", "<em>leaning", "<s>gone", "<code>a *b*<"],
    "2 * 3 * 4 and snake_case_name": [">2 * 3 * 4 and snake_case_name<"],
    "*bold and _both_*": ["<strong>bold and <em>both</em></strong>"],
    "a &lt;b&gt; &amp;amp; c": ["a &lt;b&gt; &amp;amp; c"],
    "<https://a.example/x_y_z?a=1&amp;b=2|the _site_>": ['href="https://a.example/x_y_z?a=1&amp;b=2"', "the <em>site"],
    "see https://a.example/x.": ['href="https://a.example/x"', "</a>."],
    "<javascript:alert(1)|press me>": ["&lt;javascript:alert(1)|press me&gt;"],
    "<img src=x onerror=alert(1)>": ["&lt;img src=x onerror=alert(1)&gt;"],
    f"<@{ANA}> and <@U0NOBODY>": ['class="mention me">@Ana Duarte<', 'class="mention">@somebody<'],
    "<#C0NEWS> <#C0SECRET|>": ["#news</a>", ">#a private channel<"],
    "<!channel> <!here|here>": ['class="mention loud">@channel<', ">@here<"],
    f"<!date^{MOMENT}^{{date_long}} at {{time}}|later>": [">Monday 15 March 2027 at 10:30<"],
    f"<!date^{MOMENT}^{{date_short_pretty}}|later>": [">tomorrow<"],
    "<!date^soon^{date}|later>": [">later<"],
    "&gt; said\n&gt; twice\nnot said": ["<blockquote>said\ntwice</blockquote>", "<span>not said</span>"],
    "Three:\n• one\n• two": ["<li>one</li><li>two</li>"],
    "```\na = *b*\n```": ["<pre>a = *b*</pre>"],
    ":wave: :no_such_thing:": ["👋 :no_such_thing:"],
}  # fmt: skip


def plain(text: str) -> dict[str, str]:
    return {"type": "plain_text", "text": text}


def option(text: str) -> dict[str, Any]:
    return {"text": plain(text), "value": text.lower()}


OPTIONS = [option("One"), option("Two")]


def element(kind: str, **more: Any) -> dict[str, Any]:
    return {"type": kind, "action_id": "v"} | more


def asked(label: str, inside: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"type": "input", "block_id": label, "label": plain(label), "element": inside} | more


def pressed(inside: dict[str, Any]) -> dict[str, Any]:
    return {"type": "actions", "block_id": "b", "elements": [inside]}


def person(user: str, name: str, **more: Any) -> dict[str, Any]:
    return {"id": user, "name": name, "handle": name, "title": "", "department": "", "zone": ZONE} | more


def workspace(texts: list[str], blocks: list[Any], modal: list[Any]) -> dict[str, Any]:
    said = [{"ts": f"{MOMENT - 86000 + at}.0", "user": BOT, "text": text, "files": []} for at, text in enumerate(texts)]
    drawn = {"ts": f"{MOMENT - 80000}.0", "user": BOT, "text": "drawn", "blocks": blocks, "files": []}
    view = {"id": "V1", "title": plain("A form"), "submit": plain("Send it"), "blocks": modal}
    people = [person(ANA, "Ana Duarte"), person("U0BEA", "Bea Whitlock"), person(BOT, "Bot", is_bot=True)]
    members = {"D1": ("im", "", [ANA, BOT]), "C0NEWS": ("channel", "news", [ANA])}
    return {
        "rev": 1,
        "now": "2027-03-14T14:30:00Z",
        "bot": {"running": True, "id": BOT, "name": "Bot"},
        "me": people[0],
        "team": {"id": "T1", "name": "A company"},
        "people": people,
        "conversations": [
            {"id": place, "kind": kind, "name": name, "members": inside, "unread": 0, "latest_ts": None}
            for place, (kind, name, inside) in members.items()
        ],
        "messages": {"D1": [*said, drawn] if blocks else said},
        "home": None,
        "modals": [view] if modal else [],
        "notice": None,
    }


@pytest.fixture
def acts() -> list[dict[str, Any]]:
    """What the page told the server."""
    return []


@pytest.fixture
def state() -> dict[str, Any]:
    """What the server has to tell at present."""
    return {}


@pytest.fixture
def draw(window: Page, acts: list[dict[str, Any]], state: dict[str, Any]) -> Iterator[Draw]:  # noqa: F811
    """Draws a state of the test's own. What is asked of any other machine fails the test."""
    asked_for: list[str] = []

    def answer(route: Route) -> None:
        url = urlparse(route.request.url)
        asked_for.append(url.hostname or "")
        if url.path == "/ui/act":
            acts.append(json.loads(route.request.post_data or ""))
            answered = {"ok": True, "options": OPTIONS, "file": "F1"}
            return route.fulfill(json=answered, headers=HEADERS)
        if url.path == "/ui/state":
            return route.fulfill(json=state, headers=HEADERS)
        file = PAGE / (url.path.strip("/") or "index.html")
        return route.fulfill(path=file, headers=HEADERS, content_type=TYPES[file.suffix])

    def show(*texts: str, blocks: list[Any] | None = None, modal: list[Any] | None = None) -> Page:
        state.update(workspace(list(texts), blocks or [], modal or []))
        window.goto(ADDRESS)
        expect(window.get_by_role("log", include_hidden=True)).to_be_visible()
        return window

    window.route("**/*", answer)
    yield show
    window.goto("about:blank")
    window.unroute("**/*")
    assert set(asked_for) == {"workspace.test"}


@pytest.mark.parametrize(
    "way", ["innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "DOMParser", "eval("]
)
def test_nothing_on_the_page_makes_markup_of_text(way: str) -> None:
    assert [file.name for file in PAGE.glob("*.js") if way in file.read_text()] == []


def test_mrkdwn_is_drawn_as_slack_draws_it(draw: Draw) -> None:
    page = draw(*MRKDWN)

    drawn = page.locator(".messages .blocks").evaluate_all("all => all.map(one => one.innerHTML)")
    wrong = {
        text: html
        for (text, parts), html in zip(MRKDWN.items(), drawn, strict=True)
        if not all(part in html for part in parts)
    }
    assert wrong == {}


def test_each_input_gives_its_raw_value(draw: Draw, acts: list[dict[str, Any]]) -> None:
    page = draw(
        modal=[
            asked("Words", element("plain_text_input", multiline=True)),
            asked("Number", element("number_input", is_decimal_allowed=False)),
            asked("Mail", element("email_text_input")),
            asked("Site", element("url_text_input", initial_value="https://a.example")),
            asked("Menu", element("static_select", option_groups=[{"label": plain("All"), "options": OPTIONS}])),
            asked("Several", element("multi_static_select", options=OPTIONS, initial_options=OPTIONS[:1])),
            asked("Far away", element("external_select", min_query_length=1)),
            asked("Somebody", element("users_select", initial_user="U0BEA")),
            asked("Colleagues", element("multi_users_select")),
            asked("Place", element("conversations_select")),
            asked("Channel", element("channels_select")),
            asked("Radio", element("radio_buttons", options=OPTIONS)),
            asked("Boxes", element("checkboxes", options=[option("Three"), option("Four")])),
            asked("Day", element("datepicker")),
            asked("Time", element("timepicker", initial_time="09:30")),
            asked("Moment", element("datetimepicker", initial_date_time=MOMENT)),
            asked("Nothing", element("plain_text_input")),
        ]
    )

    form = page.get_by_role("dialog", name="A form")
    form.get_by_label("Words").fill("one\ntwo")
    form.get_by_label("Number").fill("7")
    form.get_by_label("Mail").fill("a@b.example")
    form.get_by_label("Menu").select_option("Two")
    form.get_by_label("Several").click()
    form.get_by_role("listbox").get_by_role("option", name="Two").click()
    form.get_by_label("Far away").fill("tw")
    form.get_by_role("listbox").get_by_role("option", name="Two").click()
    form.get_by_label("Colleagues").fill("bea")
    form.get_by_role("option", name="Bea").click()
    page.keyboard.press("Escape")
    form.get_by_label("Place").click()
    form.get_by_role("option", name="Bot").click()
    form.get_by_label("Channel").click()
    form.get_by_role("option", name="#news").click()
    form.get_by_role("radio", name="One").check()
    form.get_by_role("checkbox", name="Four").check()
    form.get_by_label("Day").fill("2027-03-20")
    with page.expect_response("**/ui/act"):
        form.get_by_role("button", name="Send it").click()

    sent = {block: values["v"] for block, values in acts[-1]["values"].items()}
    assert acts[-1]["do"] == "submit"
    assert acts[-1]["view"] == "V1"
    assert sent == {
        "Words": "one\ntwo", "Number": "7", "Mail": "a@b.example", "Site": "https://a.example", "Menu": "two",
        "Several": ["one", "two"], "Far away": "two", "Somebody": "U0BEA", "Colleagues": ["U0BEA"], "Place": "D1",
        "Channel": "C0NEWS", "Radio": "one", "Boxes": ["four"], "Day": "2027-03-20", "Time": "09:30",
        "Moment": str(MOMENT), "Nothing": None,
    }  # fmt: skip


def test_a_moment_is_set_in_the_zone_of_the_person(draw: Draw, acts: list[dict[str, Any]]) -> None:
    page = draw(blocks=[pressed(element("datetimepicker", initial_date_time=MOMENT))])
    field = page.get_by_label("datetimepicker")
    expect(field).to_have_value("2027-03-15T10:30")

    with page.expect_response("**/ui/act"):
        field.fill("2027-03-13T10:30")

    two_days_and_the_hour_that_was_skipped = 2 * 86400 - 3600
    assert acts[-1]["chosen"] == str(MOMENT - two_days_and_the_hour_that_was_skipped)


def test_a_chosen_file_goes_to_the_workspace_and_the_form_holds_its_id(draw: Draw, acts: list[dict[str, Any]]) -> None:
    page = draw(modal=[asked("The file", element("file_input", filetypes=["csv"], max_files=1))])
    field = page.get_by_label("The file")
    assert field.get_attribute("accept") == ".csv"

    with page.expect_response("**/ui/act"):
        field.set_input_files({"name": "people.csv", "mimeType": "text/csv", "buffer": b"Ren\xe9"})
    expect(page.get_by_role("status").filter(has_text="people.csv")).to_be_visible()
    with page.expect_response("**/ui/act"):
        page.get_by_role("button", name="Send it").click()

    assert (acts[0]["do"], acts[0]["name"], acts[0]["content"]) == ("upload", "people.csv", "UmVu6Q==")
    assert acts[1]["values"] == {"The file": {"v": ["F1"]}}


@pytest.mark.parametrize("kind", ["carousel", "icon_button"])
def test_what_the_page_does_not_know_is_a_visible_warning(draw: Draw, kind: str) -> None:
    page = draw(blocks=[{"type": "carousel", "block_id": "c"}, pressed(element("icon_button"))])

    expect(page.get_by_role("note").filter(has_text=f"“{kind}”")).to_be_visible()


def test_a_picture_from_elsewhere_is_its_words_and_nothing_is_fetched(draw: Draw) -> None:
    elsewhere = {
        "type": "image",
        "block_id": "i",
        "image_url": "https://a.example/p.png",
        "alt_text": "Two people",
    }
    page = draw(blocks=[elsewhere])

    expect(page.get_by_role("img", name="Two people")).to_be_visible()


def test_rich_text_is_literal(draw: Draw) -> None:
    written = {"type": "text", "text": "*not bold* <b> &amp; <!channel>", "style": {"italic": True}}
    line = {"type": "rich_text_section", "elements": [written, {"type": "user", "user_id": ANA}]}
    listed = {"type": "rich_text_list", "style": "ordered", "elements": [line]}
    page = draw(blocks=[{"type": "rich_text", "block_id": "r", "elements": [listed]}])

    expect(page.locator("ol.indent-0 li em")).to_have_text("*not bold* <b> &amp; <!channel>")
    expect(page.locator("li .mention.me")).to_have_text("@Ana Duarte")


def test_a_danger_asks_first_and_no_means_no(draw: Draw, acts: list[dict[str, Any]]) -> None:
    question = {
        "title": plain("Sure?"),
        "text": plain("It is gone then."),
        "confirm": plain("Erase"),
        "deny": plain("Keep"),
    }
    page = draw(blocks=[pressed(element("button", text=plain("Erase all"), style="danger", confirm=question))])
    page.get_by_role("button", name="Erase all").click()
    page.get_by_role("dialog", name="Sure?").get_by_role("button", name="Keep").click()
    page.get_by_role("button", name="Erase all").click()
    with page.expect_response("**/ui/act"):
        page.get_by_role("dialog", name="Sure?").get_by_role("button", name="Erase").click()

    assert [act["do"] for act in acts] == ["press"]


def test_a_link_button_tells_the_bot_too(draw: Draw, acts: list[dict[str, Any]]) -> None:
    page = draw(blocks=[pressed(element("button", text=plain("Look"), url=f"{ADDRESS}/style.css"))])
    with page.expect_popup() as opened, page.expect_response("**/ui/act"):
        page.get_by_role("link", name="Look").click()
    opened.value.close()

    assert acts[-1]["action_id"] == "v"


def test_a_menu_of_more_is_worked_with_the_keyboard(draw: Draw, acts: list[dict[str, Any]]) -> None:
    page = draw(blocks=[pressed(element("overflow", options=OPTIONS))])
    page.get_by_role("button", name="More").press("Enter")
    page.keyboard.press("ArrowDown")
    with page.expect_response("**/ui/act"):
        page.keyboard.press("Enter")

    assert acts[-1] | {"values": {}} == {
        "as": ANA, "do": "press", "message": {"channel": "D1", "ts": f"{MOMENT - 80000}.0"}, "block_id": "b",
        "action_id": "v", "chosen": "two", "values": {},
    }  # fmt: skip


def test_a_field_that_is_drawn_anew_keeps_its_text_its_caret_and_the_focus(draw: Draw, state: dict[str, Any]) -> None:
    page = draw(modal=[asked("Old", element("plain_text_input"))])
    page.get_by_label("Old").fill("half a sentence")
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("ArrowLeft")
    state["rev"] = 2
    state["modals"][0]["blocks"] = [asked("Old", element("plain_text_input")) | {"label": plain("New")}]

    field = page.get_by_label("New")
    expect(field).to_have_value("half a sentence")
    expect(field).to_be_focused()
    assert field.evaluate("field => field.selectionStart") == len("half a senten")


def test_a_button_that_changes_its_words_keeps_the_focus(draw: Draw, state: dict[str, Any]) -> None:
    page = draw(blocks=[pressed(element("button", text=plain("Old")))])
    page.get_by_role("button", name="Old").focus()
    state["rev"] = 2
    state["messages"]["D1"][-1]["blocks"] = [pressed(element("button", text=plain("New")))]

    expect(page.get_by_role("button", name="New")).to_be_focused()


def test_the_focus_stays_inside_an_open_form(draw: Draw) -> None:
    page = draw(modal=[asked("Only", element("plain_text_input"))])
    expect(page.get_by_label("Only")).to_be_focused()
    for _ in range(8):
        page.keyboard.press("Tab")

    assert page.evaluate("document.activeElement === document.body || !!document.activeElement.closest('dialog')")
