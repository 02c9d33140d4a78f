// A field to pick one or several things by typing: people, conversations, long or far-away lists of options.
import { el, settled } from "./dom.js";
import { listbox } from "./listbox.js";

const TYPING_PAUSE = 200;

/**
 * `find(query)` as for a listbox; `labelOf(value)` names what is chosen; `changed(raw)` is told of each change
 * (a list when `several`, else one value or null) and may refuse it by answering false.
 */
export function picker({ properties, placeholder, value, several, max = Infinity, find, labelOf, changed, empty }) {
  let chosen = several ? [...value] : [value].filter(Boolean);
  const chips = el("span.chips");
  const input = el("input", { type: "text", placeholder, autocomplete: "off", ...properties });
  const clear = el("button.quiet.x", { type: "button", "aria-label": "Clear", onclick: () => put([]) });
  const list = el("ul.options", { "aria-label": "Choices", "aria-multiselectable": several ? "true" : null });
  const host = el("div.picker", {}, el("div.field", {}, chips, input, clear), list);
  const box = listbox(input, list, { find: search, pick, empty, isChosen: (option) => chosen.includes(option.value) });

  /** The name of what is chosen stands in the field; that is no search, so the whole list shows. */
  function search(query) {
    const isName = !several && chosen.length && query === labelOf(chosen[0]);
    return find(isName ? "" : query);
  }

  async function put(next) {
    const before = chosen;
    chosen = next;
    draw();
    // As a field of the browser's own would, for whoever listens around it.
    input.dispatchEvent(new Event("change", { bubbles: true }));
    if ((await changed(several ? next : next[0] ?? null)) === false) {
      chosen = before;
      draw();
    }
  }

  function pick({ value: picked }) {
    input.value = "";
    const without = chosen.filter((one) => one !== picked);
    if (!several) {
      box.close();
      return put([picked]);
    }
    if (without.length === chosen.length && chosen.length >= max) return box.close();
    put(without.length < chosen.length ? without : [...chosen, picked]);
    return box.open();
  }

  function draw() {
    clear.hidden = several || !chosen.length;
    chips.replaceChildren(...(several ? chosen.map(chip) : []));
    input.placeholder = several && chosen.length ? "" : placeholder;
    if (!several) input.value = chosen.length ? labelOf(chosen[0]) : "";
  }

  function chip(one) {
    const remove = () => {
      put(chosen.filter((other) => other !== one));
      input.focus();
    };
    const label = labelOf(one);
    const properties = { type: "button", "aria-label": `Remove ${label}`, onclick: remove };
    return el("span.chip", {}, label, el("button.quiet.x", properties));
  }

  input.addEventListener("focus", () => input.select());
  input.addEventListener("click", box.open);
  input.addEventListener("input", settled(box.open, TYPING_PAUSE));
  input.addEventListener("keydown", (event) => {
    if (event.key === "Backspace" && several && !input.value && chosen.length) put(chosen.slice(0, -1));
  });
  host.addEventListener("focusout", (event) => {
    if (host.contains(event.relatedTarget)) return;
    box.close();
    if (several) input.value = "";
    else draw();
  });

  draw();
  return host;
}
