// Where the page is: whose Slack, which conversation, which tab. It lives in the address, so it can be linked to.
import { state } from "./server.js";

/** What the address asks for; the state decides whether there is such a thing. */
export function wish() {
  const words = new URLSearchParams(location.hash.slice(1));
  return { as: words.get("as") ?? "", in: words.get("in") ?? "", tab: words.get("tab") ?? "messages" };
}

export function address(change) {
  const { as, in: conversation, tab } = { ...wish(), ...change };
  const words = new URLSearchParams({ as: as || state.me.id, in: conversation });
  if (tab === "home") words.set("tab", "home");
  return `#${words}`;
}

export function go(change) {
  location.hash = address(change);
}

export const botsDm = () =>
  state.conversations.find(({ kind, members }) => kind === "im" && members.includes(state.bot.id));

/** The conversation on the screen; the bot's when the address names none of this person's. */
export const conversation = () =>
  state.conversations.find(({ id }) => id === wish().in) ?? botsDm() ?? state.conversations[0];

export const isHome = () => wish().tab === "home" && conversation().id === botsDm()?.id;
