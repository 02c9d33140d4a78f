// The command box: a line that begins with "/" is a command, anything else a message.
import { el, keep, toast } from "./dom.js";
import { act, state } from "./server.js";
import { titleOf } from "./sidebar.js";
import { conversation, isHome } from "./whereabouts.js";

const TALLEST = 180;

export function composer(form) {
  const drafts = new Map();
  const hints = el("div.hints");
  const about = el("div.about");
  const field = el("textarea", { rows: "1", id: "command", "aria-label": "Message or command" });
  const send = el("button.button.primary.send", { type: "submit", "aria-label": "Send" }, "Send");
  let at = "";
  let replying = null;
  let isSending = false;

  form.append(hints, about, el("div.box", {}, field, send));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    give();
  });
  field.addEventListener("keydown", keys);
  field.addEventListener("input", typed);

  function keys(event) {
    if (event.key === "Escape" && replying) return replyTo(null);
    // While an input method is composing, Enter belongs to it.
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    give();
  }

  function typed() {
    drafts.set(at, field.value);
    grow();
    keep(hints, commandsLike(field.value), ({ command }) => command, hint);
  }

  /** As tall as its text, up to a limit. */
  function grow() {
    field.style.height = "auto";
    field.style.height = `${Math.min(field.scrollHeight, TALLEST)}px`;
  }

  async function give() {
    const text = field.value.trim();
    if (!text || isSending) return;
    const doing = whatIs(text, replying);
    if (!doing) return toast("Slack takes no commands in a thread.");
    isSending = true;
    const draft = field.value;
    fill("");
    const answer = await act({ ...doing, channel: conversation().id });
    isSending = false;
    // What could not be sent comes back, unless something else has been begun.
    if (!answer.ok && !field.value) fill(draft);
    else if (replying) replyTo(null);
  }

  function fill(text) {
    field.value = text;
    typed();
  }

  function hint({ command, description, usage_hint: usage }) {
    const take = () => {
      fill(`${command} `);
      field.focus();
    };
    return el("button.command", { type: "button", onclick: take },
      el("strong", {}, command), usage && el("code", {}, usage), description && el("span.faint", {}, description));
  }

  /** The next text replies in a thread, or takes the place of a message; with null neither. */
  function replyTo(message) {
    const wasEditing = replying?.rewrites;
    replying = message;
    if (message?.rewrites) fill(message.text);
    else if (wasEditing) fill("");
    const stop = () => replyTo(null);
    about.replaceChildren(...(message ? [
      el("span", {}, `${message.rewrites ? "Editing" : "Replying in the thread of"} “${message.about}”`),
      el("button.quiet.x", {
        type: "button", "aria-label": message.rewrites ? "Do not edit it" : "Do not reply in the thread", onclick: stop,
      }),
    ] : []));
    field.focus();
  }

  function draw() {
    form.hidden = isHome();
    const here = `${state.me.id} ${conversation().id}`;
    if (here !== at) moveTo(here);
  }

  function moveTo(here) {
    at = here;
    replying = null;
    about.replaceChildren();
    field.placeholder = `Message ${titleOf(conversation())}, or / for a command`;
    fill(drafts.get(here) ?? "");
  }

  return { draw, replyTo };
}

function whatIs(text, replying) {
  if (replying?.rewrites) return { do: "rewrite", text, ts: replying.rewrites };
  if (!text.startsWith("/")) return { do: "write", text, ...(replying ? { thread_ts: replying.thread } : {}) };
  return replying ? null : { do: "command", text };
}

/** The workspace's commands while their first word is being typed. */
const commandsLike = (text) =>
  /^\/\S*$/.test(text) ? (state?.commands ?? []).filter(({ command }) => command.startsWith(text)) : [];
