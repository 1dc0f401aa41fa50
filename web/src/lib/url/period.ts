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
  /**
   * Where months are not the civil ones (a fiscal year that begins within a month, 4-4-5): the first days of the company's
   * months as the server counts them, by whole fiscal years, and the day after the last.
   */
  months?: readonly Day[];
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

/**
 * What the address says: a word, or a kind with its place. `number` is the week, month or quarter; a month with `fiscal` is
 * counted in the fiscal year (`2026-P03`), else it is a civil one.
 */
export type PeriodRef =
  | { word: PeriodWord }
  | { kind: 'day'; day: Day }
  | { kind: 'week' | 'month' | 'quarter'; year: number; number: number; fiscal?: boolean }
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

  const own = /^(\d{4})-P(0[1-9]|1[0-2])$/i.exec(text);
  if (own) return { kind: 'month', year: Number(own[1]), number: Number(own[2]), fiscal: true };

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
      return `${pad(ref.year, 4)}-${ref.fiscal ? 'P' : ''}${pad(ref.number, 2)}`;
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
      if (ref.fiscal)
        return stepPeriod(periodOf(yearOf(ref.year, calendar).from, 'month', calendar), ref.number - 1, calendar);
      // Where no month is a civil one, the name of a civil month means the one that holds its middle.
      if (calendar.months) return periodOf(makeDay(ref.year, ref.number, 15), 'month', calendar);
      const from = makeDay(ref.year, ref.number, 1);
      return { kind: 'month', from, to: addMonths(from, 1) };
    }
    case 'quarter':
      return stepPeriod(periodOf(yearOf(ref.year, calendar).from, 'quarter', calendar), ref.number - 1, calendar);
    case 'year':
      return yearOf(ref.year, calendar);
    case 'range':
      return { kind: 'range', from: ref.from, to: ref.to };
  }
}

/** The period of that grain that holds the day. */
export function periodOf(day: Day, grain: StepGrain, calendar: CalendarSettings): Period {
  if (calendar.months && isOfMonths(grain)) return ownPeriod(indexOf(day, calendar.months), grain, calendar.months);
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
export function stepPeriod(period: Period, count: number, calendar: CalendarSettings): Period {
  const { kind, from, to } = period;
  if (calendar.months && kind !== 'range' && isOfMonths(kind)) {
    return ownPeriod(indexOf(from, calendar.months) + count * kMonthsIn[kind], kind, calendar.months);
  }
  switch (kind) {
    case 'day':
    case 'week': {
      const days = (kind === 'day' ? 1 : 7) * count;
      return { kind, from: addDays(from, days), to: addDays(to, days) };
    }
    case 'month':
    case 'quarter':
    case 'year': {
      const months = kMonthsIn[kind] * count;
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
      if (calendar.months) return { kind, ...placeInYear(from, kind, calendar), fiscal: true };
      return { kind, year: partsOf(from).year, number: partsOf(from).month };
    case 'year':
      return { kind, year: placeInYear(from, kind, calendar).year };
    case 'quarter':
      return { kind, ...placeInYear(from, kind, calendar) };
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
  return { from: stepPeriod(last, 1 - count, calendar).from, to: last.to };
}

/** Which fiscal year a month, quarter or year is of, by the civil year that the fiscal year is named after, and its place in it. */
export function placeInYear(
  from: Day,
  kind: 'month' | 'quarter' | 'year',
  calendar: CalendarSettings,
): { year: number; number: number } {
  const start = periodOf(from, 'year', calendar).from;
  // With a week pattern a fiscal year begins some days before or after the day that names it.
  const around = partsOf(start).year;
  const apart = (year: number) => Math.abs(daysBetween(fiscalStart(year, calendar), start));
  const year = [around - 1, around, around + 1].reduce((best, one) => (apart(one) < apart(best) ? one : best));
  const months = calendar.months
    ? indexOf(from, calendar.months) - indexOf(start, calendar.months)
    : wholeMonths(start, from);
  return { year, number: Math.floor(months / kMonthsIn[kind]) + 1 };
}

/** The quarters of a fiscal year, each with its months. */
export function quartersOf(year: Day, calendar: CalendarSettings): { quarter: Period; months: Period[] }[] {
  const first = periodOf(year, 'quarter', calendar);
  return [0, 1, 2, 3].map((i) => {
    const quarter = stepPeriod(first, i, calendar);
    const month = periodOf(quarter.from, 'month', calendar);
    return { quarter, months: [0, 1, 2].map((k) => stepPeriod(month, k, calendar)) };
  });
}

const kMonthsIn = { month: 1, quarter: 3, year: 12 } as const;

function isOfMonths(grain: StepGrain): grain is 'month' | 'quarter' | 'year' {
  return grain in kMonthsIn;
}

/** The place of the month that holds the day; the first or the last one beyond the ends of the list. */
function indexOf(day: Day, months: readonly Day[]): number {
  let low = 0;
  let high = months.length - 2;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if ((months[middle] as Day) <= day) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** The period of that kind that holds the month at that place. The list begins with a fiscal year and holds whole ones. */
function ownPeriod(index: number, kind: 'month' | 'quarter' | 'year', months: readonly Day[]): Period {
  const size = kMonthsIn[kind];
  const at = Math.min(Math.max(0, index), months.length - 2);
  const first = Math.floor(at / size) * size;
  return { kind, from: months[first] as Day, to: months[first + size] as Day };
}

/** The fiscal year that is named after a civil year. */
function yearOf(year: number, calendar: CalendarSettings): Period {
  // With a week pattern it begins at most three days off: a month later the day is surely inside.
  if (calendar.months) return periodOf(addMonths(fiscalStart(year, calendar), 1), 'year', calendar);
  return { kind: 'year', from: fiscalStart(year, calendar), to: fiscalStart(year + 1, calendar) };
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
      const open = periodOf(end, 'month', calendar);
      return { kind: 'range', from: stepPeriod(open, -12, calendar).from, to: open.from };
    }
    case 'since-last-monday':
      return { kind: 'range', from: addDays(lastDay, -(weekdayOf(lastDay) - 1) - 7), to: end };
    default: {
      const [which, grain] = word.split('-') as ['this' | 'last', StepGrain];
      const current = periodOf(lastDay, grain, calendar);
      return which === 'this' ? current : stepPeriod(current, -1, calendar);
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
