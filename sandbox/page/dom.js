// Making nodes, and keeping them. Text only ever becomes text: nothing on this page parses HTML.

/** el("button.primary", {type: "button", onclick: join}, "Join") */
export function el(what, properties = {}, ...children) {
  const [tag, ...classes] = what.split(".");
  const node = document.createElement(tag);
  if (classes.length) node.className = classes.join(" ");
  for (const [name, value] of Object.entries(properties)) give(node, name, value);
  node.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return node;
}

function give(node, name, value) {
  if (value === null || value === undefined || value === false) return;
  if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
  else if (name === "value" || name === "checked") node[name] = value;
  else node.setAttribute(name, value === true ? "" : value);
}

const prints = new WeakMap();

/**
 * Makes `parent` show `items`, touching only what has changed since the last time: what stays keeps its
 * focus, its open menu and its half-typed text. `build` may use nothing but the item.
 */
export function keep(parent, items, key, build) {
  const old = new Map([...parent.children].map((node) => [node.dataset.key, node]));
  const wanted = items.map((item) => standing(old, String(key(item)), item, build));
  const focus = whereFocusIs(parent);
  for (const node of [...parent.children]) if (!wanted.includes(node)) node.remove();
  wanted.forEach((node, index) => {
    if (parent.children[index] !== node) parent.insertBefore(node, parent.children[index] ?? null);
  });
  if (focus && !parent.contains(document.activeElement)) giveFocusBack(parent, focus);
}

function standing(old, key, item, build) {
  const print = JSON.stringify(item);
  const node = old.get(key);
  if (node && prints.get(node) === print) return node;
  const fresh = build(item);
  fresh.dataset.key = key;
  prints.set(fresh, print);
  return fresh;
}

/** What has the focus inside `parent`, in words that survive a redraw: our own key of the control, and the caret. */
function whereFocusIs(parent) {
  const active = document.activeElement;
  if (!active || active === parent || !parent.contains(active)) return null;
  const { selectionStart: start, selectionEnd: end } = active;
  return { control: active.dataset.focus, item: active.closest("[data-key]")?.dataset.key, start, end };
}

function giveFocusBack(parent, { control, item, start, end }) {
  const all = [...parent.querySelectorAll("[data-focus]")];
  const same = control && all.find((node) => node.dataset.focus === control);
  const around = [...parent.children].find((node) => node.dataset.key === item);
  if (!same) return around?.focus({ preventScroll: true });
  same.focus({ preventScroll: true });
  if (typeof start === "number" && same.setSelectionRange) same.setSelectionRange(start, end);
}

let ids = 0;

/** An id that nothing else on the page has, for labels and descriptions to point at. */
export function freshId(word) {
  ids += 1;
  return `${word}-${ids}`;
}

const TINTS = 8;

/** A round picture of initials; its colour follows from the id, so that a person keeps theirs. */
export function avatar(person, size = "") {
  if (person.is_bot) return el(`span.avatar.app${size}`, { "aria-hidden": "true" });
  const tint = [...person.id].reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) % 997, 7) % TINTS;
  return el(`span.avatar.tint-${tint}${size}`, { "aria-hidden": "true" }, initials(person.name));
}

function initials(name) {
  const words = name.trim().split(/\s+/);
  return [words[0], words.length > 1 ? words.at(-1) : ""].map((word) => [...word][0] ?? "").join("");
}

const TOAST_STAYS = 9000;

/** Says something politely: inside the open dialog, if any, as the page behind one is silent and out of reach. */
export function toast(text, kind = "trouble") {
  const open = [...document.querySelectorAll("dialog[open]")].at(-1);
  const host = open?.querySelector(".toasts") ?? document.getElementById("toasts");
  // The latest of a kind is enough: whoever presses "+1 day" five times wants to know the last time only.
  host.querySelectorAll(`.toast.${kind}`).forEach((older) => older.remove());
  const close = el("button.quiet.x", { type: "button", "aria-label": "Dismiss", onclick: () => note.remove() });
  const note = el(`div.toast.${kind}`, {}, el("span", {}, text), close);
  host.append(note);
  setTimeout(() => note.remove(), TOAST_STAYS);
}

/** Runs `work` when nobody has asked for it again for a moment. */
export function settled(work, wait) {
  let timer;
  return (...given) => {
    clearTimeout(timer);
    timer = setTimeout(() => work(...given), wait);
  };
}
