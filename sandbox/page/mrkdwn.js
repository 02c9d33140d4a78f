// Slack's mrkdwn as nodes: https://docs.slack.dev/messaging/formatting-message-text
import { el } from "./dom.js";
import { now, state } from "./server.js";
import { nameOf } from "./people.js";
import { slackDate } from "./times.js";
import { address } from "./whereabouts.js";

const EMOJI = {
  "+1": "👍", bell: "🔔", bulb: "💡", calendar: "📅", clap: "👏", coffee: "☕", dart: "🎯", eyes: "👀",
  handshake: "🤝", heart: "❤️", hourglass: "⌛", information_source: "ℹ️", lock: "🔒", mega: "📣", memo: "📝",
  pencil: "✏️", point_right: "👉", pray: "🙏", raised_hands: "🙌", rocket: "🚀", seedling: "🌱", smile: "😄",
  sparkles: "✨", speech_balloon: "💬", star: "⭐", tada: "🎉", thinking_face: "🤔", warning: "⚠️", wave: "👋",
  white_check_mark: "✅", x: "❌",
};

/** Names like :wave: become their picture where we know it, and stay words where we do not. */
export const emoji = (text) => text.replace(/:([a-z0-9_+-]+):/g, (whole, name) => EMOJI[name] ?? whole);

/** Slack escapes exactly these three; the ampersand comes last, so that nothing is unescaped twice. */
const unescape = (text) => text.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&");

const plain = (text) => document.createTextNode(emoji(unescape(text)));

export function mrkdwn(text) {
  const out = document.createDocumentFragment();
  text.split(/```\n?([\s\S]+?)\n?```/).forEach((part, index) => {
    if (index % 2) out.append(el("pre", {}, unescape(part)));
    else if (part) out.append(...paragraphs(part));
  });
  return out;
}

const KINDS = [
  ["quote", /^(?:&gt;|>) ?/],
  // Slack makes no list of mrkdwn; a bullet is a character. Here it hangs, which reads better when a line wraps.
  ["bullet", /^ *• +/],
];

function paragraphs(text) {
  const groups = [];
  for (const line of text.replace(/^\n/, "").replace(/\n$/, "").split("\n")) {
    const [kind, sign] = KINDS.find(([, pattern]) => pattern.test(line)) ?? ["text", /^/];
    if (groups.at(-1)?.kind !== kind) groups.push({ kind, lines: [] });
    groups.at(-1).lines.push(line.replace(sign, ""));
  }
  return groups.map(group);
}

function group({ kind, lines }) {
  if (kind === "bullet") return el("ul", {}, lines.map((line) => el("li", {}, inline(line))));
  return el(kind === "quote" ? "blockquote" : "span", {}, inline(lines.join("\n")));
}

/** Between two marks like *these*: not inside a word, no space at the inner edges, on one line. */
const marked = (sign) =>
  `(?<![\\p{L}\\p{N}${sign}])[${sign}](?=[^\\s${sign}])([^${sign}\\n]*[^\\s${sign}])[${sign}](?![\\p{L}\\p{N}${sign}])`;

const ANGLE = "<([^<>\\n]+)>";
const CODE = "`([^`\\n]+)`";
const BARE = "(https?://[^\\s<>|]*[^\\s<>|.,;:!?)'\"])";
const PIECE = new RegExp([ANGLE, CODE, marked("*"), marked("_"), marked("~"), BARE].join("|"), "gu");

function inline(text) {
  const out = [];
  let done = 0;
  for (const found of text.matchAll(PIECE)) {
    out.push(plain(text.slice(done, found.index)), piece(found));
    done = found.index + found[0].length;
  }
  out.push(plain(text.slice(done)));
  return out;
}

function piece([whole, angle, code, bold, italic, strike, url]) {
  if (angle) return special(angle, whole);
  if (code) return el("code", {}, unescape(code));
  if (bold) return el("strong", {}, inline(bold));
  if (italic) return el("em", {}, inline(italic));
  if (strike) return el("s", {}, inline(strike));
  return link(unescape(url), [plain(url)]);
}

/** What stands between < and >. Whatever Slack would not know is shown as it was written. */
function special(angle, whole) {
  const bar = angle.indexOf("|");
  const target = bar < 0 ? angle : angle.slice(0, bar);
  const label = bar < 0 ? "" : angle.slice(bar + 1);
  if (target.startsWith("@")) return mention(target.slice(1));
  if (target.startsWith("#")) return channel(target.slice(1), unescape(label));
  if (target.startsWith("!date^")) return moment(target.split("^"), unescape(label));
  if (target.startsWith("!")) return broadcast(target.slice(1), unescape(label));
  if (isLink(target)) return link(unescape(target), label ? inline(label) : [plain(target)]);
  return plain(whole);
}

export const mention = (id) => el(id === state.me.id ? "span.mention.me" : "span.mention", {}, `@${nameOf(id)}`);

export function channel(id, label) {
  const known = state.conversations.find((conversation) => conversation.id === id);
  const words = `#${label || known?.name.replace(/^#/, "") || "a private channel"}`;
  return known ? el("a.mention", { href: address({ in: id, tab: "messages" }) }, words) : el("span.mention", {}, words);
}

export function broadcast(name, label) {
  const words = name.startsWith("subteam^") ? label || "@a group" : `@${name.split("^")[0]}`;
  return el("span.mention.loud", {}, words);
}

function moment([, seconds, pattern, url], fallback) {
  const words = /^\d+$/.test(seconds) && pattern
    ? slackDate(Number(seconds), emoji(unescape(pattern)), state.me.zone, now())
    : fallback;
  const node = el("time", { title: fallback }, words);
  return url && isLink(url) ? link(unescape(url), [node]) : node;
}

const isLink = (target) => /^(https?:\/\/|mailto:|tel:)/i.test(target);

/** A link that leaves the page; one with a scheme that could do harm is only words. */
export function link(url, children) {
  if (!isLink(url)) return el("span", {}, children);
  return el("a", { href: url, target: "_blank", rel: "noopener noreferrer" }, children);
}

/** A text object of Block Kit as a node. */
export const textOf = (text) =>
  text.type === "mrkdwn" ? el("span.mrkdwn", {}, mrkdwn(text.text)) : document.createTextNode(emoji(text.text));
