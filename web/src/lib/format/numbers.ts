/**
 * Numbers as people read them, in French and British English. What each value must look like is written in cases.json,
 * which the tests of the terminal's formatter (src/cli/figures.h) read too: terminal and screen agree.
 *
 * Exact texts (`value_exact`) go through unrounded until the last step.
 */
import type { Unit } from '../api/types.ts';

export type Locale = 'fr-FR' | 'en-GB';
/** A number, or its exact decimal text. */
export type Numeric = number | string;

/** A value ready to draw: the unit may stand before (`€`) or after (`%`, `j`) and is drawn smaller. */
export interface Figure {
  before: string;
  number: string;
  after: string;
}

const kNarrow = '\u202f';
const kHard = '\u00a0';
const kMinus = '\u2212';

const kWords = {
  'fr-FR': {
    point: ['pt', 'pts'],
    day: ['j', 'j'],
    month: ['mois', 'mois'],
    thousand: 'k',
    million: 'M',
    billion: 'Md',
    fresh: 'nouveau',
  },
  'en-GB': {
    point: ['pt', 'pts'],
    day: ['day', 'days'],
    month: ['month', 'months'],
    thousand: 'k',
    million: 'm',
    billion: 'bn',
    fresh: 'new',
  },
} as const;

const kScales = [
  { name: 'billion', size: 1e9 },
  { name: 'million', size: 1e6 },
  { name: 'thousand', size: 1e3 },
] as const;
type Scale = (typeof kScales)[number];

/** Cards write amounts in full up to here, and compact from here on. */
const kCompactFrom = 100_000;
/** The ends of an interval are approximate by nature: compact earlier. */
const kCompactIntervalFrom = 10_000;

const formatters = new Map<string, Intl.NumberFormat>();

function intl(locale: Locale, options: Intl.NumberFormatOptions): Intl.NumberFormat {
  const key = locale + JSON.stringify(options);
  let found = formatters.get(key);
  if (!found) formatters.set(key, (found = new Intl.NumberFormat(locale, options)));
  return found;
}

/** Grouping and decimal marks of the locale, a true minus sign, no unit. */
function plain(locale: Locale, value: Numeric, decimals: number, least = decimals): string {
  const options = { minimumFractionDigits: least, maximumFractionDigits: decimals };
  return tidy(intl(locale, options).format(value as number));
}

function significant(locale: Locale, value: number): string {
  return tidy(intl(locale, { maximumSignificantDigits: 3 }).format(value));
}

/** One minus sign everywhere, none before a zero. */
function tidy(text: string): string {
  const signed = text.replace(/^-/, kMinus);
  return /[1-9]/.test(signed) ? signed : signed.replace(kMinus, '');
}

/** A whole number, `1 234 567` or `1,234,567`. */
export function integer(locale: Locale, value: Numeric): string {
  return plain(locale, value, 0);
}

/** A bare number, at most two decimals: `78`, `0,42`. */
export function bare(locale: Locale, value: Numeric): string {
  return plain(locale, value, 2, 0);
}

/** The value with its unit, in full precision of its kind. */
export function full(locale: Locale, value: Numeric, unit: Unit, currency: string): string {
  return join(figure(locale, value, unit, currency, 'full'));
}

/** The value as a card shows it: like `full`, but amounts from 100 000 on and counts from a million on are compact. */
export function card(locale: Locale, value: Numeric, unit: Unit, currency: string): string {
  return join(figure(locale, value, unit, currency, 'card'));
}

export function join({ before, number, after }: Figure): string {
  // A minus sign stands before the currency: −€66.
  if (before && number.startsWith(kMinus)) return kMinus + before + number.slice(1) + after;
  return before + number + after;
}

export function figure(locale: Locale, value: Numeric, unit: Unit, currency: string, style: 'full' | 'card'): Figure {
  const size = Math.abs(Number(value));
  switch (unit) {
    case 'rate':
      return percent(locale, Number(value));
    case 'money':
      if (style === 'card' && size >= kCompactFrom) return compactMoney(locale, Number(value), currency);
      return money(locale, value, currency);
    case 'days':
      return worded(locale, Number(value), 'day');
    case 'months':
      return worded(locale, Number(value), 'month');
    case 'score': {
      const number = plain(locale, value, 0);
      return { before: '', number, after: ` ${plural(locale, Number(value), 0, 'point')}` };
    }
    case 'mark':
      return { before: '', number: plain(locale, value, 2), after: '' };
    case 'ratio': {
      const number = plain(locale, value, size >= 99.95 ? 0 : 1);
      return { before: '', number, after: locale === 'fr-FR' ? `${kHard}×` : '×' };
    }
    case 'count':
      if (style === 'card' && size >= 1e6) return compactCount(locale, Number(value));
      // A mean of counts is no whole number: 2.93 items are not 3.
      return { before: '', number: plain(locale, value, size < 100 ? 2 : 0, 0), after: '' };
  }
}

