// Who is who, and the chooser of whom to act as.
import { avatar, el } from "./dom.js";
import { listbox } from "./listbox.js";
import { now, state } from "./server.js";
import { city, timeOfDay } from "./times.js";
import { go } from "./whereabouts.js";

export const find = (id) => state.people.find((person) => person.id === id);

export const nameOf = (id) => find(id)?.name ?? (id === state.bot.id ? state.bot.name : "somebody");

/** Whoever wrote something; a stand-in for people the state does not list. */
export const author = (id, name) =>
  find(id) ?? { id: id ?? "", name: name || nameOf(id), is_bot: id === state.bot.id };

/** Everyone of these ids, with the bots at the end. */
export const peopleFirst = (ids) =>
  ids.map((id) => author(id)).sort((one, other) => Number(Boolean(one.is_bot)) - Number(Boolean(other.is_bot)));

export const firstName = (person) => person.name.split(" ")[0];

const matches = (person, query) =>
  [person.name, person.handle, person.title, person.department].some((words) =>
    (words ?? "").toLowerCase().includes(query.toLowerCase()));

const groupOf = (person) => (person.is_bot ? "Apps" : person.department || "Others");

const byPlaceInTheHouse = (one, other) =>
  Number(!one.department) - Number(!other.department) ||
  groupOf(one).localeCompare(groupOf(other)) || one.name.localeCompare(other.name);

/** People as options of a list, by department. */
export function choices(query, isWanted = (person) => !person.deleted) {
  return state.people
    .filter((person) => isWanted(person) && matches(person, query))
    .sort(byPlaceInTheHouse)
    .map(choice);
}

const choice = (person) => ({
  value: person.id,
  label: person.is_coordinator ? `${person.name} · coordinator` : person.name,
  detail: person.deleted ? "deactivated" : detail(person),
  group: groupOf(person),
  face: () => avatar(person, ".little"),
  isFaint: person.deleted,
});

function detail({ title, zone, is_bot: isBot }) {
  const where = zone && !isBot && `${city(zone)} ${timeOfDay(now(), zone)}`;
  return [title, where].filter(Boolean).join(" · ");
}

/** Builds the chooser once; what it returns draws whom it stands at. */
export function chooser(host) {
  const search = el("input.field", { type: "search", placeholder: "Find a person", "aria-label": "Find a person" });
  const list = el("ul.options", { "aria-label": "People to act as" });
  const panel = el("div.panel", { hidden: true }, search, list);
  const button = el("button.chosen", { type: "button", "aria-haspopup": "listbox", "aria-expanded": "false" });
  host.append(el("span.label.faint", { id: "who-label" }, "Acting as"), button, panel);

  const box = listbox(search, list, {
    find: (query) => choices(query, (person) => !person.is_bot),
    pick: (option) => {
      show(false);
      button.focus();
      go({ as: option.value });
    },
    isChosen: (option) => option.value === state.me.id,
  });

  function show(isOpen) {
    panel.hidden = !isOpen;
    button.setAttribute("aria-expanded", String(isOpen));
    search.value = "";
    if (!isOpen) return box.close();
    search.focus();
    return box.open();
  }

  button.addEventListener("click", () => show(panel.hidden));
  search.addEventListener("input", box.open);
  // By now the list has closed itself; the same Escape puts the panel away too.
  search.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    show(false);
    button.focus();
  });
  host.addEventListener("focusout", (event) => {
    if (!panel.hidden && !host.contains(event.relatedTarget)) show(false);
  });
  return () => drawChosen(button);
}

function drawChosen(button) {
  const me = find(state.me.id) ?? state.me;
  const print = JSON.stringify(me);
  if (button.dataset.print === print) return;
  button.dataset.print = print;
  const badge = me.is_coordinator && el("span.badge", {}, "coordinator");
  const name = el("span.first", {}, el("strong", {}, me.name), badge);
  const below = [me.deleted && "deactivated", me.title, city(me.zone)].filter(Boolean).join(" · ");
  button.setAttribute("aria-label", `Acting as ${me.name}`);
  button.replaceChildren(avatar(me), el("span.words", {}, name, el("small", {}, below)));
}
