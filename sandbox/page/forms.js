// What people have put into the inputs of a view or a message. It is kept apart from the nodes, so that it outlives a
// redraw; like Slack, a view that is updated keeps the values of inputs whose block_id and action_id stay the same.
import { act, state } from "./server.js";

const forms = new Map();

const blank = () => Object.create(null);

/** The values {block_id: {action_id: raw}} of `place`, which is {view: id} or {message: {channel, ts}}. */
export function formAt(place) {
  const key = JSON.stringify([state.me.id, place]);
  if (!forms.has(key)) forms.set(key, blank());
  return forms.get(key);
}

/** What the input holds: what was put in before, else what it begins with. */
export function held(place, blockId, element) {
  const values = (formAt(place)[blockId] ??= blank());
  const isKnown = element.action_id in values && isOffered(element, values[element.action_id]);
  if (!isKnown) values[element.action_id] = initial(element);
  return values[element.action_id];
}

/** Whether all that was chosen is still among the options, if these are fixed ones. */
function isOffered({ type, options, option_groups: groups }, raw) {
  if (type.includes("external") || !(options || groups)) return true;
  const offered = (options ?? groups.flatMap((group) => group.options)).map(one);
  return [raw ?? []].flat().every((value) => offered.includes(value));
}

export function hold(place, blockId, actionId, raw) {
  (formAt(place)[blockId] ??= blank())[actionId] = raw;
}

/** Forgets the inputs that a view no longer has: should they come back, they come back fresh. */
export function forgetOthers(place, blockIds) {
  const values = formAt(place);
  for (const id of Object.keys(values)) if (!blockIds.includes(id)) delete values[id];
}

const one = (option) => option?.value ?? null;
const several = (options) => (options ?? []).map(one);

const INITIAL = {
  static_select: (element) => one(element.initial_option),
  external_select: (element) => one(element.initial_option),
  radio_buttons: (element) => one(element.initial_option),
  multi_static_select: (element) => several(element.initial_options),
  multi_external_select: (element) => several(element.initial_options),
  checkboxes: (element) => several(element.initial_options),
  users_select: (element) => element.initial_user ?? null,
  multi_users_select: (element) => element.initial_users ?? [],
  conversations_select: (element) => element.initial_conversation ?? null,
  multi_conversations_select: (element) => element.initial_conversations ?? [],
  channels_select: (element) => element.initial_channel ?? null,
  multi_channels_select: (element) => element.initial_channels ?? [],
  datepicker: (element) => element.initial_date ?? null,
  timepicker: (element) => element.initial_time ?? null,
  datetimepicker: (element) => (element.initial_date_time ? String(element.initial_date_time) : null),
  rich_text_input: () => null,
};

function initial(element) {
  return (INITIAL[element.type] ?? (({ initial_value: value }) => value ?? null))(element);
}

/** Presses or chooses something, with all that stands in the inputs around it. */
export const press = (place, blockId, element, chosen) =>
  act({ do: "press", ...place, block_id: blockId, action_id: element.action_id, chosen, values: formAt(place) });

export const submit = (view) => act({ do: "submit", view, values: formAt({ view }) });
