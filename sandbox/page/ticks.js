// Radio buttons and checkboxes.
import { el, freshId } from "./dom.js";
import { textOf } from "./mrkdwn.js";

export const ticks = {
  radio_buttons: group("radio", "radiogroup", ([ticked]) => ticked ?? null),
  checkboxes: group("checkbox", "group", (ticked) => ticked),
};

function group(type, role, rawOf) {
  return (element, { value, properties, choose }) => {
    const name = freshId("ticks");
    const boxes = element.options.map(({ value: own }) =>
      el("input", { type, name, value: own, "data-focus": `${properties["data-focus"]} ${own}` }));
    const show = (raw) => boxes.forEach((box) => { box.checked = [raw].flat().includes(box.value); });
    let before = value;

    async function change() {
      const raw = rawOf(boxes.filter((box) => box.checked).map((box) => box.value));
      if ((await choose(raw, before)) === false) show(before);
      else before = raw;
    }

    show(value);
    const { "data-focus": _, ...tied } = properties;
    const rows = boxes.map((box, index) => tick(box, element.options[index]));
    return el("div.ticks", { role, ...tied, onchange: change }, rows);
  };
}

const tick = (box, { text, description }) =>
  el("label.tick", {}, box, el("span", {}, textOf(text), description && el("small", {}, textOf(description))));