/** A share of a whole, in whole percent: `18 %`; a trace is `< 1 %`, never 0, and all but a trace `> 99 %`, never 100. */
export function share(locale: Locale, value: number): string {
  if (value > 0 && value < 0.005) return `<${kHard}1${percentMark(locale)}`;
  if (value > 0.995 && value < 1) return `>${kHard}99${percentMark(locale)}`;
  return plain(locale, value * 100, 0) + percentMark(locale);
}

/**
 * Two ends with one unit: `8,0–10,6 %`, `€8,867–9,445`; amounts from ten thousand on compact, `10,2–12,7 k€`, `€10.2k–12.7k`:
 * a sign before one end and a letter behind the other would make one figure of neither. Of two scales each says its own.
 */
export function interval(locale: Locale, low: number, high: number, unit: Unit, currency: string): string {
  const sizes = [Math.abs(low), Math.abs(high)];
  const ends =
    unit === 'money' && Math.max(...sizes) >= kCompactIntervalFrom && Math.min(...sizes) >= 1000
      ? [compactMoney(locale, low, currency), compactMoney(locale, high, currency)]
      : [figure(locale, low, unit, currency, 'card'), figure(locale, high, unit, currency, 'card')];
  const [a, b] = ends as [Figure, Figure];
  const belowZero = a.number.startsWith(kMinus) && a.before !== '';
  if (a.before === b.before && a.after === b.after && !belowZero) {
    const dash = b.number.startsWith(kMinus) ? ' – ' : '–';
    return `${a.before}${a.number}${a.before ? a.after : ''}${dash}${b.number}${b.after}`;
  }
  return `${join(a)} – ${join(b)}`;
}

/**
 * A change, always signed. Rates move in points; amounts, counts and ratios of amounts in percent where a ratio exists,
 * else in their own unit; durations and scores in their own unit. From zero: the word "new". Equal: `0,0`.
 */
export function change(
  locale: Locale,
  delta: number,
  relative: number | null,
  base: number | null,
  unit: Unit,
  currency: string,
): string {
  switch (unit) {
    case 'rate': {
      const points = delta * 100;
      const decimals = Math.abs(points) >= 9.95 ? 0 : 1;
      return signed(locale, points, decimals, (word) => `${kHard}${word}`);
    }
    case 'money':
    case 'count':
      if (relative !== null) {
        const shown = relative * 100;
        return signed(locale, shown, Math.abs(shown) >= 99.95 ? 0 : 1, () => percentMark(locale));
      }
      if (base === 0 && delta !== 0) return kWords[locale].fresh;
      return withSign(locale, delta, figure(locale, Math.abs(delta), unit, currency, 'card'));
    case 'days':
    case 'months':
    case 'ratio':
    case 'mark':
      return withSign(locale, delta, figure(locale, Math.abs(delta), unit, currency, 'card'));
    case 'score':
      return signed(locale, delta, Math.abs(delta) < 0.95 ? 1 : 0, (word) => ` ${word}`);
  }
}

/** Two signed changes with one unit, rates in points: `−0,6 – +1,0 pt`, `−€17 – +€176`. */
export function changeInterval(locale: Locale, low: number, high: number, unit: Unit, currency: string): string {
  const sign = (value: number, digits: string) => (/[1-9]/.test(digits) ? (value < 0 ? kMinus : '+') : '');
  if (unit === 'rate' || unit === 'score') {
    const [a, b] = (unit === 'rate' ? [low * 100, high * 100] : [low, high]) as [number, number];
    const most = Math.max(Math.abs(a), Math.abs(b));
    const decimals = most >= 9.95 ? 0 : 1;
    const [from, to] = [a, b].map((end) => {
      const digits = plain(locale, Math.abs(end), decimals);
      return sign(end, digits) + digits;
    });
    return `${from} – ${to}${kHard}${plural(locale, most, decimals, 'point')}`;
  }
  // Both as precise as the larger one: −€17 – +€176, not −€17.20.
  const most = Math.max(Math.abs(low), Math.abs(high));
  const ends = [low, high].map((end) => sizeWithin(locale, Math.abs(end), most, unit, currency)) as [Figure, Figure];
  const [from, to] = ends.map((end, i) => sign(i === 0 ? low : high, end.number) + end.before + end.number);
  const same = ends[0].after === ends[1].after && !ends[0].before;
  return `${from}${same ? '' : ends[0].after} – ${to}${ends[1].after}`;
}

function sizeWithin(locale: Locale, size: number, most: number, unit: Unit, currency: string): Figure {
  if (unit === 'money' && size < kCompactFrom) return money(locale, size, currency, most);
  if (unit === 'days' || unit === 'months') return worded(locale, size, unit === 'days' ? 'day' : 'month', most);
  return figure(locale, size, unit, currency, 'card');
}

/** Writes the cells of one column, which all share one unit: where the largest is compact, all are, on its scale. */
export function column(locale: Locale, largest: number, unit: Unit, currency: string): (value: number) => string {
  if (unit !== 'money' || largest < kCompactFrom) return (value) => card(locale, value, unit, currency);
  const scale = scaleOf(largest);
  const letter = kWords[locale][scale.name];
  return (value) => join(placed(locale, significant(locale, value / scale.size), letter, currency));
}

