// The question before a button that cannot be taken back.
import { el } from "./dom.js";
import { emoji, textOf } from "./mrkdwn.js";

/** Asks a confirm object's question; true when the person means it. */
export function ask({ title, text, confirm, deny, style }) {
  const dialog = document.getElementById("confirm");
  const kind = style === "danger" ? "danger" : "primary";
  return new Promise((resolve) => {
    const answer = (isYes) => {
      dialog.close();
      resolve(isYes);
    };
    const no = el("button.button", { type: "button", onclick: () => answer(false) }, emoji(deny.text));
    const yes = el(`button.button.${kind}`, { type: "button", onclick: () => answer(true) }, emoji(confirm.text));
    dialog.replaceChildren(
      el("header", {}, el("h2", { id: "confirm-title" }, emoji(title.text))),
      el("div.body", {}, textOf(text)),
      el("footer", {}, no, yes),
    );
    dialog.addEventListener("cancel", () => resolve(false), { once: true });
    dialog.showModal();
    no.focus();
  });
}
