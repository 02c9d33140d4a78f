// A rich_text block as nodes. Its text is literal: nothing in it is parsed.
import { el } from "./dom.js";
import { broadcast, channel, link, mention } from "./mrkdwn.js";
import { now, state } from "./server.js";
import { slackDate } from "./times.js";

export const richText = (block) => el("div.rich", {}, block.elements.map(part));

function part(element) {
  const parts = {
    rich_text_section: () => el("span", {}, element.elements.map(leaf)),
    rich_text_preformatted: () => el("pre", {}, element.elements.map(leaf)),
    rich_text_quote: () => el("blockquote", {}, element.elements.map(leaf)),
    rich_text_list: () => list(element),
  };
  return parts[element.type]?.() ?? strange(element.type);
}

function list({ style, indent = 0, offset = 0, elements }) {
  const items = elements.map((item) => el("li", {}, part(item)));
  const tag = `${style === "ordered" ? "ol" : "ul"}.indent-${Math.min(indent, 8)}`;
  return el(tag, { start: offset ? offset + 1 : null }, items);
}

function leaf(element) {
  const leaves = {
    text: () => styled(element.text, element.style),
    link: () => link(element.url, [styled(element.text || element.url, element.style)]),
    user: () => mention(element.user_id),
    channel: () => channel(element.channel_id, ""),
    usergroup: () => broadcast("subteam^", "@a group"),
    broadcast: () => broadcast(element.range, ""),
    emoji: () => picture(element),
    date: () => slackDate(element.timestamp, element.format, state.me.zone, now()),
    color: () => element.value,
  };
  return leaves[element.type]?.() ?? strange(element.type);
}

const TAGS = { bold: "strong", italic: "em", strike: "s", code: "code" };

function styled(text, style = {}) {
  const tags = Object.keys(TAGS).filter((name) => style[name]).map((name) => TAGS[name]);
  return tags.reduce((inside, tag) => el(tag, {}, inside), document.createTextNode(text));
}

function picture({ unicode, name }) {
  if (!unicode) return `:${name}:`;
  return unicode.split("-").map((code) => String.fromCodePoint(parseInt(code, 16))).join("");
}

const strange = (type) => el("span.strange", {}, `“${type}” is not drawn here`);
