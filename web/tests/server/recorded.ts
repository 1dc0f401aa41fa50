/** Picks the recorded values that a question is about, and sets them out as docs/api.md says an Answer looks. */
import type {
  Answer,
  Compared,
  ComparisonKind,
  Question,
  Reason,
  Row,
  Text,
  Verdict,
  Warning,
} from '../../src/lib/api/types.ts';
import { addDays, addMonths, daysBetween, type Day } from '../../src/lib/url/day.ts';
import { kPlainCalendar, periodOf, stepPeriod, type Period, type StepGrain } from '../../src/lib/url/period.ts';
import { kAsOf, kDataTo, kFirstMonth, kSeries, kSplits, type Series, type Split } from './company.ts';

/** What a test may ask to be different. */
export interface Scenario {
  /** Milliseconds before an answer to `/ask`. */
  delay?: number;
  /** `/ask` fails with this status. */
  fail?: number;
  /** This KPI is refused, and with it any batch that holds it. */
  refuse?: string;
  /** This KPI cannot be split. */
  refuseSplitOf?: string;
  /** Nothing has been imported yet. */
  empty?: boolean;
  /** Every value is null: nothing happened in what is asked. */
  silent?: boolean;
  /** Null values with a reason, small samples, restated and unpriced rows, warnings. */
  edges?: boolean;
  /** Added to the last value of every series, to see an answer change. */
  shift?: number;
}

/** Half the width of the interval of a change, in margins of the value. */
const kOrdinary = 0.55;

export class Refusal extends Error {
  readonly code: string;
  readonly status: number;
  readonly detail: Text;
  constructor(status: number, code: string, detail: Text) {
    super(detail.en);
    this.status = status;
    this.code = code;
    this.detail = detail;
  }
}

export function answerTo(question: Question, scenario: Scenario): Answer {
  const series = kSeries.find(({ id }) => id === question.kpi);
  if (!series || question.kpi === scenario.refuse) {
    throw new Refusal(404, 'kpi.unknown', { en: `no KPI "${question.kpi}"`, fr: `aucun KPI « ${question.kpi} »` });
  }
  const asked = question.by?.[0];
  const leftOut = asked !== undefined && (!kSplits[asked] || question.kpi === scenario.refuseSplitOf) ? asked : null;
  if (leftOut !== null && question.split !== 'optional') {
    throw new Refusal(400, 'split.unknown', {
      en: `${question.kpi} cannot be split by "${leftOut}"`,
      fr: `${question.kpi} ne peut être ventilé par « ${leftOut} »`,
    });
  }
  const by = leftOut === null ? asked : undefined;

  const kinds = question.compare ?? [];
  const whole: Period = { kind: 'range', from: question.from, to: question.to };
  const periods = question.grain === 'total' ? [whole] : periodsOf(question, question.grain as StepGrain);
  const splits = by === undefined ? [null] : (kSplits[by] ?? []);
  const populations = series.apart ? kPopulations : [null];
  const row = (period: Period, split: Split | null, of: Population | null = null): Row => {
    const one = rowOf(series, period, part(split, of), by, kinds, scenario);
    return of ? { ...one, by: { relation: of.value, ...one.by } } : one;
  };
  const answer: Answer = {
    kpi: series.id,
    variant: question.variant ?? 'default',
    version: 1,
    unit: series.unit,
    direction: series.direction,
    currency: 'EUR',
    label: series.label,
    grain: question.grain,
    from: question.from,
    to: question.to,
    as_of: kAsOf,
    params: series.id === 'conversion_rate' ? { window: 90 } : {},
    min_sample: series.id === 'nps' ? 30 : 20,
    rows: periods.flatMap((period) => populations.flatMap((of) => splits.map((split) => row(period, split, of)))),
    total: series.id === 'sales_cycle' ? { ...row(whole, null), measures: { older_open: 12 } } : row(whole, null),
    ...(series.id === 'sales_cycle' && {
      measure_labels: { older_open: { en: 'open and older than that', fr: 'ouvertes et plus anciennes' } },
    }),
    by: by === undefined ? [] : [by],
    warnings: [...(warningsOf(series.id, scenario) ?? []), ...(leftOut === null ? [] : [splitLeftOut(leftOut)])],
  };
  if (answer.total.reason === 'not_matured') {
    const decided = stepPeriod(periodOf(addDays(kDataTo, -90), 'month', kPlainCalendar), -1, kPlainCalendar);
    const { period, period_to, value, ci_low, ci_high } = row(decided, null);
    const last = { from: period, to: period_to, value, ci_low, ci_high };
    answer.total.comparisons = {
      ...answer.total.comparisons,
      last_matured: { ...last, delta: null, relative: null, verdict: 'none' },
    };
  }
  if (series.apart) answer.headline = { relation: 'contract' };
  if (by !== undefined || series.apart) {
    answer.totals = populations.flatMap((of) => splits.map((split) => row(whole, split, of)));
  }
  if (by === 'channel') {
    answer.value_labels = { channel: { paid_search: { en: 'Paid search', fr: 'Liens sponsorisés' } } };
  }
  return answer;
}

