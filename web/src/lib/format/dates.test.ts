import { describe, expect, it } from 'vitest';
import { capital, days, date, period, tick } from './dates.ts';
import { addMonths } from '../url/day.ts';
import { kPlainCalendar, parsePeriod, resolvePeriod, type CalendarSettings } from '../url/period.ts';
import type { Locale } from './numbers.ts';

const fold = (text: string) => text.replace(/[\u00a0\u202f]/g, ' ');
const april = { weekStart: 1, fiscalMonth: 4, fiscalDay: 1 };

function named(locale: Locale, text: string, calendar: CalendarSettings = kPlainCalendar): string {
  return fold(
    period(locale, resolvePeriod(parsePeriod(text) ?? { word: 'this-week' }, calendar, '2026-11-22'), calendar),
  );
}

describe('periods by name', () => {
  it('has no civil name for a month that is none', () => {
    const months = Array.from({ length: 37 }, (_, i) => addMonths('2025-04-06', i));
    const sixth = { weekStart: 1, fiscalMonth: 4, fiscalDay: 6, months };
    expect(named('en-GB', '2026-P03', sixth)).toBe('P3 2026–27');
    expect(named('fr-FR', '2026-Q4', sixth)).toBe('T4 2026–27');
    expect(tick('fr-FR', '2026-06-06', 'month', sixth, null)).toBe('P3');
  });

  it.each([
    ['2026-11', 'novembre 2026', 'November 2026'],
    ['2026-Q4', 'T4 2026', 'Q4 2026'],
    ['2026-W47', 'S47 2026', 'W47 2026'],
    ['2026', '2026', '2026'],
    ['2026-11-23', '23 nov. 2026', '23 Nov 2026'],
    ['2026-09-23', '23 sept. 2026', '23 Sep 2026'],
    ['last-30d', '24 oct. – 22 nov. 2026', '24 Oct – 22 Nov 2026'],
  ])('%s', (text, fr, en) => {
    expect(named('fr-FR', text)).toBe(fr);
    expect(named('en-GB', text)).toBe(en);
  });

  it('gives a fiscal year both of its numbers', () => {
    expect(named('en-GB', '2026', april)).toBe('2026–27');
    expect(named('fr-FR', '2026-Q1', april)).toBe('T1 2026–27');
  });
});

describe('ranges by their days', () => {
  it('says only what differs', () => {
    expect(fold(days('fr-FR', '2026-10-01', '2026-10-24', { year: 'omitted' }))).toBe('1–23 oct.');
    expect(fold(days('en-GB', '2026-10-01', '2026-10-24', { year: 'shown' }))).toBe('1–23 Oct 2026');
    expect(fold(days('en-GB', '2025-12-30', '2026-01-03', { year: 'omitted' }))).toBe('30 Dec 2025 – 2 Jan 2026');
    expect(fold(days('fr-FR', '2026-11-23', '2026-11-24', { year: 'shown' }))).toBe('23 nov. 2026');
    expect(fold(date('fr-FR', '2026-05-01'))).toBe('1 mai 2026');
  });
});

describe('labels of an axis', () => {
  it('name the year where it turns', () => {
    const label = (from: string, before: string | null) => fold(tick('fr-FR', from, 'month', kPlainCalendar, before));
    expect(label('2025-12-01', null)).toBe('déc. 25');
    expect(label('2026-01-01', '2025-12-01')).toBe('janv. 26');
    expect(label('2026-02-01', '2026-01-01')).toBe('févr.');
    expect(capital('novembre 2026')).toBe('Novembre 2026');
  });
});
