// A list to choose from beneath a text field: type to narrow it, arrows to move, Enter to pick, Escape to close.
import { el, freshId } from "./dom.js";

/**
 * `find(query)` gives (a promise of) options {value, label, detail?, group?, face?, isFaint?};
 * `pick(option)` gets the chosen one; `isChosen(option)` says which are ticked.
 */
export function listbox(input, list, { find, pick, isChosen, empty = "Nothing found" }) {
  let options = [];
  let at = -1;
  let asked = 0;

  list.id = freshId("list");
  list.hidden = true;
  list.setAttribute("role", "listbox");
  input.setAttribute("role", "combobox");
  input.setAttribute("aria-autocomplete", "list");
  input.setAttribute("aria-controls", list.id);
  expand(false);

  function expand(isOpen) {
    list.hidden = !isOpen;
    input.setAttribute("aria-expanded", String(isOpen));
    if (!isOpen) input.removeAttribute("aria-activedescendant");
  }

  async function open() {
    asked += 1;
    const mine = asked;
    const found = await find(input.value.trim());
    // Answers may overtake one another; only the last question's counts.
    if (mine !== asked) return;
    options = found;
    at = Math.max(0, options.findIndex(isChosen));
    draw();
    expand(true);
    list.scrollIntoView({ block: "nearest" });
    mark();
  }

  function close() {
    asked += 1;
    expand(false);
  }

  function draw() {
    list.replaceChildren(...rows());
    if (!options.length) list.append(el("li.none", { role: "presentation" }, empty));
  }

  function rows() {
    let group;
    return options.flatMap((option, index) => {
      const isNew = option.group && option.group !== group;
      group = option.group;
      const heading = el("li.group", { role: "presentation" }, option.group);
      return isNew ? [heading, row(option, index)] : [row(option, index)];
    });
  }

  function row(option, index) {
    const { label, detail, face, isFaint } = option;
    const words = el("span.words", {}, el("span", {}, label), detail && el("small", {}, detail));
    const properties = {
      role: "option", id: `${list.id}-${index}`, "aria-selected": String(isChosen(option)),
      onclick: () => choose(index),
    };
    return el(isFaint ? "li.option.faint" : "li.option", properties, face?.(), words);
  }

  function mark() {
    const all = list.querySelectorAll("[role=option]");
    all.forEach((node, index) => node.classList.toggle("at", index === at));
    if (!all[at]) return;
    input.setAttribute("aria-activedescendant", all[at].id);
    // Scrolling the list only: scrollIntoView would move the whole form as well.
    const { offsetTop: top, offsetHeight: height } = all[at];
    list.scrollTop = Math.min(top - 28, Math.max(list.scrollTop, top + height - list.clientHeight + 4));
  }

  function choose(index) {
    if (options[index]) pick(options[index]);
  }

  function move(by) {
    if (list.hidden) return open();
    at = (at + by + options.length) % Math.max(1, options.length);
    mark();
  }

  input.addEventListener("keydown", (event) => {
    const keys = { ArrowDown: () => move(1), ArrowUp: () => move(-1) };
    if (!list.hidden) Object.assign(keys, { Enter: () => choose(at), Escape: close });
    if (!keys[event.key]) return;
    event.preventDefault();
    // Escape closes the list, and not the dialog around it.
    event.stopPropagation();
    keys[event.key]();
  });
  // A press in the list must not take the focus from the field.
  list.addEventListener("mousedown", (event) => event.preventDefault());

  return { open, close };
}