function splitLeftOut(dimension: string): Warning {
  return {
    code: 'split_left_out',
    message: {
      en: `shown whole: what it rests on is not told apart by ${dimension}`,
      fr: `montré en entier : ce sur quoi il repose ne se distingue pas par ${dimension}`,
    },
    count: 1,
  };
}

/** Customers under contract are what the total counts; the others are never added to them. */
interface Population {
  value: string;
  factor: number;
}
const kPopulations: Population[] = [
  { value: 'contract', factor: 1 },
  { value: 'purchase', factor: 1.6 },
];

function part(split: Split | null, of: Population | null): Split | null {
  if (!of || of.factor === 1) return split;
  return split ? { ...split, factor: split.factor * of.factor } : { value: null, factor: of.factor, share: 1 };
}

function periodsOf(question: Question, grain: StepGrain): Period[] {
  const found: Period[] = [];
  for (
    let at = periodOf(question.from, grain, kPlainCalendar);
    at.from < question.to;
    at = stepPeriod(at, 1, kPlainCalendar)
  ) {
    found.push(at);
  }
  return found;
}

function rowOf(
  series: Series,
  period: Period,
  split: Split | null,
  by: string | undefined,
  kinds: ComparisonKind[],
  scenario: Scenario,
): Row {
  const months = monthsIn(series, period.from, period.to, scenario);
  const open = period.from < kDataTo && kDataTo < period.to;
  const elapsed = open ? daysBetween(period.from, kDataTo) / daysBetween(period.from, period.to) : 1;
  const n = Math.max(0, Math.round(series.n * (split?.share ?? 1) * Math.max(1, months.length) * (open ? elapsed : 1)));
  const reason = scenario.empty || scenario.silent ? 'no_data' : reasonOf(series, period, months, scenario);
  const value = reason ? null : round(partOf(series, combine(series, months, period) ?? 0, split));
  const small = n < 20 || (scenario.edges === true && series.id === 'nps');

  const margin = series.margin === null ? null : series.margin / Math.sqrt(Math.max(0.05, split?.share ?? 1));
  const row: Row = {
    period: period.from,
    period_to: period.to,
    by: by === undefined ? {} : { [by]: split?.value ?? null },
    value,
    value_exact: series.unit === 'money' && value !== null ? value.toFixed(6) : null,
    numerator: value === null || series.unit === 'days' ? null : round(value * n),
    denominator: value === null ? null : n,
    n: scenario.edges && series.id === 'nps' ? 7 : n,
    ci_low: value === null || margin === null ? null : round(value - margin),
    ci_high: value === null || margin === null ? null : round(ceiling(series, value + margin)),
    ci_kind: margin === null ? null : series.unit === 'rate' ? 'wilson' : series.unit === 'score' ? 'nps' : 'clt',
    complete: !open,
    elapsed: round(elapsed),
    maturing: maturingOf(series, period, value),
    restated: scenario.edges === true && series.id === 'churn_rate',
    reason,
    small_sample: small,
    unpriced: scenario.edges === true && series.id === 'average_sale' ? 3 : 0,
  };
  if (split?.others) row.others = true;
  if (kinds.length > 0) {
    row.comparisons = Object.fromEntries(
      kinds.map((kind) => [kind, comparedTo(kind, series, period, split, row, scenario)]),
    );
  }
  return row;
}

