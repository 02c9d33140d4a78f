// The interactive elements of Block Kit, each by its type: https://docs.slack.dev/reference/block-kit/block-elements
import { ask } from "./confirm.js";
import { el } from "./dom.js";
import { fields } from "./fields.js";
import { held, hold, press } from "./forms.js";
import { emoji, link, textOf } from "./mrkdwn.js";
import { selects } from "./selects.js";
import { ticks } from "./ticks.js";

const PRESSED = { button, overflow };
const FILLED = { ...fields, ...selects, ...ticks };

/**
 * Draws one element. `at` says where it is: {place, blockId, isSending, properties}. One that is sending tells the
 * bot of each choice; one in a form waits for the form. `properties` tie its control to its label.
 */
export function drawElement(element, at) {
  const here = { ...at, properties: named(element, at) };
  if (Object.hasOwn(PRESSED, element.type)) return PRESSED[element.type](element, here);
  if (!Object.hasOwn(FILLED, element.type)) return unknown(`element “${element.type}”`);
  return FILLED[element.type](element, {
    ...here,
    value: held(at.place, at.blockId, element),
    keepRaw: (raw) => hold(at.place, at.blockId, element.action_id, raw),
    choose: (raw, before) => choose(element, at, raw, before),
  });
}

/** A visible mark for what this page does not know: better seen here than missed in Slack. */
export const unknown = (what) => el("p.strange", { role: "note" }, `This page cannot draw the ${what}.`);

function named(element, { blockId, properties }) {
  const words = element.accessibility_label ?? element.placeholder?.text ?? element.type.replaceAll("_", " ");
  const focus = { "data-focus": `${blockId} ${element.action_id}`, "data-first": element.focus_on_load };
  return { "aria-label": properties ? null : words, ...focus, ...properties };
}

/** Keeps a choice and, where it is to be sent, sends it. False when the person thought better of it. */
async function choose(element, { place, blockId, isSending }, raw, before) {
  hold(place, blockId, element.action_id, raw);
  if (!isSending) return true;
  if (!(await isMeant(element))) {
    hold(place, blockId, element.action_id, before);
    return false;
  }
  await press(place, blockId, element, raw);
  return true;
}

const isMeant = async (element) => !element.confirm || ask(element.confirm);

function button(element, { place, blockId, properties }) {
  const tell = async () => (await isMeant(element)) && press(place, blockId, element);
  const face = { "data-focus": properties["data-focus"], "aria-label": element.accessibility_label };
  if (element.url) return linkButton(element, face, tell);
  const kind = element.style ? `.${element.style}` : "";
  return el(`button.button${kind}`, { type: "button", ...face, onclick: once(tell) }, emoji(element.text.text));
}

/** It goes where it points, and the bot is told of the press as well. */
function linkButton(element, face, tell) {
  const node = link(element.url, [emoji(element.text.text)]);
  node.classList.add("button", ...(element.style ? [element.style] : []));
  node.dataset.focus = face["data-focus"];
  node.addEventListener("click", tell);
  return node;
}

/** A second click while the first is under way is a slip. The button stays enabled, so that it keeps the focus. */
export const once = (work) => async (event) => {
  const node = event.currentTarget;
  if (node.getAttribute("aria-busy")) return;
  node.setAttribute("aria-busy", "true");
  await work();
  node.removeAttribute("aria-busy");
};

function overflow(element, { place, blockId, properties }) {
  const menu = el("div.menu-list", { role: "menu", hidden: true }, element.options.map(item));
  const dots = el("button.button.dots", {
    type: "button", "aria-haspopup": "menu", "aria-expanded": "false", "data-focus": properties["data-focus"],
    "aria-label": element.accessibility_label ?? "More", onclick: () => show(menu.hidden),
  }, "⋯");
  const host = el("div.overflow", { onkeydown: keys, onfocusout: leave }, dots, menu);
  return host;

  function show(isOpen) {
    menu.hidden = !isOpen;
    dots.setAttribute("aria-expanded", String(isOpen));
    (isOpen ? menu.firstChild : dots).focus();
    if (isOpen) menu.scrollIntoView({ block: "nearest" });
  }

  function item(option) {
    const pick = async () => {
      show(false);
      if (option.url) window.open(option.url, "_blank", "noopener,noreferrer");
      if (await isMeant(element)) await press(place, blockId, element, option.value);
    };
    return el("button.item", { type: "button", role: "menuitem", tabindex: "-1", onclick: pick }, textOf(option.text));
  }

  function keys(event) {
    const step = { ArrowDown: 1, ArrowUp: -1, Escape: 0 }[event.key];
    if (menu.hidden || step === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    const items = [...menu.children];
    if (step) items.at((items.indexOf(document.activeElement) + step) % items.length).focus();
    else show(false);
  }

  function leave(event) {
    if (menu.hidden || host.contains(event.relatedTarget)) return;
    menu.hidden = true;
    dots.setAttribute("aria-expanded", "false");
  }
}
