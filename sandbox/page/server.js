// The workspace's server, as this page sees it: the state of one person's Slack, and what they do.
import { toast } from "./dom.js";

const LOOK_EVERY = 700;

/** The latest state; null until the first has come. */
export let state = null;

let who = "";
let rev = -1;
let question = 0;
let timer;
let receivedAt = 0;
let listener = () => {};
let isLost = false;

/** The workspace's time in milliseconds, going on by itself between two looks. */
export const now = () => Date.parse(state.now) + (Date.now() - receivedAt);

/** Calls `changed({lost})` whenever there is something new to draw. */
export function follow(changed) {
  listener = changed;
}

/** From here on, looks at the workspace through the eyes of `as`. */
export function look(as) {
  who = as;
  rev = -1;
  return poll();
}

export async function poll() {
  clearTimeout(timer);
  question += 1;
  const mine = question;
  const found = await ask();
  // A later question is under way; its answer is the newer one, and it has the timer.
  if (mine !== question) return;
  timer = setTimeout(poll, LOOK_EVERY);
  take(found);
}

async function ask() {
  try {
    const answer = await fetch(`ui/state?${new URLSearchParams({ as: who, rev })}`);
    if (answer.status === 204) return {};
    return answer.ok ? { fresh: await answer.json() } : { refused: answer.status };
  } catch {
    return { lost: true };
  }
}

function take({ fresh, refused, lost = false }) {
  if (refused) return refuse(refused);
  if (!fresh && lost === isLost) return;
  isLost = lost;
  if (fresh) {
    state = fresh;
    rev = fresh.rev;
    receivedAt = Date.now();
  }
  listener({ lost });
}

function refuse(status) {
  // An address may name a person who is not in this workspace: show whoever the server takes by itself.
  if (who && !state) return look("");
  clearTimeout(timer);
  toast(`The workspace refused to show itself (${status}). Load the page again.`);
}

/** Does something as the person whose Slack is on the screen, and looks at what came of it. */
export async function act(doing) {
  const answer = await post("ui/act", { as: state.me.id, ...doing });
  await poll();
  if (!answer.ok) toast(answer.error);
  return answer;
}

export async function post(path, body) {
  try {
    const headers = { "Content-Type": "application/json" };
    const answer = await fetch(path, { method: "POST", headers, body: JSON.stringify(body) });
    return await answer.json();
  } catch {
    return { ok: false, error: "The local workspace does not answer. Is it still running?" };
  }
}
