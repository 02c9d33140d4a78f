// Inputs one types into: text, numbers, addresses, dates and times.
import { el, settled, toast } from "./dom.js";
import { act, state } from "./server.js";
import { fieldOf, momentOf } from "./times.js";

// Typing a date or a time changes it with each key; wait for the last.
const TYPING_PAUSE = 500;

export const fields = {
  plain_text_input: words,
  // Its formatting is left out; what is typed is sent as plain paragraphs.
  rich_text_input: (element, at) => words({ ...element, multiline: true }, at),
  number_input: (element, at) => typed(input("number", element, at, numbers(element)), at),
  email_text_input: (element, at) => typed(input("email", element, at), at),
  url_text_input: (element, at) => typed(input("url", element, at), at),
  datepicker: (element, at) => picked(input("date", element, at), at),
  timepicker: (element, at) => picked(input("time", element, at), at),
  datetimepicker: moment,
  file_input: files,
};

const numbers = (element) => ({
  min: element.min_value, max: element.max_value, step: element.is_decimal_allowed ? "any" : "1",
});

const lengths = (element) => ({ maxlength: element.max_length });

const input = (type, element, { value, properties }, limits = {}) =>
  el("input.field", { type, value: value ?? "", placeholder: element.placeholder?.text, ...limits, ...properties });

function words(element, at) {
  if (!element.multiline) return typed(input("text", element, at, lengths(element)), at, triggers(element));
  const properties = { rows: "4", value: at.value ?? "", placeholder: element.placeholder?.text };
  return typed(el("textarea.field", { ...properties, ...lengths(element), ...at.properties }), at, triggers(element));
}

const triggers = (element) => element.dispatch_action_config?.trigger_actions_on ?? ["on_enter_pressed"];

/** Text is kept with each key and sent, where it is to be sent, with Enter or after each pause. */
function typed(node, { isSending, value, keepRaw, choose }, when = ["on_enter_pressed"]) {
  const raw = () => node.value || null;
  node.addEventListener("input", () => keepRaw(raw()));
  if (!isSending) return node;
  const send = () => choose(raw(), value);
  if (when.includes("on_character_entered")) node.addEventListener("input", settled(send, TYPING_PAUSE));
  node.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !when.includes("on_enter_pressed")) return;
    event.preventDefault();
    send();
  });
  return node;
}

/** A date or a time is kept as soon as it is whole and sent, where it is to be sent, a moment later. */
function picked(node, { isSending, value, keepRaw, choose }, rawOf = (text) => text) {
  let before = value;
  const raw = () => (node.value ? rawOf(node.value) : null);
  const shown = node.value;
  const send = settled(async () => {
    if ((await choose(raw(), before)) === false) node.value = shown;
    else before = raw();
  }, TYPING_PAUSE);
  node.addEventListener("input", () => {
    if (!isWhole(node)) return;
    keepRaw(raw());
    if (isSending) send();
  });
  return node;
}

/** Until a year has been typed to its end, a browser takes "2" for the year 2. */
const isWhole = (node) => node.type === "time" || !node.value.startsWith("0");

function moment(element, at) {
  const { zone } = state.me;
  const value = at.value && fieldOf(Number(at.value), zone);
  return picked(input("datetime-local", element, { ...at, value }), at, (text) => String(momentOf(text, zone)));
}

// What each uploaded file is called, by its id: the form holds nothing but ids.
const names = new Map();

/** A file goes to the workspace as soon as it is chosen, as in Slack; the form then holds its id. */
function files(element, { value, properties, keepRaw }) {
  const most = element.max_files ?? 10;
  const accept = element.filetypes?.map((type) => `.${type}`).join(",");
  const pick = el("input.field", { type: "file", accept, multiple: most > 1, ...properties });
  const list = el("p.hint", { role: "status" });
  const show = (ids) => list.replaceChildren(ids.map((id) => names.get(id) ?? id).join(", "));
  pick.addEventListener("change", async () => {
    if (pick.files.length > most) return toast(`No more than ${most} can be chosen.`);
    const ids = (await Promise.all([...pick.files].map(upload))).filter(Boolean);
    keepRaw(ids);
    show(ids);
  });
  show(value ?? []);
  return el("div", {}, pick, list);
}

async function upload(file) {
  const bytes = new Uint8Array(await file.arrayBuffer());
  const content = btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
  const { file: id } = await act({ do: "upload", name: file.name, content });
  if (id) names.set(id, file.name);
  return id;
}
