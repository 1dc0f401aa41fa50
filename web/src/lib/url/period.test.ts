import { describe, expect, it } from 'vitest';
import { addMonths, daysBetween, isDay, lastDayBefore } from './day.ts';
import {
  grainOf,
  kPeriodWords,
  kPlainCalendar,
  lastPeriods,
  parsePeriod,
  periodOf,
  printPeriod,
  progressOf,
  refOf,
  resolvePeriod,
  stepPeriod,
  type CalendarSettings,
  type StepGrain,
} from './period.ts';

// The demo company's last covered day is a Sunday.
const kLast = '2026-11-22';
const april: CalendarSettings = { weekStart: 1, fiscalMonth: 4, fiscalDay: 1 };
const sunday: CalendarSettings = { weekStart: 7, fiscalMonth: 1, fiscalDay: 1 };

const days = (text: string, calendar = kPlainCalendar, last = kLast) => {
  const ref = parsePeriod(text);
  if (!ref) throw new Error(`no period: ${text}`);
  const { from, to } = resolvePeriod(ref, calendar, last);
  return `${from}..${to}`;
};

describe('words move with the data', () => {
  it.each([
    ['this-month', '2026-11-01..2026-12-01'],
    ['last-month', '2026-10-01..2026-11-01'],
    ['this-week', '2026-11-16..2026-11-23'],
    ['last-week', '2026-11-09..2026-11-16'],
    ['since-last-monday', '2026-11-09..2026-11-23'],
    ['this-quarter', '2026-10-01..2027-01-01'],
    ['last-quarter', '2026-07-01..2026-10-01'],
    ['this-year', '2026-01-01..2027-01-01'],
    ['last-year', '2025-01-01..2026-01-01'],
    ['last-30d', '2026-10-24..2026-11-23'],
    ['last-90d', '2026-08-25..2026-11-23'],
    // November is not over: the twelve complete months end with October.
    ['last-12m', '2025-11-01..2026-11-01'],
  ])('%s', (word, range) => expect(days(word)).toBe(range));

  it('takes a month whose last day is covered as complete', () => {
    expect(days('last-12m', kPlainCalendar, '2026-10-31')).toBe('2025-11-01..2026-11-01');
  });
});

describe('fixed periods', () => {
  it.each([
    ['2026', '2026-01-01..2027-01-01'],
    ['2026-11', '2026-11-01..2026-12-01'],
    ['2026-Q4', '2026-10-01..2027-01-01'],
    ['2026-W47', '2026-11-16..2026-11-23'],
    ['2026-W01', '2025-12-29..2026-01-05'],
    ['2026-11-23', '2026-11-23..2026-11-24'],
    ['2026-10-01..2026-11-15', '2026-10-01..2026-11-15'],
  ])('%s', (text, range) => expect(days(text)).toBe(range));

  it('reads the letters of both languages', () => {
    expect(days('2026-T4')).toBe(days('2026-Q4'));
    expect(days('2026-S47')).toBe(days('2026-W47'));
  });

  it('follows the fiscal year of the company', () => {
    expect(days('2026', april)).toBe('2026-04-01..2027-04-01');
    expect(days('2026-Q1', april)).toBe('2026-04-01..2026-07-01');
    expect(days('this-year', april, '2026-02-10')).toBe('2025-04-01..2026-04-01');
    expect(days('this-quarter', april, '2026-02-10')).toBe('2026-01-01..2026-04-01');
  });

  it('begins weeks on Sunday where the company does', () => {
    expect(days('this-week', sunday)).toBe('2026-11-22..2026-11-29');
    expect(days('2026-W48', sunday)).toBe('2026-11-22..2026-11-29');
  });

  it.each(['', '2026-13', '2026-Q5', '2026-W54', '2026-02-30', '2026-11-15..2026-11-01', 'soon', '2026-1', 'a..b'])(
    'refuses "%s"',
    (text) => expect(parsePeriod(text)).toBeNull(),
  );

  it('knows that 2026 has a week 53 and 2025 has none', () => {
    expect(parsePeriod('2026-W53')).not.toBeNull();
    expect(parsePeriod('2025-W53')).toBeNull();
  });
});

