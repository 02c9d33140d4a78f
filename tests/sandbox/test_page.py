"""The page in a real browser, on a real local workspace with the tiny bot beside it."""

import re
from collections.abc import Iterator

import pytest
from nursery import Nursery
from playwright.sync_api import Browser, ConsoleMessage, Error, Page, expect

from sandbox import Sandbox
from tests.sandbox.conftest import tiny

WIDE, NARROW = {"width": 1280, "height": 800}, {"width": 390, "height": 844}


@pytest.fixture(scope="module")
def box(tmp_path_factory: pytest.TempPathFactory, nursery: Nursery | None) -> Iterator[Sandbox]:
    with tiny(tmp_path_factory.mktemp("workspace"), nursery) as box:
        yield box


@pytest.fixture(scope="module")
def window(chromium: Browser) -> Iterator[Page]:
    page = chromium.new_page(locale="en-GB", reduced_motion="reduce")
    page.set_default_timeout(8000)
    yield page
    page.close()


@pytest.fixture
def page(window: Page) -> Iterator[Page]:
    """A fresh page. What the browser complains of fails the test; a breach of the content policy is such a thing."""
    complaints: list[str] = []

    def hear(message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            complaints.append(message.text)

    def fail(error: Error) -> None:
        complaints.append(str(error))

    window.goto("about:blank")
    window.set_viewport_size(WIDE)
    window.on("console", hear)
    window.on("pageerror", fail)
    yield window
    window.remove_listener("console", hear)
    window.remove_listener("pageerror", fail)
    assert complaints == []


def visit(page: Page, box: Sandbox, who: str, rest: str = "") -> None:
    person = box.people[box.find(who)]
    page.goto(f"{box.url}/#as={person.id}{rest}")
    expect(page.get_by_role("button", name=f"Acting as {person.name}")).to_be_visible()


def say(page: Page, text: str) -> None:
    page.get_by_label("Message or command").fill(text)
    page.keyboard.press("Enter")


def test_a_wrong_form_stays_open_and_says_why_beside_the_field(page: Page, box: Sandbox) -> None:
    visit(page, box, "ana")
    say(page, "/tiny form")
    dialog = page.get_by_role("dialog", name="Join")
    dialog.get_by_label("Side").select_option("Mentor")
    dialog.get_by_label("About you").fill("wrong")
    dialog.get_by_role("button", name="Save").click()

    about = dialog.get_by_label("About you")
    expect(about).to_have_accessible_description("Say something else.")
    expect(about).to_have_value("wrong")
    expect(about).to_be_focused()
    expect(dialog.get_by_label("Side")).to_have_value("mentor")

    about.fill("better")
    expect(about).to_have_accessible_description("")


def test_a_right_form_closes_and_the_bot_has_what_was_put_in(page: Page, box: Sandbox) -> None:
    visit(page, box, "bea")
    say(page, "/tiny form")
    dialog = page.get_by_role("dialog", name="Join")
    dialog.get_by_label("Side").select_option("Mentee")
    dialog.get_by_label("First day").fill("2027-03-10")
    dialog.get_by_label("With whom").fill("Cem")
    dialog.get_by_role("option", name="Cem").click()
    dialog.get_by_label("Topic").fill("mu")
    dialog.get_by_role("option", name="Music").click()
    dialog.get_by_role("button", name="Save").click()

    expect(dialog).to_be_hidden()
    told = page.get_by_role("log")
    expect(told).to_contain_text('"selected_date": "2027-03-10"')
    expect(told).to_contain_text(f'"selected_user": "{box.find("cem")}"')
    expect(told).to_contain_text('"value": "music"')


def test_a_field_that_is_required_is_asked_for(page: Page, box: Sandbox) -> None:
    visit(page, box, "cem")
    say(page, "/tiny form")
    page.get_by_role("button", name="Save").click()

    expect(page.get_by_label("Side")).to_have_accessible_description(re.compile("required"))


def test_half_typed_text_and_the_focus_outlive_a_redraw(page: Page, box: Sandbox) -> None:
    visit(page, box, "dana")
    say(page, "/tiny form")
    about = page.get_by_label("About you")
    about.fill("half a sen")
    page.get_by_role("button", name="Redraw").click()
    expect(page.get_by_role("dialog", name="Again")).to_be_visible()
    expect(page.get_by_role("button", name="Redraw")).to_be_focused()
    about.press("End")
    box.write("dana", "something else happens meanwhile")

    expect(page.get_by_role("log", include_hidden=True)).to_contain_text("heard something else")
    expect(about).to_have_value("half a sen")
    expect(about).to_be_focused()


def test_escape_closes_the_top_of_a_stack_and_then_what_was_below(page: Page, box: Sandbox) -> None:
    visit(page, box, "esi")
    say(page, "/tiny form")
    page.get_by_label("About you").fill("kept")
    page.get_by_role("button", name="Push").click()
    expect(page.get_by_role("dialog", name="Second")).to_be_visible()

    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog", name="Join")).to_be_visible()
    expect(page.get_by_label("About you")).to_have_value("kept")

    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_be_hidden()
    expect(page.get_by_role("log")).to_contain_text("closed")


def test_a_press_changes_the_message_and_an_answer_can_be_for_me_only(page: Page, box: Sandbox) -> None:
    visit(page, box, "farid")
    say(page, "/tiny buttons")
    page.get_by_role("button", name="Yes").click()

    mine = page.get_by_role("listitem").filter(has_text="Only visible to you")
    expect(mine.get_by_role("button", name="Fine")).to_be_visible()
    expect(page.get_by_role("log")).to_contain_text("(edited)")
    expect(page.get_by_role("button", name="Yes")).to_be_hidden()


def test_the_commands_are_suggested_after_a_slash(page: Page, box: Sandbox) -> None:
    visit(page, box, "tomas")
    command = page.get_by_label("Message or command")
    command.fill("/ti")
    page.get_by_role("button", name="/tiny").click()

    expect(command).to_have_value("/tiny ")
    expect(command).to_be_focused()


def test_what_people_write_is_shown_as_they_wrote_it(page: Page, box: Sandbox) -> None:
    visit(page, box, "gita")
    written = "<img src=x onerror=\"document.title='hit'\"> <!channel> &amp; <script>alert(1)</script>"
    say(page, written)

    expect(page.get_by_text(written, exact=True)).to_be_visible()
    expect(page.get_by_text(f"heard {written}")).to_be_visible()
    expect(page.get_by_role("log").locator("img, script, .loud")).to_have_count(0)
    expect(page).not_to_have_title("hit")


def test_a_reply_stands_in_the_thread_and_so_does_the_answer(page: Page, box: Sandbox) -> None:
    visit(page, box, "hugo")
    say(page, "the first")
    first = page.get_by_role("listitem").filter(has_text="heard the first")
    first.hover()
    first.get_by_role("button", name="Reply in thread").click()
    say(page, "in the thread")

    expect(page.locator(".reply", has_text="heard in the thread")).to_be_visible()
    expect(page.get_by_text("Replying in the thread")).to_be_hidden()


def test_ones_own_message_is_edited_and_deleted(page: Page, box: Sandbox) -> None:
    visit(page, box, "hugo")
    say(page, "a slpi")
    own = page.get_by_role("listitem").filter(has=page.get_by_text("a slpi", exact=True))
    own.hover()
    own.get_by_role("button", name="Edit").click()
    say(page, "a slip")

    edited = page.get_by_role("listitem").filter(has=page.get_by_text("a slip", exact=True))
    expect(edited).to_contain_text("(edited)")
    expect(own).to_have_count(0)
    edited.hover()
    edited.get_by_role("button", name="Delete").click()
    expect(edited).to_have_count(0)
    heard = page.get_by_role("listitem").filter(has_text="heard a slpi")
    expect(heard.get_by_role("button", name="Edit")).to_have_count(0)


def test_home_is_asked_for_when_it_is_opened_and_its_buttons_work(page: Page, box: Sandbox) -> None:
    visit(page, box, "kavya")
    page.get_by_role("link", name="Home").click()
    page.get_by_role("button", name="Press me").click()
    page.get_by_role("link", name="Messages", exact=True).click()

    expect(page.get_by_role("log")).to_contain_text("from home")
    expect(page).to_have_url(re.compile("#as=U0KAVYAIYE"))


def test_an_address_opens_a_person_a_conversation_and_a_tab(page: Page, box: Sandbox) -> None:
    visit(page, box, "leila", f"&in={box.channel('#announcements')}")
    expect(page.get_by_role("heading", level=1)).to_have_text("#announcements")

    visit(page, box, "leila", "&tab=home")
    expect(page.get_by_role("button", name="Press me")).to_be_visible()


def test_one_can_become_somebody_else_and_see_what_they_have_not_read(page: Page, box: Sandbox) -> None:
    visit(page, box, "marcus", f"&in={box.channel('#announcements')}")
    box.command("jonas", "/tiny say for Jonas alone")
    page.get_by_role("button", name="Acting as").click()
    page.get_by_label("Find a person").fill("jonas")
    page.keyboard.press("Enter")

    apps = page.get_by_role("navigation").get_by_role("link").first
    expect(apps.get_by_label("1 unread")).to_be_visible()
    apps.click()
    expect(page.get_by_text("for Jonas alone")).to_be_visible()
    expect(apps.get_by_label("1 unread")).to_be_hidden()


def test_the_clock_moves_on_and_what_is_due_comes(page: Page, box: Sandbox) -> None:
    visit(page, box, "noor")
    say(page, "/tiny later 2")
    expect(page.get_by_label("Message or command")).to_have_value("")
    before = box.now
    page.get_by_role("button", name="Next thing due").click()

    expect(page.get_by_text(re.compile("after 2"))).to_be_visible()
    expect(page.get_by_text("It is now")).to_be_visible()
    assert box.now > before


def test_a_stopped_bot_is_told_of_and_can_be_started_again(page: Page, box: Sandbox) -> None:
    visit(page, box, "oliver")
    box.kill_bot()
    expect(page.get_by_role("status").filter(has_text="is not running")).to_be_visible()
    say(page, "/tiny form")
    expect(page.get_by_text("did not answer").first).to_be_visible()
    expect(page.get_by_label("Message or command")).to_have_value("/tiny form")

    page.get_by_role("main").get_by_role("button", name="Restart").click()
    expect(page.get_by_text("is not running")).to_be_hidden()


def test_a_file_can_be_downloaded(page: Page, box: Sandbox) -> None:
    visit(page, box, "priya")
    say(page, "/tiny upload")
    with page.expect_download() as downloading:
        page.get_by_role("link", name="meeting.ics").click()

    assert downloading.value.suggested_filename == "meeting.ics"


def test_in_a_narrow_window_the_conversations_are_a_drawer(page: Page, box: Sandbox) -> None:
    page.set_viewport_size(NARROW)
    visit(page, box, "ruth")
    link = page.get_by_role("link", name="announcements")
    expect(link).to_be_hidden()
    page.get_by_role("button", name="Conversations").click()
    link.click()

    expect(page.get_by_role("heading", level=1)).to_have_text("#announcements")
    expect(link).to_be_hidden()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
