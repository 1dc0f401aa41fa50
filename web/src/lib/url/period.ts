/**
 * Periods of the address: words that move with the data (`this-month`, `last-90d`) and fixed ones (`2026-11`, `2026-Q4`,
 * `2026-W47`, `2026`, `2026-11-23`, `2026-10-01..2026-11-15`). Pure; ranges are half-open.
 *
 * "Now" is the last day the data covers, not the clock: an export of 2018 opens on its own last month.
 */
import { addDays, addMonths, daysBetween, isDay, makeDay, partsOf, weekdayOf, type Day } from './day.ts';

export interface CalendarSettings {
  /** ISO weekday on which weeks begin: 1 Monday, 7 Sunday. */
  weekStart: number;
  /** First day of the fiscal year. */
  fiscalMonth: number;
  fiscalDay: number;
}

export const kPlainCalendar: CalendarSettings = { weekStart: 1, fiscalMonth: 1, fiscalDay: 1 };

export const kPeriodWords = [
  'this-week',
  'last-week',
  'since-last-monday',
  'this-month',
  'last-month',
  'this-quarter',
  'last-quarter',
  'this-year',
  'last-year',
  'last-30d',
  'last-90d',
  'last-12m',
] as const;
export type PeriodWord = (typeof kPeriodWords)[number];

export type PeriodKind = 'day' | 'week' | 'month' | 'quarter' | 'year' | 'range';
export type StepGrain = Exclude<PeriodKind, 'range'>;

/** What the address says: a word, or a kind with its place. `number` is the week, month or quarter. */
export type PeriodRef =
  | { word: PeriodWord }
  | { kind: 'day'; day: Day }
  | { kind: 'week' | 'month' | 'quarter'; year: number; number: number }
  | { kind: 'year'; year: number }
  | { kind: 'range'; from: Day; to: Day };

/** A period with its days, [from, to). */
export interface Period {
  kind: PeriodKind;
  from: Day;
  to: Day;
}

export function parsePeriod(text: string): PeriodRef | null {
  if ((kPeriodWords as readonly string[]).includes(text)) return { word: text as PeriodWord };
  if (isDay(text)) return { kind: 'day', day: text };

  const year = /^(\d{4})$/.exec(text);
  if (year) return { kind: 'year', year: Number(year[1]) };

  const month = /^(\d{4})-(0[1-9]|1[0-2])$/.exec(text);
  if (month) return { kind: 'month', year: Number(month[1]), number: Number(month[2]) };

  const quarter = /^(\d{4})-[QT]([1-4])$/i.exec(text);
  if (quarter) return { kind: 'quarter', year: Number(quarter[1]), number: Number(quarter[2]) };

  const week = /^(\d{4})-[WS](\d{2})$/i.exec(text);
  if (week) {
    const number = Number(week[2]);
    const of = Number(week[1]);
    return number >= 1 && number <= isoWeeksOf(of) ? { kind: 'week', year: of, number } : null;
  }

  const [from, to, ...more] = text.split('..');
  if (from && to && more.length === 0 && isDay(from) && isDay(to) && from < to) return { kind: 'range', from, to };
  return null;
}

export function printPeriod(ref: PeriodRef): string {
  if ('word' in ref) return ref.word;
  switch (ref.kind) {
    case 'day':
      return ref.day;
    case 'year':
      return pad(ref.year, 4);
    case 'month':
      return `${pad(ref.year, 4)}-${pad(ref.number, 2)}`;
    case 'quarter':
      return `${pad(ref.year, 4)}-Q${ref.number}`;
    case 'week':
      return `${pad(ref.year, 4)}-W${pad(ref.number, 2)}`;
    case 'range':
      return `${ref.from}..${ref.to}`;
  }
}

