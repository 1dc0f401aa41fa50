/**
 * The shapes of the HTTP API, as docs/api.md states them. Written by hand until the server publishes its OpenAPI document;
 * the names are the wire's names. Numbers are the server's: nothing here is computed in the browser.
 */

/** A date without time, `2026-11-23`. Ranges are half-open: `to` is the first day no longer covered. */
export type Day = string;
/** An instant in UTC, `2026-11-22T23:00:00Z`. */
export type Instant = string;

export type Grain = 'hour' | 'day' | 'week' | 'month' | 'quarter' | 'year' | 'total';
export type Unit = 'rate' | 'money' | 'days' | 'score' | 'ratio' | 'count' | 'months' | 'mark';
export type Direction = 'up' | 'down' | 'neutral';
export type Verdict = 'better' | 'worse' | 'neutral' | 'none';
export type ComparisonKind = 'previous_period' | 'previous_year';
export type Reason =
  | 'no_data'
  | 'no_denominator'
  | 'no_margin'
  | 'nothing_sold'
  | 'not_matured'
  | 'not_estimable'
  | 'currency_missing'
  | 'not_applicable'
  | 'never_reached';

export interface Text {
  en: string;
  fr: string;
}

export interface Question {
  kpi: string;
  variant?: string;
  from: Day;
  to: Day;
  grain: Grain;
  by?: string[];
  /** A dimension that the KPI does not know is left out, with a warning, instead of refused. */
  split?: 'optional';
  /** A figure without value may give way to the variant that its definition names for that; the answer says so. */
  stand_in?: 'allowed';
  where?: string;
  compare?: ComparisonKind[];
  as_of?: string;
  top?: number;
}

export interface Compared {
  from: Day;
  to: Day;
  value: number | null;
  value_exact?: string | null;
  delta: number | null;
  /** How far chance alone may move the change, where the verdict rests on that: ordinary exactly when 0 lies inside. */
  delta_low?: number | null;
  delta_high?: number | null;
  relative: number | null;
  ci_low?: number | null;
  ci_high?: number | null;
  verdict: Verdict;
  reason?: string | null;
}

export interface Row {
  period: Day;
  period_to: Day;
  by: Record<string, string | null>;
  others?: boolean;
  value: number | null;
  value_exact?: string | null;
  numerator?: number | null;
  numerator_exact?: string | null;
  denominator?: number | null;
  denominator_exact?: string | null;
  n?: number | null;
  ci_low?: number | null;
  ci_high?: number | null;
  ci_kind?: string | null;
  complete?: boolean;
  elapsed?: number;
  maturing?: number;
  restated?: boolean;
  reason?: string | null;
  small_sample?: boolean;
  unpriced?: number;
  /** What travels with the value by definition: how many open deals are older already, the units by name, … */
  measures?: Record<string, number>;
  /** `last_matured`: of a total that is too recent to judge, the last period that is not. */
  comparisons?: Partial<Record<ComparisonKind | 'last_matured', Compared>>;
}

export interface Warning {
  code: string;
  message: Text;
  count: number;
  /** The whole that the count is a part of, where the sentence names it. */
  of?: number;
}

export interface Answer {
  kpi: string;
  variant: string;
  version: number;
  unit: Unit;
  direction: Direction;
  currency?: string | null;
  label: Text;
  grain: Grain;
  from: Day;
  to: Day;
  as_of: Instant;
  params?: Record<string, string | number | boolean>;
  min_sample?: number;
  /** What it is split by: less than was asked where the split was optional. */
  by?: string[];
  /** Where populations are never one rate (customers under contract and others): the one that the total is of. */
  headline?: Record<string, string>;
  rows: Row[];
  total: Row;
  totals?: Row[];
  warnings?: Warning[];
  /** In words, each reason that a row gives; each measure that a row carries. */
  reasons?: Record<string, Text>;
  measure_labels?: Record<string, Text>;
  /** What people call the values in `by`, by its name and theirs, where somebody has said so. */
  value_labels?: Record<string, Record<string, Text>>;
}

export interface Dimension {
  id: string;
  label: Text;
  /** Those of the ten whose card can be split by it. */
  kpis?: string[];
}

export interface Workspace {
  name: string;
  company: string;
  currency: string;
  time_zone: string;
  week_start: string;
  fiscal_start: string;
  /** First days of the company's months where they are not the civil ones, by whole fiscal years; empty else. */
  month_starts?: Day[];
  profile: string[];
  as_of: Instant;
  data_from: Day | null;
  data_to: Day | null;
  dimensions: Dimension[];
  /** The cards that lead, by the company's profile; the rest of the ten follow. */
  lead_kpis?: string[];
  /** Of the KPIs whose card shows another variant than the default: which. */
  headline_variants?: Record<string, string>;
  version: string;
}

/** One entry of `GET /api/v1/kpis`. Everything beyond id, label and unit is shown when it is there. */
export interface KpiDefinition {
  id: string;
  label: Text;
  description?: Text;
  unit: Unit;
  direction?: Direction;
  version?: number;
  effective_from?: Day | null;
  owner?: string | null;
  variants?: KpiVariant[];
  parameters?: { id: string; label?: Text }[];
}

export interface KpiVariant {
  id: string;
  label?: Text;
  /** The formula in words. */
  words?: Text;
}

/** An RFC 9457 problem. */
export interface ProblemBody {
  type?: string;
  title?: string;
  status?: number;
  detail?: string;
  code?: string;
  hint?: string;
  request_id?: string;
  where?: { parameter?: string; line?: number; column?: number };
}