function comparedTo(
  kind: ComparisonKind,
  series: Series,
  period: Period,
  split: Split | null,
  row: Row,
  scenario: Scenario,
): Compared {
  const isMonth = addMonths(period.from, 1) === period.to;
  const before =
    kind === 'previous_year'
      ? { ...period, from: addMonths(period.from, -12), to: addMonths(period.to, -12) }
      : stepPeriod(isMonth ? { ...period, kind: 'month' } : period, -1, kPlainCalendar);
  // An open period is compared with the same number of days.
  const to = row.complete ? before.to : addDays(before.from, daysBetween(period.from, kDataTo));
  const months = monthsIn(series, before.from, before.to, scenario);
  const combined = scenario.silent ? null : combine(series, months, before);
  const share =
    series.additive && !row.complete ? daysBetween(before.from, to) / daysBetween(before.from, before.to) : 1;
  const value = combined === null ? null : round(partOf(series, combined, split) * share);
  const delta = row.value === null || value === null ? null : round(row.value - value);
  return {
    from: before.from,
    to,
    value,
    delta,
    ...chanceIn(series, row, delta),
    relative: delta === null || value === null || value <= 0 ? null : round(delta / value),
    ci_low: null,
    ci_high: null,
    verdict: verdictOf(series, row, delta),
    reason: value === null ? 'no_data' : null,
  };
}

function chanceIn(series: Series, row: Row, delta: number | null): Pick<Compared, 'delta_low' | 'delta_high'> {
  if (delta === null || series.margin === null || row.small_sample || (row.elapsed ?? 1) < 0.2) {
    return { delta_low: null, delta_high: null };
  }
  const half = series.margin * kOrdinary;
  return { delta_low: round(delta - half), delta_high: round(delta + half) };
}

function verdictOf(series: Series, row: Row, delta: number | null): Verdict {
  if (delta === null || row.small_sample || (row.elapsed ?? 1) < 0.2) return 'none';
  const ordinary = series.margin === null ? 0 : series.margin * kOrdinary;
  if (series.direction === 'neutral' || Math.abs(delta) <= ordinary) return 'neutral';
  return delta > 0 === (series.direction === 'up') ? 'better' : 'worse';
}

function reasonOf(series: Series, period: Period, months: number[], scenario: Scenario): Reason | null {
  if (months.length === 0 || period.from >= kDataTo) return 'no_data';
  if (scenario.edges && series.id === 'ltv') return 'no_margin';
  if (scenario.edges && series.id === 'cac' && period.to > '2026-11-01') return 'no_denominator';
  // The window is 90 days: what entered after 24 August is not judged yet.
  if (series.id === 'conversion_rate' && period.from > addDays(kDataTo, -90)) return 'not_matured';
  return null;
}

function maturingOf(series: Series, period: Period, value: number | null): number {
  if (series.id !== 'conversion_rate') return 0;
  if (value === null) return 1;
  const open = daysBetween(addDays(kDataTo, -90), period.to < kDataTo ? period.to : kDataTo);
  return open <= 0 ? 0 : round(Math.min(1, open / daysBetween(period.from, period.to)));
}

/** The value of one part; a rate near 1 varies in what is missing from 1. */
function partOf(series: Series, value: number, split: Split | null): number {
  const factor = split?.factor ?? 1;
  return series.id === 'retention_rate' ? 1 - (1 - value) * (2 - factor) : value * factor;
}

/** The recorded months that the days touch. */
function monthsIn(series: Series, from: Day, to: Day, scenario: Scenario): number[] {
  return series.months
    .map((value, i) => ({ value, start: addMonths(kFirstMonth, i), last: i === series.months.length - 1 }))
    .filter(({ start }) => start < to && addMonths(start, 1) > from)
    .map(({ value, last }) => (last ? value * (1 + (scenario.shift ?? 0)) : value));
}

function combine(series: Series, months: number[], period: Period): number | null {
  if (months.length === 0) return null;
  const sum = months.reduce((a, b) => a + b, 0);
  if (!series.additive) return sum / months.length;
  const days = daysBetween(period.from, period.to);
  return days < 28 ? (sum / months.length / 30) * days : sum;
}

function warningsOf(id: string, scenario: Scenario): Answer['warnings'] {
  if (id === 'sales_cycle') {
    const en = '3 open deals have an expected close in the past; they are left out of the cycle.';
    const fr = '3 affaires ouvertes ont une signature prévue déjà passée ; elles sont hors du cycle.';
    return [{ code: 'expected_close_passed', message: { en, fr }, count: 3 }];
  }
  if (id === 'average_sale' && scenario.edges) {
    const en = '3 orders have no amount: they count as orders and are left out of the average.';
    const fr = '3 commandes sans montant : comptées comme commandes, hors de la moyenne.';
    return [{ code: 'unpriced', message: { en, fr }, count: 3 }];
  }
  return [];
}

function ceiling(series: Series, value: number): number {
  return series.id === 'retention_rate' ? Math.min(1, value) : value;
}

function round(value: number): number {
  return Number(value.toPrecision(9));
}