/** The days a reference stands for, given the workspace's calendar and the last day its data covers. */
export function resolvePeriod(ref: PeriodRef, calendar: CalendarSettings, lastDay: Day): Period {
  if ('word' in ref) return resolveWord(ref.word, calendar, lastDay);
  switch (ref.kind) {
    case 'day':
      return { kind: 'day', from: ref.day, to: addDays(ref.day, 1) };
    case 'week': {
      const from = weekStartOf(isoMonday(ref.year, ref.number), calendar);
      return { kind: 'week', from, to: addDays(from, 7) };
    }
    case 'month': {
      const from = makeDay(ref.year, ref.number, 1);
      return { kind: 'month', from, to: addMonths(from, 1) };
    }
    case 'quarter': {
      const from = addMonths(fiscalStart(ref.year, calendar), (ref.number - 1) * 3);
      return { kind: 'quarter', from, to: addMonths(from, 3) };
    }
    case 'year':
      return { kind: 'year', from: fiscalStart(ref.year, calendar), to: fiscalStart(ref.year + 1, calendar) };
    case 'range':
      return { kind: 'range', from: ref.from, to: ref.to };
  }
}

/** The period of that grain that holds the day. */
export function periodOf(day: Day, grain: StepGrain, calendar: CalendarSettings): Period {
  switch (grain) {
    case 'day':
      return { kind: 'day', from: day, to: addDays(day, 1) };
    case 'week': {
      const from = addDays(day, -((weekdayOf(day) - calendar.weekStart + 7) % 7));
      return { kind: 'week', from, to: addDays(from, 7) };
    }
    case 'month': {
      const { year, month } = partsOf(day);
      const from = makeDay(year, month, 1);
      return { kind: 'month', from, to: addMonths(from, 1) };
    }
    case 'quarter': {
      const year = periodOf(day, 'year', calendar);
      let from = year.from;
      while (addMonths(from, 3) <= day) from = addMonths(from, 3);
      return { kind: 'quarter', from, to: addMonths(from, 3) };
    }
    case 'year': {
      const { year } = partsOf(day);
      const start = fiscalStart(year, calendar);
      const of = start <= day ? year : year - 1;
      return { kind: 'year', from: fiscalStart(of, calendar), to: fiscalStart(of + 1, calendar) };
    }
  }
}

/** The period `count` steps later (earlier when negative). A range moves by its own length, whole months as months. */
export function stepPeriod(period: Period, count: number): Period {
  const { kind, from, to } = period;
  switch (kind) {
    case 'day':
    case 'week': {
      const days = (kind === 'day' ? 1 : 7) * count;
      return { kind, from: addDays(from, days), to: addDays(to, days) };
    }
    case 'month':
    case 'quarter':
    case 'year': {
      const months = { month: 1, quarter: 3, year: 12 }[kind] * count;
      return { kind, from: addMonths(from, months), to: addMonths(to, months) };
    }
    case 'range': {
      const months = wholeMonths(from, to);
      if (months > 0) return { kind, from: addMonths(from, months * count), to: addMonths(to, months * count) };
      const days = daysBetween(from, to) * count;
      return { kind, from: addDays(from, days), to: addDays(to, days) };
    }
  }
}

/** How the address names a period: the moving word where it is the current one of its kind, else its fixed name. */
export function refOf(period: Period, calendar: CalendarSettings, lastDay: Day): PeriodRef {
  const { kind, from, to } = period;
  if (kind === 'range') return { kind, from, to };
  if (kind === 'day') return { kind, day: from };
  const word = `this-${kind}` as PeriodWord;
  if (resolveWord(word, calendar, lastDay).from === from) return { word };
  switch (kind) {
    case 'week':
      return { kind, ...isoWeekOf(from, calendar) };
    case 'month':
      return { kind, year: partsOf(from).year, number: partsOf(from).month };
    case 'year':
      return { kind, year: partsOf(from).year };
    case 'quarter': {
      const year = periodOf(from, 'year', calendar).from;
      return { kind, year: partsOf(year).year, number: wholeMonths(year, from) / 3 + 1 };
    }
  }
}

