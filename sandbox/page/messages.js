// The messages of one conversation, with their threads, in the reader's own zone.
import { showBlocks } from "./blocks.js";
import { avatar, el, keep } from "./dom.js";
import { mrkdwn } from "./mrkdwn.js";
import { author } from "./people.js";
import { act, now, state } from "./server.js";
import { clockText, isoDay, longDay, timeOfDay } from "./times.js";
import { conversation } from "./whereabouts.js";

const SAME_BREATH = 5 * 60;
const NEARLY_THE_END = 60;

export function messages(host, replyTo) {
  const list = el("ol.messages");
  const log = el("div.log", { role: "log", tabindex: "0" }, list);
  let shown = {};
  let isAtEnd = true;
  host.append(log);
  stayAtEnd();

  return function draw() {
    const here = conversation();
    const all = state.messages[here.id] ?? [];
    const isOther = shown.me !== state.me.id || shown.id !== here.id;
    if (isOther) {
      list.replaceChildren();
      shown = { me: state.me.id, id: here.id, newFrom: firstUnread(here, all) };
    }
    const isFollowing = isOther || isAtEnd;
    log.setAttribute("aria-label", "Messages");
    const drawn = all.length ? items(all, shown.newFrom) : [{ key: "empty", isEmpty: true }];
    keep(list, drawn, ({ key }) => key, (item) => build(item, here.id, replyTo));
    if (isFollowing) follow(log, list, all, isOther);
  };

  /** The box below grows with what is typed; that must not push the newest message out of sight. */
  function stayAtEnd() {
    let height = 0;
    log.addEventListener("scroll", () => {
      // A log that has just shrunk is not one that was scrolled.
      if (log.clientHeight !== height) return;
      isAtEnd = log.scrollHeight - log.scrollTop - height < NEARLY_THE_END;
    });
    new ResizeObserver(() => {
      height = log.clientHeight;
      if (isAtEnd) log.scrollTop = log.scrollHeight;
    }).observe(log);
  }
}

/** Stays with the newest: the end of the list or, when it answers something further up, that place. */
function follow(log, list, all, isOther) {
  const newest = all.reduce((last, it) => (Number(it.ts) > Number(last?.ts ?? 0) ? it : last), null);
  const node = newest && [...list.children].find((it) => it.dataset.key === newest.ts);
  if (node?.classList.contains("reply") && !isOther) node.scrollIntoView({ block: "nearest" });
  else log.scrollTop = log.scrollHeight;
}

function firstUnread(here, all) {
  const fromOthers = all.filter(({ user }) => user !== state.me.id);
  return here.unread > 0 ? fromOthers.at(-here.unread)?.ts ?? null : null;
}

/** Threads stand below the message they hang on, days have headings, and one breath of one person is drawn together. */
function items(all, newFrom) {
  const out = [];
  let day = "";
  let before = null;
  for (const message of inThreads(all)) {
    const today = isoDay(Number(message.ts) * 1000, state.me.zone);
    if (today !== day && !message.isReply) {
      out.push({ key: today, heading: heading(Number(message.ts) * 1000, today) });
      before = null;
    }
    if (!message.isReply) day = today;
    if (message.ts === newFrom) out.push({ key: "new", isNew: true });
    // What was picked in a message is kept by the form here; drawing it anew for that would take the focus away.
    out.push({ ...message, state: null, key: message.ts, zone: state.me.zone, goesOn: goesOn(before, message) });
    before = message;
  }
  return out;
}

function inThreads(all) {
  const roots = all.filter((it) => !isReply(it, all));
  return roots.flatMap((root) => [
    root,
    ...all.filter((it) => isReply(it, all) && it.thread_ts === root.ts).map((it) => ({ ...it, isReply: true })),
  ]);
}

const isReply = (it, all) => it.thread_ts && it.thread_ts !== it.ts && all.some(({ ts }) => ts === it.thread_ts);

const goesOn = (before, it) =>
  before !== null && before.user === it.user && Boolean(before.isReply) === Boolean(it.isReply) &&
  before.ephemeral === it.ephemeral && Number(it.ts) - Number(before.ts) < SAME_BREATH;

const heading = (ms, day) => (day === isoDay(now(), state.me.zone) ? "Today" : longDay(ms, state.me.zone));

function build(item, channel, replyTo) {
  if (item.isEmpty) return el("li.empty", {}, "Nothing has been said here yet.");
  if (item.heading) return el("li.day", {}, el("span", {}, item.heading));
  if (item.isNew) return el("li.new", {}, el("span", {}, "New"));
  const kinds = [item.isReply && "reply", item.ephemeral && "ephemeral", item.goesOn && "goes-on"].filter(Boolean);
  const who = author(item.user, item.name);
  const node = el(["li", "message", ...kinds].join("."), { tabindex: "-1" },
    el("div.side", {}, item.goesOn ? time(item) : avatar(who, item.isReply ? ".little" : "")),
    el("div.what", {}, !item.goesOn && byline(item, who), item.ephemeral && el("p.only", {}, "Only visible to you"),
      words(item, channel), (item.files ?? []).map(file)));
  if (!item.ephemeral) node.append(deeds(item, who, channel, replyTo));
  return node;
}

const byline = (item, who) =>
  el("div.byline", {}, el("strong", {}, who.name), who.is_bot && el("span.badge.plain", {}, "app"), time(item));

function time({ ts, zone }) {
  const ms = Number(ts) * 1000;
  return el("time", { datetime: new Date(ms).toISOString(), title: clockText(ms, zone) }, timeOfDay(ms, zone));
}

/** Blocks when there are any: then the text is for notifications and screen readers, as in Slack. */
function words(item, channel) {
  const host = el("div.blocks");
  if (item.blocks?.length) showBlocks(host, item.blocks, { message: { channel, ts: item.ts } });
  else host.append(el("div.mrkdwn", {}, mrkdwn(item.text ?? "")));
  if (item.edited) host.append(el("small.faint", {}, "(edited)"));
  return host;
}

const file = ({ name, url }) =>
  el("a.file", { href: url, download: name },
    el("span.icon", { "aria-hidden": "true" }), el("span", {}, name, el("small", {}, "Download")));

/** What one can do with a message: reply to it; edit and delete one's own. */
function deeds(item, who, channel, replyTo) {
  const thread = item.isReply ? item.thread_ts : item.ts;
  const about = (item.text ?? "").replace(/\s+/g, " ").slice(0, 60) || `${who.name}’s message`;
  const deed = (name, label, onclick) =>
    el("button.quiet", { type: "button", "data-focus": `${name} ${item.ts}`, onclick }, label);
  const isMine = item.user === state.me.id;
  return el("div.deeds", {},
    isMine && deed("edit", "Edit", () => replyTo({ rewrites: item.ts, about, text: plain(item.text ?? "") })),
    isMine && deed("delete", "Delete", () => act({ do: "take_back", channel, ts: item.ts })),
    deed("reply", "Reply in thread", () => replyTo({ thread, about })));
}

const plain = (text) => text.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&");
