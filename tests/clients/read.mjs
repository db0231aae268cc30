// Reads feeds with ical.js, the library of Thunderbird and Nextcloud: each line of input
// is {"ics": …} or {"jcal": …}, and is answered by a line {"entries": […]} or {"error": …}.
// Local times are worked out from the feed's own VTIMEZONE, never from the name of a zone.
import readline from "node:readline";
import ICAL from "ical.js";

function moment(entry, name) {
  const time = entry.getFirstPropertyValue(name);
  if (time.isDate) return time.toString();
  if (time.zone === ICAL.Timezone.localTimezone) throw new Error(`${name} is floating: ${time}`);
  return new Date(time.toUnixTime() * 1000).toISOString();
}

function text(entry, name) {
  return entry.getFirstPropertyValue(name) ?? "";
}

function entries({ ics, jcal }) {
  const calendar = new ICAL.Component(jcal ? JSON.parse(jcal) : ICAL.parse(ics));
  ICAL.TimezoneService.reset();
  for (const zone of calendar.getAllSubcomponents("vtimezone")) ICAL.TimezoneService.register(zone);
  return calendar.getAllSubcomponents("vevent").map((entry) => ({
    uid: text(entry, "uid"),
    summary: text(entry, "summary"),
    description: text(entry, "description"),
    location: text(entry, "location"),
    categories: entry.getFirstProperty("categories")?.getValues() ?? [],
    start: moment(entry, "dtstart"),
    end: moment(entry, "dtend"),
    status: text(entry, "status"),
    sequence: entry.getFirstPropertyValue("sequence"),
    transp: text(entry, "transp"),
  }));
}

for await (const line of readline.createInterface({ input: process.stdin, crlfDelay: Infinity })) {
  let answer;
  try {
    answer = { entries: entries(JSON.parse(line)) };
  } catch (error) {
    answer = { error: String(error) };
  }
  process.stdout.write(`${JSON.stringify(answer)}\n`);
}
