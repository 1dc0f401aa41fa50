/** Days and periods as people write them. Composed here, from the runtime's month names only, so that they do not vary. */
import type { Locale } from './numbers.ts';
import { addDays, partsOf, type Day } from '../url/day.ts';
import { isoWeekOf, placeInYear, type CalendarSettings, type Period, type StepGrain } from '../url/period.ts';

const names = new Map<string, string>();

/** `nov.` or `novembre`, `Nov` or `November`. */
export function monthName(locale: Locale, month: number, width: 'short' | 'long'): string {
  const key = `${locale}${month}${width}`;
  let found = names.get(key);
  if (!found) {
    const format = new Intl.DateTimeFormat(locale, { month: width, timeZone: 'UTC' });
    // Runtimes write September as Sep or Sept: one spelling.
    found = format.format(Date.UTC(2026, month - 1, 15)).replace(/^Sept$/, 'Sep');
    names.set(key, found);
  }
  return found;
}

/** `23 nov. 2026`, `23 Nov 2026`. */
export function date(locale: Locale, day: Day): string {
  const { year } = partsOf(day);
  return `${dayAndMonth(locale, day)}\u00a0${year}`;
}

/** `23 nov.`, `23 Nov`. */
export function dayAndMonth(locale: Locale, day: Day): string {
  const { month, day: date } = partsOf(day);
  return `${date}\u00a0${monthName(locale, month, 'short')}`;
}

/** The days of a half-open range by its first and last: `1–23 oct. 2026`, `1 Oct – 15 Nov 2026`, `23 Nov 2026`. */
export function days(locale: Locale, from: Day, to: Day, options: { year: 'shown' | 'omitted' }): string {
  const last = addDays(to, -1);
  const a = partsOf(from);
  const b = partsOf(last);
  const year = options.year === 'shown' ? `\u00a0${b.year}` : '';
  const end = dayAndMonth(locale, last) + year;
  if (from === last) return end;
  if (a.year === b.year && a.month === b.month) return `${a.day}–${end}`;
  if (a.year === b.year) return `${dayAndMonth(locale, from)} – ${end}`;
  return `${date(locale, from)} – ${date(locale, last)}`;
}

/** The name of a whole period: `novembre 2026`, `T4 2026`, `S47 2026`, `2026`; its days where it has no name. */
export function period(locale: Locale, period: Period, calendar: CalendarSettings): string {
  const { year, month } = partsOf(period.from);
  const french = locale === 'fr-FR';
  switch (period.kind) {
    case 'day':
      return date(locale, period.from);
    case 'week': {
      const week = isoWeekOf(period.from, calendar);
      return `${french ? 'S' : 'W'}${week.number}\u00a0${week.year}`;
    }
    case 'month': {
      if (!calendar.months) return `${monthName(locale, month, 'long')} ${year}`;
      const place = placeInYear(period.from, 'month', calendar);
      return `P${place.number}\u00a0${fiscalYear(place.year, calendar)}`;
    }
    case 'quarter': {
      const place = placeInYear(period.from, 'quarter', calendar);
      return `${french ? 'T' : 'Q'}${place.number}\u00a0${fiscalYear(place.year, calendar)}`;
    }
    case 'year':
      return fiscalYear(placeInYear(period.from, 'year', calendar).year, calendar);
    case 'range':
      return days(locale, period.from, period.to, { year: 'shown' });
  }
}

/** The label of one period on an axis; the year is named where it changes, and on the first. */
export function tick(
  locale: Locale,
  from: Day,
  grain: StepGrain,
  calendar: CalendarSettings,
  before: Day | null,
): string {
  const { year, month } = partsOf(from);
  const short = `${year % 100}`.padStart(2, '0');
  const turns = before === null || partsOf(before).year !== year;
  switch (grain) {
    case 'day':
      return dayAndMonth(locale, from);
    case 'week': {
      const week = isoWeekOf(from, calendar);
      return `${locale === 'fr-FR' ? 'S' : 'W'}${week.number}`;
    }
    case 'month':
      if (calendar.months) return `P${placeInYear(from, 'month', calendar).number}`;
      return monthName(locale, month, 'short') + (turns ? `\u00a0${short}` : '');
    case 'quarter':
    case 'year':
      return period(locale, { kind: grain, from, to: addDays(from, 1) }, calendar);
  }
}

/** A clock time where the reader is, `09:12`. */
export function clock(locale: Locale, at: Date): string {
  return new Intl.DateTimeFormat(locale, { hour: '2-digit', minute: '2-digit' }).format(at);
}

/** A fiscal year that is not a calendar year bears both: `2026–27`. */
function fiscalYear(year: number, { fiscalMonth, fiscalDay }: CalendarSettings): string {
  return fiscalMonth === 1 && fiscalDay === 1 ? String(year) : `${year}–${String((year + 1) % 100).padStart(2, '0')}`;
}

export function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** Within a sentence; what begins with two capitals (NPS, SKU) keeps them. */
export function lower(text: string): string {
  return /^\p{Lu}{2}/u.test(text) ? text : text.charAt(0).toLowerCase() + text.slice(1);
}
