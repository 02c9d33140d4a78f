// Block Kit's blocks as nodes: https://docs.slack.dev/reference/block-kit/blocks
import { el, freshId, keep } from "./dom.js";
import { drawElement, unknown } from "./elements.js";
import { forgetOthers } from "./forms.js";
import { emoji, textOf } from "./mrkdwn.js";
import { richText } from "./richtext.js";

const BLOCKS = { section, header, divider, context, actions, image, input, rich_text: richText };

/** Shows `blocks` in `host`; `place` is where presses come from: {view} or {message}. */
export function showBlocks(host, blocks, place) {
  const named = blocks.map((block, index) => ({ block_id: `block-${index}`, ...block }));
  forgetOthers(place, named.map((block) => block.block_id));
  keep(host, named, (block) => block.block_id, (block) => draw(block, place));
}

function draw(block, place) {
  const isKnown = Object.hasOwn(BLOCKS, block.type);
  const body = isKnown ? inside(block, place) : unknown(`block “${block.type}”`);
  return el(`div.block.${isKnown ? block.type : "odd"}`, { tabindex: "-1" }, body);
}

/** One block that is not as it should be must not take the rest of the page with it. */
function inside(block, place) {
  try {
    return BLOCKS[block.type](block, place);
  } catch (trouble) {
    console.error(trouble);
    return unknown(`block “${block.type}”: ${trouble.message}`);
  }
}

function section({ block_id: blockId, text, fields, accessory }, place) {
  const words = el("div.words", {}, text && el("div", {}, textOf(text)), fields && columns(fields));
  return el("div.row", {}, words, accessory && el("div.accessory", {}, part(accessory, blockId, place)));
}

const columns = (fields) => el("div.fields", {}, fields.map((field) => el("div", {}, textOf(field))));

function header({ text }) {
  return el("h3", {}, emoji(text.text));
}

function divider() {
  return el("hr");
}

function context({ elements }) {
  return el("div.row", {}, elements.map((it) => (it.type === "image" ? picture(it) : el("span", {}, textOf(it)))));
}

function actions({ block_id: blockId, elements }, place) {
  return el("div.row", {}, elements.map((element) => part(element, blockId, place)));
}

const part = (element, blockId, place) =>
  element.type === "image" ? picture(element) : drawElement(element, { place, blockId, isSending: true });

function image(block) {
  return el("figure", {}, block.title && el("figcaption", {}, emoji(block.title.text)), picture(block));
}

/** Nothing is fetched from outside this machine; a picture that would be is shown by its words. */
function picture({ image_url: url, alt_text: words }) {
  const isOurs = url && (url.startsWith("data:image/") || new URL(url, location).origin === location.origin);
  return isOurs ? el("img", { src: url, alt: words }) : el("span.picture", { role: "img", "aria-label": words }, words);
}

function input({ block_id: blockId, label, hint, optional, element, dispatch_action: isSending = false }, place) {
  const id = freshId("input");
  const described = `${id}-hint ${id}-error`;
  const properties = {
    id, "aria-labelledby": `${id}-label`, "aria-describedby": described, "aria-required": String(!optional),
  };
  return el("div.question", { oninput: forgive, onchange: forgive },
    el("label", { for: id, id: `${id}-label` }, emoji(label.text), optional && el("span.faint", {}, " (optional)")),
    drawElement(element, { place, blockId, isSending, properties }),
    el("p.error", { id: `${id}-error` }),
    el("p.hint", { id: `${id}-hint` }, hint && emoji(hint.text)));
}

/** Shows what is wrong beside each field, and goes to the first. */
export function showErrors(host, errors) {
  const blocks = [...host.children];
  for (const node of blocks) sayWrong(node, errors[node.dataset.key] ?? "");
  const first = blocks.find((node) => errors[node.dataset.key]);
  first?.scrollIntoView({ block: "nearest" });
  first?.querySelector("input, textarea, select")?.focus();
}

function sayWrong(node, words) {
  const slot = node.querySelector(".error");
  if (!slot) return;
  slot.textContent = words;
  const control = node.querySelector("[aria-describedby]");
  if (words) control.setAttribute("aria-invalid", "true");
  else control.removeAttribute("aria-invalid");
}

/** A complaint goes as soon as one sets about mending it. */
const forgive = (event) => sayWrong(event.currentTarget.parentNode, "");
