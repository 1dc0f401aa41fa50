/** Days as text (`2026-11-23`) and the little arithmetic that periods need. No time zone is involved. */

export type Day = string;

const kDay = /^(\d{4})-(\d{2})-(\d{2})$/;
const kDayMs = 86_400_000;

export function isDay(text: string): boolean {
  if (!kDay.test(text)) return false;
  const time = Date.parse(`${text}T00:00:00Z`);
  return !Number.isNaN(time) && printDay(time) === text;
}

export function makeDay(year: number, month: number, day: number): Day {
  return printDay(Date.UTC(year, month - 1, day));
}

/** Year, month 1–12, day of the month. */
export function partsOf(day: Day): { year: number; month: number; day: number } {
  return { year: Number(day.slice(0, 4)), month: Number(day.slice(5, 7)), day: Number(day.slice(8, 10)) };
}

export function addDays(day: Day, count: number): Day {
  return printDay(timeOf(day) + count * kDayMs);
}

/** Moves by calendar months; a day that the month does not have becomes its last (31 January + 1 = 28 February). */
export function addMonths(day: Day, count: number): Day {
  const { year, month, day: date } = partsOf(day);
  const index = year * 12 + (month - 1) + count;
  const toYear = Math.floor(index / 12);
  const toMonth = (((index % 12) + 12) % 12) + 1;
  const last = new Date(Date.UTC(toYear, toMonth, 0)).getUTCDate();
  return makeDay(toYear, toMonth, Math.min(date, last));
}

export function daysBetween(from: Day, to: Day): number {
  return Math.round((timeOf(to) - timeOf(from)) / kDayMs);
}

/** ISO weekday, 1 Monday … 7 Sunday. */
export function weekdayOf(day: Day): number {
  return ((new Date(timeOf(day)).getUTCDay() + 6) % 7) + 1;
}

/** The local day that holds the last moment before the instant: an `as_of` at midnight closes the day before. */
export function lastDayBefore(instant: string, timeZone: string): Day {
  const at = new Date(Date.parse(instant) - 1);
  try {
    return new Intl.DateTimeFormat('en-CA', { timeZone, year: 'numeric', month: '2-digit', day: '2-digit' }).format(at);
  } catch {
    // A zone the browser does not know: UTC names the same day for most of the day.
    return at.toISOString().slice(0, 10);
  }
}

export function timeOf(day: Day): number {
  return Date.parse(`${day}T00:00:00Z`);
}

function printDay(time: number): Day {
  const date = new Date(time);
  const year = String(date.getUTCFullYear()).padStart(4, '0');
  const month = String(date.getUTCMonth() + 1).padStart(2, '0');
  return `${year}-${month}-${String(date.getUTCDate()).padStart(2, '0')}`;
}
