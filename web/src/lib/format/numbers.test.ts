import { describe, expect, it } from 'vitest';
import {
  bare,
  card,
  change,
  changeInterval,
  column,
  full,
  integer,
  interval,
  share,
  sharedUnit,
  type Locale,
} from './numbers.ts';
import type { Unit } from '../api/types.ts';
import book from './cases.json';

interface Case {
  locale: Locale;
  unit: Unit;
  style?: 'full' | 'card' | 'change' | 'interval' | 'share';
  currency?: string;
  value: number | string | number[];
  relative?: number | null;
  base?: number | null;
  text: string;
}

/** Runtimes differ in which no-break space they put where. */
const fold = (text: string) => text.replace(/[\u00a0\u202f\u2009]/g, ' ');

function printed({ locale, unit, style, currency = 'EUR', value, relative = null, base = null }: Case): string {
  if (Array.isArray(value)) return interval(locale, value[0] ?? 0, value[1] ?? 0, unit, currency);
  if (style === 'change') return change(locale, Number(value), relative, base, unit, currency);
  if (style === 'share') return share(locale, Number(value));
  return (style === 'card' ? card : full)(locale, value, unit, currency);
}

describe('the shared cases', () => {
  for (const one of book.cases as Case[]) {
    it(`${one.locale} ${one.unit} ${one.style ?? 'full'} ${String(one.value)} → ${one.text}`, () => {
      expect(fold(printed(one))).toBe(one.text);
    });
  }
});

describe('spaces that must not break', () => {
  it('groups French thousands with U+202F and sets the euro off with U+00A0', () => {
    expect(full('fr-FR', 1184, 'money', 'EUR')).toBe('1\u202f184\u00a0€');
    expect(integer('fr-FR', 1234567)).toBe('1\u202f234\u202f567');
  });
});

describe('a bare number', () => {
  it('keeps at most two decimals', () => {
    expect(fold(bare('fr-FR', 1234))).toBe('1 234');
    expect(bare('fr-FR', 0.4167)).toBe('0,42');
  });
});

describe('the unit of an axis', () => {
  it('is shared by its cells and written once', () => {
    const axis = sharedUnit('fr-FR', 612_000, 'money', 'EUR');
    expect(axis.header).toBe('k€');
    expect(axis.cell(500_000)).toBe('500');
    expect(sharedUnit('en-GB', 2_400_000, 'money', 'EUR').header).toBe('€m');
    expect(sharedUnit('en-GB', 2_400_000, 'money', 'EUR').cell(2_400_000)).toBe('2.4');
    expect(axis.fixed(329_710)).toBe('329,7');
    const millions = sharedUnit('fr-FR', 1_204_000, 'money', 'EUR');
    expect([955_583, 944_808, 1_204_000].map(millions.fixed)).toEqual(['0,956', '0,945', '1,204']);
    // Under ten thousand the amounts stay whole: a "9.2 k€" would hide what people compare.
    expect(sharedUnit('fr-FR', 9_400, 'money', 'EUR').header).toBe('€');
  });
});

describe('the interval of a change', () => {
  it('has two signed ends and one unit, rates in points', () => {
    expect(fold(changeInterval('fr-FR', -0.006, 0.0101, 'rate', 'EUR'))).toBe('−0,6 – +1,0 pt');
    expect(fold(changeInterval('en-GB', -0.102, 0.199, 'rate', 'EUR'))).toBe('−10 – +20 pts');
    expect(fold(changeInterval('en-GB', -17.2, 176.4, 'money', 'EUR'))).toBe('−€17 – +€176');
    expect(fold(changeInterval('en-GB', 120_000, 340_000, 'money', 'EUR'))).toBe('+€120k – +€340k');
    expect(fold(changeInterval('fr-FR', 120_000, 340_000, 'money', 'EUR'))).toBe('+120 – +340 k€');
    expect(fold(changeInterval('en-GB', -5.1, 22.3, 'days', 'EUR'))).toBe('−5 – +22 days');
    expect(fold(changeInterval('fr-FR', 130, 449, 'money', 'EUR'))).toBe('+130 – +449 €');
    expect(fold(changeInterval('en-GB', 0, 1.2, 'days', 'EUR'))).toBe('0 days – +1.2 days'.replace('0 days', '0'));
    expect(fold(changeInterval('en-GB', -4, 11, 'score', 'EUR'))).toBe('−4 – +11 pts');
  });
});

describe('a column', () => {
  it('shares one scale', () => {
    const cell = column('en-GB', 165_000, 'money', 'EUR');
    expect([165_000, 98_287].map(cell)).toEqual(['€165k', '€98.3k']);
    expect(column('en-GB', 11_427, 'money', 'EUR')(5_408)).toBe('€5,408');
    expect(column('en-GB', 0.14, 'rate', 'EUR')(0.096)).toBe('9.6%');
  });
});
