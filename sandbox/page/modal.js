// The bot's modals, as a real dialog with the top view of the stack.
import { showBlocks, showErrors } from "./blocks.js";
import { el } from "./dom.js";
import { once } from "./elements.js";
import { submit } from "./forms.js";
import { emoji } from "./mrkdwn.js";
import { act, state } from "./server.js";

export function modal(dialog) {
  const body = el("div.body");
  let shown = null;

  dialog.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    event.preventDefault();
    close();
  });
  // A phone's "back" comes as this alone, without a key. The bot is told, and the state then closes the dialog.
  dialog.addEventListener("cancel", (event) => {
    if (event.target !== dialog) return;
    event.preventDefault();
    close();
  });

  const close = () => shown && act({ do: "close", view: shown.id });

  const send = async () => {
    const view = shown.id;
    const answer = await submit(view);
    if (answer.errors && shown?.id === view) showErrors(body, answer.errors);
  };

  return function draw() {
    const top = state.modals.at(-1) ?? null;
    if (!top) return dismiss();
    const isOther = top.id !== shown?.id;
    shown = top;
    if (isOther) fill();
    retitle(dialog, top);
    showBlocks(body, top.blocks, { view: top.id });
    if (!dialog.open) dialog.showModal();
    if (isOther) begin(body, dialog);
  };

  function dismiss() {
    shown = null;
    if (dialog.open) dialog.close();
  }

  function fill() {
    body.replaceChildren();
    dialog.replaceChildren(frame(body, send, close));
    body.scrollTop = 0;
  }
}

function frame(body, send, close) {
  // The browser's own checks are off: it is for the bot to say what is wrong, and where.
  return el("form", { novalidate: true, onsubmit: (event) => event.preventDefault() },
    el("header", {},
      el("div.names", {}, el("small.faint.below"), el("h2", { id: "modal-title", tabindex: "-1" })),
      el("button.quiet.x", { type: "button", "aria-label": "Close", onclick: close })),
    body,
    el("div.toasts", { role: "status", "aria-live": "polite" }),
    el("footer", {},
      el("button.button.close", { type: "button", onclick: close }),
      el("button.button.primary.submit", { type: "submit", onclick: once(send) })));
}

function retitle(dialog, view) {
  dialog.querySelector("h2").textContent = emoji(view.title?.text ?? "");
  const below = state.modals.slice(0, -1).map(({ title }) => `${emoji(title.text)} › `);
  dialog.querySelector(".below").textContent = below.join("");
  dialog.querySelector(".close").textContent = emoji(view.close?.text ?? (view.submit ? "Cancel" : "Close"));
  const button = dialog.querySelector(".submit");
  button.hidden = button.disabled = !view.submit;
  button.textContent = emoji(view.submit?.text ?? "");
}

/** Puts the focus where the person will begin; with nothing to fill in, on the title, where Enter presses nothing. */
function begin(body, dialog) {
  const first = body.querySelector("[data-first]") ?? body.querySelector("input, textarea, select");
  (first ?? dialog.querySelector("h2")).focus();
}
