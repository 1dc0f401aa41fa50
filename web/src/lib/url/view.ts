/**
 * The address is the view: everything that decides what is on screen, parsed from and printed to the query string.
 *
 * Pure. Defaults are left out and the order is fixed, so equal views have equal addresses. A value that cannot be
 * understood is reported, and the default takes its place. Language and theme are a person's settings and no part of it.
 */
import { parsePeriod, printPeriod, type PeriodRef, type StepGrain } from './period.ts';

export const kComparisons = ['previous', 'year', 'none'] as const;
/** previous: the period before (to date); year: the same period a year before; none. */
export type ComparisonWord = (typeof kComparisons)[number];

export const kGrains: readonly StepGrain[] = ['day', 'week', 'month', 'quarter', 'year'];

export interface View {
  period: PeriodRef;
  comparison: ComparisonWord;
  /** Null: the grain that suits the period. */
  grain: StepGrain | null;
  /** Id of the dimension that splits the values. */
  by: string | null;
  /** What the side panel shows, e.g. `explain:churn_rate`. */
  panel: string | null;
}

export interface AddressProblem {
  key: string;
  value: string;
  /** `unknown`: no such parameter here; `value`: the parameter is known, its value is not. */
  what: 'unknown' | 'value';
}

export const kDefaultView: View = {
  period: { word: 'this-month' },
  comparison: 'previous',
  grain: null,
  by: null,
  panel: null,
};

const kName = /^[a-z][a-z0-9_]{0,63}$/;
const kPanel = /^explain:[a-z][a-z0-9_]{0,63}$/;

export function parseView(search: string): { view: View; problems: AddressProblem[] } {
  const view: View = { ...kDefaultView };
  const problems: AddressProblem[] = [];
  for (const [key, value] of new URLSearchParams(search)) {
    if (!read(view, key, value)) problems.push({ key, value, what: isKnown(key) ? 'value' : 'unknown' });
  }
  return { view, problems };
}

/** The query string, with its question mark, or the empty string for the default view. */
export function printView(view: View): string {
  const parts: [string, string][] = [];
  const period = printPeriod(view.period);
  if (period !== printPeriod(kDefaultView.period)) parts.push(['p', period]);
  if (view.comparison !== kDefaultView.comparison) parts.push(['vs', view.comparison]);
  if (view.grain !== null) parts.push(['g', view.grain]);
  if (view.by !== null) parts.push(['by', view.by]);
  if (view.panel !== null) parts.push(['panel', view.panel]);
  // Only characters that need no escape in a query: an address that people read stays readable.
  return parts.length === 0 ? '' : '?' + parts.map(([key, value]) => `${key}=${value}`).join('&');
}

function read(view: View, key: string, value: string): boolean {
  switch (key) {
    case 'p': {
      const period = parsePeriod(value);
      if (period) view.period = period;
      return period !== null;
    }
    case 'vs':
      if (!(kComparisons as readonly string[]).includes(value)) return false;
      view.comparison = value as ComparisonWord;
      return true;
    case 'g':
      if (!(kGrains as readonly string[]).includes(value)) return false;
      view.grain = value as StepGrain;
      return true;
    case 'by':
      if (!kName.test(value)) return false;
      view.by = value;
      return true;
    case 'panel':
      if (!kPanel.test(value)) return false;
      view.panel = value;
      return true;
    default:
      return false;
  }
}

function isKnown(key: string): boolean {
  return ['p', 'vs', 'g', 'by', 'panel'].includes(key);
}