/**
 * The unit that one axis or column shares, and how its cells are written without it: `cell` as short as an axis wants them,
 * `fixed` with the same decimals down a column.
 */
export function sharedUnit(
  locale: Locale,
  largest: number,
  unit: Unit,
  currency: string,
): { header: string; cell: (value: number) => string; fixed: (value: number) => string } {
  const words = kWords[locale];
  if (unit === 'money' || unit === 'count') {
    const scale = kScales.find(({ size }) => largest >= size * (size === 1e3 ? 10 : 1));
    const symbol = unit === 'money' ? currencySymbol(locale, currency) : '';
    const letter = scale ? words[scale.name] : '';
    const header = locale === 'fr-FR' ? letter + symbol : symbol + letter;
    const size = scale?.size ?? 1;
    return {
      header,
      cell: (value) => plain(locale, value / size, 2, 0),
      // Three digits of the largest stay: 0.956 and 0.945 are not "1.0" and "0.9".
      fixed: (value) => plain(locale, value / size, !scale ? 0 : largest / size < 10 ? 3 : 1),
    };
  }
  if (unit === 'rate') {
    const cell = (decimals: number) => (value: number) => plain(locale, value * 100, 1, decimals);
    return { header: '%', cell: cell(0), fixed: cell(1) };
  }
  const header = { days: words.day[1], months: words.month[1], score: words.point[1], ratio: '×', mark: '' }[unit];
  return { header, cell: (value) => plain(locale, value, 1, 0), fixed: (value) => plain(locale, value, 1) };
}

function percent(locale: Locale, value: number): Figure {
  const decimals = Math.abs(value) >= 1 ? 0 : 1;
  return { before: '', number: plain(locale, value * 100, decimals), after: percentMark(locale) };
}

function percentMark(locale: Locale): string {
  return locale === 'fr-FR' ? `${kNarrow}%` : '%';
}

/** `size` decides how precise it is: that of the value, or of a larger one that it stands beside. */
function money(locale: Locale, value: Numeric, currency: string, size = Math.abs(Number(value))): Figure {
  const cents = intl(locale, { style: 'currency', currency }).resolvedOptions().maximumFractionDigits ?? 2;
  const decimals = size > 0 && size < 99.995 ? cents : 0;
  return placed(locale, plain(locale, value, decimals), '', currency);
}

function compactMoney(locale: Locale, value: number, currency: string): Figure {
  const scale = scaleOf(value);
  return placed(locale, significant(locale, value / scale.size), kWords[locale][scale.name], currency);
}

function compactCount(locale: Locale, value: number): Figure {
  const scale = scaleOf(value);
  const after = (locale === 'fr-FR' ? kHard : '') + kWords[locale][scale.name];
  return { before: '', number: significant(locale, value / scale.size), after };
}

/** 999 950 rounds to 1 M, so the scale is that of the rounded value. */
function scaleOf(value: number): Scale {
  const rounded = Math.abs(Number(value.toPrecision(3)));
  return kScales.find(({ size }) => rounded >= size) ?? kScales[2];
}

function placed(locale: Locale, number: string, letter: string, currency: string): Figure {
  const symbol = currencySymbol(locale, currency);
  if (locale === 'fr-FR') return { before: '', number, after: kHard + letter + symbol };
  // A symbol of letters stands off from the number: CHF 1,184.
  const gap = /[A-Z]$/.test(symbol) ? kHard : '';
  return { before: symbol + gap, number, after: letter };
}

export function currencySymbol(locale: Locale, currency: string): string {
  const options = { style: 'currency', currency, currencyDisplay: 'narrowSymbol' } as const;
  const parts = intl(locale, options).formatToParts(0);
  return parts.find(({ type }) => type === 'currency')?.value ?? currency;
}

function worded(locale: Locale, value: number, word: 'day' | 'month', size = Math.abs(value)): Figure {
  const decimals = size < 9.95 ? 1 : 0;
  const number = plain(locale, value, decimals, 0);
  const shown = Number(value.toFixed(decimals));
  const after = plural(locale, shown, Number.isInteger(shown) ? 0 : decimals, word);
  return { before: '', number, after: (locale === 'fr-FR' ? kHard : ' ') + after };
}

/** French counts one up to 2 (excluded), English only a bare 1. */
function plural(locale: Locale, value: number, decimals: number, word: 'point' | 'day' | 'month'): string {
  const size = Math.abs(Number(value.toFixed(decimals)));
  const one = locale === 'fr-FR' ? size < 2 : size === 1 && decimals === 0;
  return kWords[locale][word][one ? 0 : 1];
}

function signed(locale: Locale, value: number, decimals: number, after: (word: string) => string): string {
  const number = plain(locale, Math.abs(value), decimals);
  if (!/[1-9]/.test(number)) return plain(locale, 0, 1);
  return (value < 0 ? kMinus : '+') + number + after(plural(locale, value, decimals, 'point'));
}

function withSign(locale: Locale, value: number, size: Figure): string {
  if (!/[1-9]/.test(size.number)) return plain(locale, 0, 1);
  return (value < 0 ? kMinus : '+') + join(size);
}