describe('properties over many days', () => {
  const grains: StepGrain[] = ['day', 'week', 'month', 'quarter', 'year'];
  const calendars = [kPlainCalendar, april, sunday];
  // Every 17 days over twelve years meets leap days, year ends and weeks 53.
  const many = Array.from({ length: 260 }, (_, i) =>
    new Date(Date.UTC(2019, 0, 1 + i * 17)).toISOString().slice(0, 10),
  );

  it('a period holds its day, ends where the next begins, and is found again by its own name', () => {
    for (const calendar of calendars) {
      for (const grain of grains) {
        for (const day of many) {
          const period = periodOf(day, grain, calendar);
          expect(period.from <= day && day < period.to).toBe(true);
          const next = stepPeriod(period, 1);
          expect(next.from).toBe(period.to);
          expect(stepPeriod(next, -1)).toEqual(period);
          expect(periodOf(next.from, grain, calendar)).toEqual(next);

          const text = printPeriod(refOf(period, calendar, kLast));
          const again = resolvePeriod(parsePeriod(text) ?? { word: 'this-week' }, calendar, kLast);
          expect([text, again.from, again.to]).toEqual([text, period.from, period.to]);
        }
      }
    }
  });

  it('every word prints as itself', () => {
    for (const word of kPeriodWords) expect(printPeriod(parsePeriod(word) ?? { word: 'this-week' })).toBe(word);
  });
});

describe('stepping', () => {
  it('returns to the moving word on the current period', () => {
    const october = resolvePeriod({ word: 'last-month' }, kPlainCalendar, kLast);
    expect(refOf(october, kPlainCalendar, kLast)).toEqual({ kind: 'month', year: 2026, number: 10 });
    expect(refOf(stepPeriod(october, 1), kPlainCalendar, kLast)).toEqual({ word: 'this-month' });
  });

  it('moves whole months as months and other ranges by their days', () => {
    const year = stepPeriod({ kind: 'range', from: '2025-11-01', to: '2026-11-01' }, -1);
    expect([year.from, year.to]).toEqual(['2024-11-01', '2025-11-01']);
    const some = stepPeriod({ kind: 'range', from: '2026-11-01', to: '2026-11-11' }, -1);
    expect([some.from, some.to]).toEqual(['2026-10-22', '2026-11-01']);
  });
});

describe('what surrounds a period', () => {
  it('says how far an unfinished one is', () => {
    const november = resolvePeriod({ word: 'this-month' }, kPlainCalendar, kLast);
    expect(progressOf(november, kLast)).toEqual({ day: 22, of: 30 });
    expect(progressOf(november, '2026-11-30')).toBeNull();
    expect(progressOf(november, '2026-10-30')).toBeNull();
  });

  it('gives twelve periods of a grain up to its end, or up to the data', () => {
    const november = resolvePeriod({ word: 'this-month' }, kPlainCalendar, kLast);
    expect(lastPeriods(november, 'month', 12, kPlainCalendar, kLast)).toEqual({ from: '2025-12-01', to: '2026-12-01' });
    const year = resolvePeriod({ word: 'this-year' }, kPlainCalendar, kLast);
    expect(lastPeriods(year, 'month', 12, kPlainCalendar, kLast)).toEqual({ from: '2025-12-01', to: '2026-12-01' });
    expect(lastPeriods(year, 'week', 2, kPlainCalendar, kLast)).toEqual({ from: '2026-11-09', to: '2026-11-23' });
  });

  it('reads a period in the grain that suits it', () => {
    expect(grainOf({ kind: 'month', from: '2026-11-01', to: '2026-12-01' })).toBe('month');
    expect(grainOf({ kind: 'year', from: '2026-01-01', to: '2027-01-01' })).toBe('month');
    expect(grainOf({ kind: 'range', from: '2026-11-01', to: '2026-11-11' })).toBe('day');
    expect(grainOf({ kind: 'range', from: '2026-09-01', to: '2026-11-30' })).toBe('week');
  });
});

describe('days', () => {
  it('clips to the end of a shorter month', () => {
    expect(addMonths('2026-01-31', 1)).toBe('2026-02-28');
    expect(addMonths('2024-02-29', -12)).toBe('2023-02-28');
    expect(daysBetween('2026-03-28', '2026-03-30')).toBe(2);
    expect(isDay('2026-02-29')).toBe(false);
  });

  it('closes the day before an as-of instant at local midnight', () => {
    expect(lastDayBefore('2026-11-22T23:00:00Z', 'Europe/Paris')).toBe('2026-11-22');
    expect(lastDayBefore('2026-11-22T23:00:01Z', 'Europe/Paris')).toBe('2026-11-23');
  });
});
