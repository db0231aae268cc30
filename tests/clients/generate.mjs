// Writes an agenda with libraries of npm: each line of input is {"way", "name", "zone", "items"},
// and is answered by a line {"ics": …} or {"error": …}.
import { webcrypto } from "node:crypto";
import readline from "node:readline";
import ical, { ICalEventRepeatingFreq, ICalEventStatus } from "ical-generator";
import * as ics from "ics";
import { tzlib_get_ical_block } from "timezones-ical-library";

// The machine of who writes it stands where the event is.
process.env.TZ = "Europe/Berlin";
// Libraries draw uids with it, and the Node.js of Debian 12 has it here alone.
globalThis.crypto ??= webcrypto;

// Midnight for a day, as the clock of this machine has it.
const moment = (written) => new Date(written.includes("T") ? written : `${written}T00:00`);

const place = ({ geo: [lat, lon] }) => ({ lat, lon });

function byIcalGenerator({ name, zone, items }, generator) {
  const calendar = ical({ name });
  calendar.timezone(generator ? { name: zone, generator } : zone);
  for (const item of items) {
    calendar.createEvent({
      start: moment(item.start),
      end: moment(item.end),
      timezone: item.zone,
      allDay: item.isAllDay,
      summary: item.title,
      description: item.description || null,
      location: item.geo ? { title: item.room, geo: place(item) } : item.room,
      url: item.url || null,
      status: item.is_cancelled ? ICalEventStatus.CANCELLED : null,
      repeating: item.weeks > 1 ? { freq: ICalEventRepeatingFreq.WEEKLY, count: item.weeks } : null,
    });
  }
  return calendar.toString();
}

// Elsewhere the clock is another one: then ics takes an instant.
function timeFor(item, written) {
  if (item.zone !== "Europe/Berlin") return instant(item.zone, written);
  return written.split(/\D/).map(Number);
}

function instant(zone, written) {
  const asIfUtc = Date.parse(`${written}Z`);
  const there = new Date(asIfUtc).toLocaleString("sv", { timeZone: zone }).replace(" ", "T");
  return asIfUtc + (asIfUtc - Date.parse(`${there}Z`));
}

function byIcs({ name, items }, kept) {
  const events = items.map((item) => ({
    start: timeFor(item, item.start),
    end: timeFor(item, item.end),
    ...kept,
    title: item.title,
    location: item.room,
    ...(item.description && { description: item.description }),
    ...(item.url && { url: item.url }),
    ...(item.geo && { geo: place(item) }),
    ...(item.is_cancelled && { status: "CANCELLED" }),
    ...(item.weeks > 1 && { recurrenceRule: `FREQ=WEEKLY;COUNT=${item.weeks}` }),
  }));
  const { error, value } = ics.createEvents(events, { calName: name });
  if (error) throw error;
  return value;
}

const WAYS = {
  "ical-generator": (agenda) => byIcalGenerator(agenda),
  "ical-generator with zones": (agenda) =>
    byIcalGenerator(agenda, (zone) => tzlib_get_ical_block(zone)[0]),
  ics: (agenda) => byIcs(agenda, {}),
  "ics as local": (agenda) => byIcs(agenda, { startOutputType: "local" }),
};

for await (const line of readline.createInterface({ input: process.stdin, crlfDelay: Infinity })) {
  let answer;
  try {
    const agenda = JSON.parse(line);
    answer = { ics: WAYS[agenda.way](agenda) };
  } catch (error) {
    answer = { error: String(error) };
  }
  process.stdout.write(`${JSON.stringify(answer)}\n`);
}