/** The word that stands for "now" at the same kind: what the key `t` goes to. */
export function currentRef(kind: PeriodKind): PeriodRef {
  return { word: kind === 'day' || kind === 'range' ? 'this-month' : (`this-${kind}` as PeriodWord) };
}

/** Day n of N when the data ends inside the period; null when it is over, or has not begun. */
export function progressOf(period: Period, lastDay: Day): { day: number; of: number } | null {
  if (lastDay < period.from || addDays(lastDay, 1) >= period.to) return null;
  return { day: daysBetween(period.from, lastDay) + 1, of: daysBetween(period.from, period.to) };
}

/** The grain in which a period is best read as a series. */
export function grainOf(period: Period): StepGrain {
  if (period.kind === 'year') return 'month';
  if (period.kind !== 'range') return period.kind;
  const days = daysBetween(period.from, period.to);
  if (days <= 14) return 'day';
  return days <= 120 ? 'week' : 'month';
}

/** The last `count` periods of a grain up to the end of the period, or up to the data where the period is not over. */
export function lastPeriods(
  period: Period,
  grain: StepGrain,
  count: number,
  calendar: CalendarSettings,
  lastDay: Day,
): { from: Day; to: Day } {
  const end = addDays(period.to, -1);
  const last = periodOf(end < lastDay ? end : lastDay, grain, calendar);
  return { from: stepPeriod(last, 1 - count).from, to: last.to };
}

/** ISO year and week of a day in the first week-day of the workspace's week. */
export function isoWeekOf(day: Day, calendar: CalendarSettings): { year: number; number: number } {
  const start = periodOf(day, 'week', calendar).from;
  // The ISO week is named by its Thursday; a week that begins on Sunday is named by the Thursday inside it too.
  const thursday = addDays(start, (4 - weekdayOf(start) + 7) % 7);
  const { year } = partsOf(thursday);
  return { year, number: Math.floor(daysBetween(makeDay(year, 1, 1), thursday) / 7) + 1 };
}

function resolveWord(word: PeriodWord, calendar: CalendarSettings, lastDay: Day): Period {
  const end = addDays(lastDay, 1);
  switch (word) {
    case 'last-30d':
      return { kind: 'range', from: addDays(end, -30), to: end };
    case 'last-90d':
      return { kind: 'range', from: addDays(end, -90), to: end };
    case 'last-12m': {
      const to = periodOf(end, 'month', calendar).from;
      return { kind: 'range', from: addMonths(to, -12), to };
    }
    case 'since-last-monday':
      return { kind: 'range', from: addDays(lastDay, -(weekdayOf(lastDay) - 1) - 7), to: end };
    default: {
      const [which, grain] = word.split('-') as ['this' | 'last', StepGrain];
      const current = periodOf(lastDay, grain, calendar);
      return which === 'this' ? current : stepPeriod(current, -1);
    }
  }
}

function fiscalStart(year: number, calendar: CalendarSettings): Day {
  return makeDay(year, calendar.fiscalMonth, calendar.fiscalDay);
}

function isoMonday(year: number, week: number): Day {
  const fourth = makeDay(year, 1, 4);
  return addDays(fourth, 1 - weekdayOf(fourth) + (week - 1) * 7);
}

function isoWeeksOf(year: number): number {
  return daysBetween(isoMonday(year, 1), isoMonday(year + 1, 1)) / 7;
}

/** The workspace's week that holds the Thursday of the ISO week. */
function weekStartOf(monday: Day, calendar: CalendarSettings): Day {
  return periodOf(addDays(monday, 3), 'week', calendar).from;
}

/** Number of whole months from one day to another, 0 when they are not whole. */
function wholeMonths(from: Day, to: Day): number {
  const a = partsOf(from);
  const b = partsOf(to);
  const months = (b.year - a.year) * 12 + b.month - a.month;
  return months > 0 && addMonths(from, months) === to ? months : 0;
}

function pad(value: number, width: number): string {
  return String(value).padStart(width, '0');
}
