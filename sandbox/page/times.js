// Moments in somebody's own zone, in British words. Assembled from parts, because browsers differ in commas.

const formats = new Map();

function format(zone, options) {
  const key = zone + JSON.stringify(options);
  if (!formats.has(key)) formats.set(key, new Intl.DateTimeFormat("en-GB", { timeZone: zone, ...options }));
  return formats.get(key);
}

const one = (ms, zone, name, style) => format(zone, { [name]: style }).format(ms);

/** "2027-03-01" */
export const isoDay = (ms, zone) =>
  new Intl.DateTimeFormat("en-CA", { timeZone: zone, year: "numeric", month: "2-digit", day: "2-digit" }).format(ms);

/** "09:00" */
export const timeOfDay = (ms, zone) =>
  format(zone, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" }).format(ms);

/** "1 March 2027"; `month` is "short" or "long". */
const date = (ms, zone, month) =>
  [one(ms, zone, "day", "numeric"), one(ms, zone, "month", month), one(ms, zone, "year", "numeric")].join(" ");

const weekday = (ms, zone, style) => one(ms, zone, "weekday", style);

/** "Mon 1 Mar 2027, 09:00" */
export const clockText = (ms, zone) =>
  `${weekday(ms, zone, "short")} ${date(ms, zone, "short")}, ${timeOfDay(ms, zone)}`;

/** "Monday 1 March 2027" */
export const longDay = (ms, zone) => `${weekday(ms, zone, "long")} ${date(ms, zone, "long")}`;

/** "Lisbon" of "Europe/Lisbon" */
export const city = (zone) => (zone ?? "").split("/").at(-1).replaceAll("_", " ");

const DAY = 86_400_000;

/** "today", "tomorrow" or "yesterday" when it is one, else `otherwise`. */
function pretty(ms, zone, now, otherwise) {
  const day = isoDay(ms, zone);
  if (day === isoDay(now, zone)) return "today";
  if (day === isoDay(now + DAY, zone)) return "tomorrow";
  return day === isoDay(now - DAY, zone) ? "yesterday" : otherwise;
}

/** Fills in a format of Slack's <!date^…>: https://docs.slack.dev/messaging/formatting-message-text#date-formatting */
export function slackDate(seconds, pattern, zone, now) {
  const ms = seconds * 1000;
  const words = {
    date_num: () => isoDay(ms, zone),
    date: () => date(ms, zone, "long"),
    date_short: () => date(ms, zone, "short"),
    date_long: () => longDay(ms, zone),
    time: () => timeOfDay(ms, zone),
    time_secs: () => `${timeOfDay(ms, zone)}:${String(Math.floor(seconds % 60)).padStart(2, "0")}`,
  };
  for (const name of ["date", "date_short", "date_long"]) {
    words[`${name}_pretty`] = () => pretty(ms, zone, now, words[name]());
  }
  return pattern.replace(/\{(\w+)\}/g, (whole, name) => (words[name] ? words[name]() : whole));
}

/** What a datetime-local field shows for a moment: "2027-03-10T14:30". */
export const fieldOf = (seconds, zone) => `${isoDay(seconds * 1000, zone)}T${timeOfDay(seconds * 1000, zone)}`;

/** The moment at which clocks in `zone` show `field`; twice settles it on the days when the clocks change. */
export function momentOf(field, zone) {
  const wanted = Date.parse(`${field}:00Z`);
  let guess = wanted;
  for (let turn = 0; turn < 2; turn += 1) guess += wanted - Date.parse(`${fieldOf(guess / 1000, zone)}:00Z`);
  return Math.round(guess / 1000);
}
