// The workspace's clock: what time it is for whoever one acts as, and the buttons that move it on.
import { el, toast } from "./dom.js";
import { now, poll, post, state } from "./server.js";
import { city, clockText } from "./times.js";

const STEPS = [
  ["+1 hour", "+1 h", { hours: 1 }],
  ["+1 day", "+1 d", { days: 1 }],
  ["+1 week", "+1 w", { weeks: 1 }],
  ["Next thing due", "Next", { next: true }],
];

export function clock(host) {
  const time = el("time.now");
  const zone = el("small.faint");
  const buttons = STEPS.map(([label, short, step]) => stepButton(label, short, () => move(step)));
  host.append(el("div.reading", {}, time, zone), el("div.steps", {}, buttons));

  async function move(step) {
    if (host.dataset.moving) return;
    host.dataset.moving = "yes";
    draw();
    const answer = await post("ui/clock", step);
    delete host.dataset.moving;
    await poll();
    draw();
    toast(...tell(answer, step));
  }

  function draw() {
    if (!state) return;
    const isMoving = Boolean(host.dataset.moving);
    say(time, clockText(now(), state.me.zone));
    say(zone, isMoving ? "Time is moving…" : `in ${city(state.me.zone)}`);
    for (const button of buttons) button.setAttribute("aria-disabled", String(isMoving));
  }

  setInterval(draw, 1000);
  return draw;
}

function tell(answer, step) {
  if (!answer.ok) return [answer.error];
  if (step.next && answer.steps === 0) return ["Nothing more is due.", "news"];
  return [`It is now ${clockText(now(), state.me.zone)} in ${city(state.me.zone)}.`, "news"];
}

function stepButton(label, short, press) {
  // Both lengths are there; the stylesheet shows the one that fits.
  return el("button.button.step", { type: "button", "aria-label": label, onclick: press },
    el("span.wide", {}, label), el("span.narrow", {}, short));
}

function say(node, words) {
  if (node.textContent !== words) node.textContent = words;
}
