// The middle of the page: the heading of a conversation, its messages, or the bot's Home.
import { showBlocks } from "./blocks.js";
import { avatar, el, keep } from "./dom.js";
import { messages } from "./messages.js";
import { peopleFirst } from "./people.js";
import { act, state } from "./server.js";
import { botButton, titleOf } from "./sidebar.js";
import { address, botsDm, conversation, isHome } from "./whereabouts.js";

export function heading(host) {
  return () => {
    const here = conversation();
    const isBot = here.id === botsDm()?.id;
    const tabs = isBot && ["home", "messages"].map((tab) => address({ in: here.id, tab }));
    const item = { title: titleOf(here), kind: here.kind, members: here.members, isBot, isHome: isHome(), tabs };
    document.title = `${item.title} · ${state.team.name}`;
    keep(host, [item], () => "heading", drawHeading);
  };
}

const FACES = 4;

function drawHeading({ title, kind, members, isBot, isHome: home, tabs }) {
  const people = peopleFirst(members);
  const faces = people.filter(({ id }) => id !== state.me.id).slice(0, FACES);
  const name = el("div.title", {},
    kind === "channel" ? null : el("span.faces", {}, faces.map((person) => avatar(person, ".little"))),
    el("h1", {}, title), isBot && el("span.badge.plain", {}, "app"));
  const about = { channel: `${members.length} members`, mpim: people.map(({ name: each }) => each).join(", ") }[kind];
  return el("div", {}, name, about && el("p.faint", {}, about), tabs && tabBar(tabs, home));
}

const tabBar = ([toHome, toMessages], isAtHome) =>
  el("div.tabs", { role: "group", "aria-label": "Tabs" },
    tab("Home", toHome, isAtHome), tab("Messages", toMessages, !isAtHome));

const tab = (label, href, isHere) =>
  el("a.tab", { href, "data-focus": `tab ${label}`, "aria-current": isHere ? "page" : null }, label);

/** What the page has to say about itself: the bot is down, the server is gone, Slack has a word for this person. */
export function banner(host) {
  let dismissed = null;
  return ({ lost }) => {
    if (state.notice !== dismissed) dismissed = null;
    const lines = [
      lost && { text: "The local workspace does not answer. Start it again with “make run”." },
      !lost && !state.bot.running && { text: `${state.bot.name} is not running.`, isBot: true },
      state.notice && !dismissed && { text: spoken(state.notice), isNotice: true },
    ].filter(Boolean);
    keep(host, lines, ({ text }) => text, (line) => drawLine(line, () => {
      dismissed = state.notice;
      host.querySelector(".notice")?.remove();
    }));
  };
}

/** Slack's own word for it is kept: it is what one would search for. */
const spoken = (notice) =>
  notice === "operation_timeout" ? `${state.bot.name} did not answer in time (operation_timeout).` : notice;

const drawLine = ({ text, isBot, isNotice }, dismiss) =>
  el(isNotice ? "div.line.notice" : "div.line", {}, el("span", {}, text), isBot && botButton("Restart", "start"),
    isNotice && el("button.quiet.x", { type: "button", "aria-label": "Dismiss", onclick: dismiss }));

export function stage(host, replyTo) {
  const home = el("div.home", { tabindex: "0", role: "region", "aria-label": "Home" }, el("div.sheet"));
  const talk = el("div.talk");
  const drawMessages = messages(talk, replyTo);
  let shownHome = null;
  let openedHome = null;
  let read = "";
  host.append(home, talk);

  return () => {
    const isAtHome = isHome();
    if (home.hidden === isAtHome) home.hidden = !isAtHome;
    if (talk.hidden !== isAtHome) talk.hidden = isAtHome;
    if (isAtHome) drawHome();
    else drawTalk();
  };

  function drawHome() {
    const opened = state.me.id;
    if (openedHome !== opened) {
      openedHome = opened;
      act({ do: "home" });
    }
    const sheet = home.firstChild;
    const isOther = shownHome !== `${opened} ${state.home?.id}`;
    shownHome = `${opened} ${state.home?.id}`;
    if (isOther) sheet.replaceChildren();
    if (state.home) showBlocks(sheet, state.home.blocks, { view: state.home.id });
    else sheet.replaceChildren(el("p.empty", {}, `${state.bot.name} has not shown a Home to ${state.me.name} yet.`));
  }

  function drawTalk() {
    openedHome = null;
    drawMessages();
    const { id, unread, latest_ts: latest } = conversation();
    const seen = `${state.me.id} ${id} ${latest}`;
    // Once for each newest message, lest a server that keeps the count be asked again and again.
    if (unread > 0 && read !== seen && !document.hidden) act({ do: "read", channel: id });
    read = seen;
  }
}
