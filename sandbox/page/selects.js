// Menus: of options the bot names, of options it is asked for, of people and of conversations.
import { el } from "./dom.js";
import { emoji } from "./mrkdwn.js";
import { choices, find as person, nameOf } from "./people.js";
import { picker } from "./picker.js";
import { act, state } from "./server.js";
import { titleOf } from "./sidebar.js";

export const selects = {
  static_select: menu,
  multi_static_select: (element, at) => pick(element, at, among(element)),
  external_select: (element, at) => pick(element, at, asked(element, at)),
  multi_external_select: (element, at) => pick(element, at, asked(element, at)),
  users_select: (element, at) => pick(element, at, people),
  multi_users_select: (element, at) => pick(element, at, people),
  conversations_select: (element, at) => pick(element, at, conversations(element.filter)),
  multi_conversations_select: (element, at) => pick(element, at, conversations(element.filter)),
  channels_select: (element, at) => pick(element, at, conversations({ include: ["public"] })),
  multi_channels_select: (element, at) => pick(element, at, conversations({ include: ["public"] })),
};

const HINTS = { users: "Choose a person", conversations: "Choose a conversation", channels: "Choose a channel" };

const hint = ({ type, placeholder }) =>
  placeholder ? emoji(placeholder.text) : HINTS[type.replace("multi_", "").replace("_select", "")] ?? "Choose";

const label = (option) => emoji(option.text.text);

/** The browser's own menu: it works with every keyboard, screen reader and thumb. */
function menu(element, { value, properties, choose }) {
  const groups = element.option_groups?.map((group) =>
    el("optgroup", { label: emoji(group.label.text) }, group.options.map(choice)));
  const nothing = el("option", { value: "" }, hint(element));
  const node = el("select.field", properties, nothing, groups ?? element.options.map(choice));
  let before = value;
  node.value = value ?? "";
  node.addEventListener("change", async () => {
    const raw = node.value || null;
    if ((await choose(raw, before)) === false) node.value = before ?? "";
    else before = raw;
  });
  return node;
}

const choice = (option) => el("option", { value: option.value }, label(option));

function pick(element, { value, properties, choose }, offer) {
  const several = element.type.startsWith("multi_");
  let before = value;
  const changed = async (raw) => {
    const isKept = (await choose(raw, before)) !== false;
    if (isKept) before = raw;
    return isKept;
  };
  const { max_selected_items: max } = element;
  return picker({ properties, placeholder: hint(element), value, several, max, changed, ...offer });
}

const asChoice = (option, group) => ({
  value: option.value, label: label(option), detail: option.description && emoji(option.description.text), group,
});

const flat = ({ options, option_groups: groups }) =>
  groups
    ? groups.flatMap((group) => group.options.map((option) => asChoice(option, emoji(group.label.text))))
    : (options ?? []).map((option) => asChoice(option));

const has = (query) => ({ label: words }) => words.toLowerCase().includes(query.toLowerCase());

function among(element) {
  const all = flat(element);
  const labelOf = (value) => all.find((one) => one.value === value)?.label ?? value;
  return { find: (query) => all.filter(has(query)), labelOf };
}

/** Options the bot is asked for while one types. */
function asked(element, { place, blockId }) {
  const initial = [element.initial_option, element.initial_options].flat().filter(Boolean);
  const known = new Map(initial.map((option) => [option.value, label(option)]));
  const least = element.min_query_length ?? 3;
  const where = { ...place, block_id: blockId, action_id: element.action_id };

  async function find(query) {
    if (query.length < least) return [];
    const answer = await act({ do: "suggest", ...where, value: query });
    const found = answer.ok ? flat(answer) : [];
    for (const one of found) known.set(one.value, one.label);
    return found;
  }

  const empty = least > 1 ? `Nothing found; type at least ${least} letters` : "Nothing found";
  return { find, labelOf: (value) => known.get(value) ?? value, empty };
}

// As in Slack, the bot itself and oneself can be chosen: it is for the bot to say no.
const people = { find: (query) => choices(query), labelOf: (id) => (person(id) ? nameOf(id) : id) };

const KINDS = { channel: ["public", "private"], im: ["im"], mpim: ["mpim"] };

function conversations(filter) {
  const isWanted = ({ kind, members }) =>
    (!filter?.include || KINDS[kind].some((name) => filter.include.includes(name))) &&
    !(filter?.exclude_bot_users && kind === "im" && members.includes(state.bot.id));
  const named = (it) => ({ value: it.id, label: titleOf(it) });
  return {
    find: (query) => state.conversations.filter(isWanted).map(named).filter(has(query)),
    labelOf: (id) => state.conversations.filter((it) => it.id === id).map(titleOf)[0] ?? id,
  };
}
