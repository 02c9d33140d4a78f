// The conversations of whoever one acts as, and how the bot is.
import { avatar, el, keep, toast } from "./dom.js";
import { firstName, peopleFirst } from "./people.js";
import { poll, post, state } from "./server.js";
import { address, botsDm, conversation } from "./whereabouts.js";

const SECTIONS = [
  ["Apps", ({ id }) => id === botsDm()?.id],
  ["Channels", ({ kind }) => kind === "channel"],
  ["Group messages", ({ kind }) => kind === "mpim"],
  ["Direct messages", ({ id, kind }) => kind === "im" && id !== botsDm()?.id],
];

export function sidebar(host) {
  const lists = el("div.lists");
  const foot = el("div.foot");
  host.append(lists, foot);
  return () => {
    keep(lists, sections(), ({ title }) => title, section);
    keep(foot, [state.bot], () => "bot", health);
  };
}

const sections = () =>
  SECTIONS.map(([title, belongs]) => ({ title, lines: state.conversations.filter(belongs).map(line) }))
    .filter(({ lines }) => lines.length);

function line(it) {
  const isHere = it.id === conversation().id;
  return {
    id: it.id, title: titleOf(it), people: faces(it), unread: isHere ? 0 : it.unread, isHere,
    // Opening the bot again shows the tab one left it at; any other conversation has messages only.
    to: address({ in: it.id, ...(it.id === botsDm()?.id ? {} : { tab: "messages" }) }),
  };
}

const others = (it) => it.members.filter((id) => id !== state.me.id);

const faces = (it) => {
  if (it.kind === "channel") return [];
  const people = peopleFirst(others(it)).filter((person) => it.kind === "im" || !person.is_bot);
  return people.slice(0, 2).map(({ id, name, is_bot }) => ({ id, name, is_bot }));
};

/** "#announcements", "Ana Duarte", "Ana, Bea and Flipside" */
export function titleOf(it) {
  if (it.kind === "channel") return `#${it.name.replace(/^#/, "")}`;
  const people = peopleFirst(others(it));
  if (people.length < 2) return people[0]?.name ?? it.name;
  return new Intl.ListFormat("en-GB").format(people.map(firstName));
}

const section = ({ title, lines }) =>
  el("section", {}, el("h2", {}, title), el("ul", {}, lines.map((it) => el("li", {}, entry(it)))));

function entry({ id, title, people, unread, isHere, to }) {
  const hash = el("span.hash", { "aria-hidden": "true" }, "#");
  const face = people.length ? people.map((person) => avatar(person, ".little")) : hash;
  const name = people.length ? title : title.slice(1);
  const count = unread > 0 && el("span.count", { "aria-label": `${unread} unread` }, String(unread));
  const properties = { href: to, "data-focus": id, "aria-current": isHere ? "page" : null };
  return el(unread ? "a.entry.unread" : "a.entry", properties,
    el("span.faces", {}, face), el("span.name", {}, name), count);
}

function health({ name, running }) {
  const words = running ? `${name} is running` : `${name} is stopped`;
  const button = running ? botButton("Stop", "kill") : botButton("Restart", "start");
  return el("div.health", {}, el(running ? "span.dot.on" : "span.dot"), el("span.name", {}, words), button);
}

export function botButton(label, doing) {
  const press = async (event) => {
    const button = event.currentTarget;
    if (button.getAttribute("aria-busy")) return;
    button.setAttribute("aria-busy", "true");
    const answer = await post("ui/bot", { do: doing });
    button.removeAttribute("aria-busy");
    if (!answer.ok) toast(answer.error);
    await poll();
  };
  return el("button.button.tiny", { type: "button", "data-focus": "bot", onclick: press }, label);
}
