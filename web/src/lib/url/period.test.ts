import { describe, expect, it } from 'vitest';
import { addDays, addMonths, daysBetween, isDay, lastDayBefore, makeDay, weekdayOf } from './day.ts';
import {
  grainOf,
  kPeriodWords,
  kPlainCalendar,
  lastPeriods,
  parsePeriod,
  periodOf,
  printPeriod,
  progressOf,
  quartersOf,
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
/** As the server sends them: months from the sixth, the fiscal year from 6 April. */
const sixth: CalendarSettings = {
  weekStart: 1,
  fiscalMonth: 4,
  fiscalDay: 6,
  months: Array.from({ length: 12 * 20 + 1 }, (_, i) => addMonths('2014-04-06', i)),
};
/** Weeks in 4-4-5; each year begins on the Monday nearest to 1 January, so some have 53 weeks. */
const weekly: CalendarSettings = { weekStart: 1, fiscalMonth: 1, fiscalDay: 1, months: fourFourFive(2014, 2033) };

function fourFourFive(first: number, last: number): string[] {
  const start = (year: number) => {
    const day = makeDay(year, 1, 1);
    const back = weekdayOf(day) - 1;
    return addDays(day, back <= 3 ? -back : 7 - back);
  };
  const years = Array.from({ length: last - first + 1 }, (_, i) => start(first + i));
  const weeks = [0, 4, 8, 13, 17, 21, 26, 30, 34, 39, 43, 47];
  return [...years.flatMap((year) => weeks.map((week) => addDays(year, week * 7))), start(last + 1)];
}

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

describe('months that are not the civil ones', () => {
  it('are those the server counts, with quarters and years of them', () => {
    expect(days('2026-P01', sixth)).toBe('2026-04-06..2026-05-06');
    expect(days('2026-P12', sixth)).toBe('2027-03-06..2027-04-06');
    expect(days('2026-Q2', sixth)).toBe('2026-07-06..2026-10-06');
    expect(days('2026', sixth)).toBe('2026-04-06..2027-04-06');
    expect(days('this-month', sixth, '2026-11-22')).toBe('2026-11-06..2026-12-06');
    expect(days('last-12m', sixth, '2026-11-22')).toBe('2025-11-06..2026-11-06');
    // 2024 began on 1 January 2024, 2025 on Monday 30 December 2024, 2026 on 29 December 2025.
    expect(days('2025', weekly)).toBe('2024-12-30..2025-12-29');
    expect(days('2025-P03', weekly)).toBe('2025-02-24..2025-03-31');
    expect(days('2025-Q1', weekly)).toBe('2024-12-30..2025-03-31');
    expect(days('this-quarter', weekly, '2025-12-30')).toBe('2025-12-29..2026-03-30');
  });

  it('are named by their place in the fiscal year', () => {
    const november = periodOf('2026-11-22', 'month', sixth);
    expect(printPeriod(refOf(november, sixth, '2027-02-01'))).toBe('2026-P08');
    // A civil name typed by hand: the month that holds its middle.
    expect(days('2026-11', sixth)).toBe('2026-11-06..2026-12-06');
    expect(days('2026-P03')).toBe('2026-03-01..2026-04-01');
  });

  it('step across the year, and stop at the ends of what is known', () => {
    const last = periodOf('2027-04-01', 'month', sixth);
    expect(stepPeriod(last, 1, sixth).from).toBe('2027-04-06');
    expect(lastPeriods(last, 'month', 400, sixth, '2027-04-01').from).toBe('2014-04-06');
    expect(quartersOf('2026-04-06', sixth)[3]?.months.map(({ from }) => from)).toEqual([
      '2027-01-06',
      '2027-02-06',
      '2027-03-06',
    ]);
  });
});

describe('properties over many days', () => {
  const grains: StepGrain[] = ['day', 'week', 'month', 'quarter', 'year'];
  const calendars = [kPlainCalendar, april, sunday, sixth, weekly];
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
          const next = stepPeriod(period, 1, calendar);
          expect(next.from).toBe(period.to);
          expect(stepPeriod(next, -1, calendar)).toEqual(period);
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
    expect(refOf(stepPeriod(october, 1, kPlainCalendar), kPlainCalendar, kLast)).toEqual({ word: 'this-month' });
  });

  it('moves whole months as months and other ranges by their days', () => {
    const year = stepPeriod({ kind: 'range', from: '2025-11-01', to: '2026-11-01' }, -1, kPlainCalendar);
    expect([year.from, year.to]).toEqual(['2024-11-01', '2025-11-01']);
    const some = stepPeriod({ kind: 'range', from: '2026-11-01', to: '2026-11-11' }, -1, kPlainCalendar);
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
