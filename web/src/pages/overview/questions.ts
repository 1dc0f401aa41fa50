/**
 * What the Overview asks: one batch, two questions a card and one for the chart. Where another variant stands in on a card,
 * its line is asked once more. Pure.
 */
import type { Answer, ComparisonKind, Question } from '../../lib/api/types.ts';
import type { Day } from '../../lib/url/day.ts';
import {
  grainOf,
  lastPeriods,
  periodOf,
  type CalendarSettings,
  type Period,
  type StepGrain,
} from '../../lib/url/period.ts';
import type { ComparisonWord, View } from '../../lib/url/view.ts';

/** The ten of the handbook, in its order: what is shown when the workspace names no other lead. */
export const kTen = [
  'conversion_rate',
  'average_sale',
  'sales_cycle',
  'churn_rate',
  'cac',
  'retention_rate',
  'nps',
  'revenue_per_employee',
  'ltv',
  'channel_roi',
] as const;

const kSparkPeriods = 12;
const kChartMost = 400;
const kSplitRows = 5;

export interface CardQuestions {
  kpi: string;
  headline: Question;
  /** Of the variant that the headline was asked for; where another one stands in, the line is asked again: `lineOf`. */
  spark: Question;
}

export interface BoardQuestions {
  period: Period;
  grain: StepGrain;
  comparison: ComparisonKind | null;
  by: string | null;
  cards: CardQuestions[];
  revenue: Question;
}

/** The workspace's leading cards first, then the rest of the ten. */
export function cardOrder(lead: readonly string[]): string[] {
  return [...new Set([...lead.filter((id) => (kTen as readonly string[]).includes(id)), ...kTen])];
}

export function comparisonKind(word: ComparisonWord): ComparisonKind | null {
  return { previous: 'previous_period', year: 'previous_year', none: null }[word] as ComparisonKind | null;
}

export function boardQuestions(
  view: View,
  period: Period,
  calendar: CalendarSettings,
  lastDay: Day,
  order: readonly string[],
  /** Of the cards that another variant than the default leads. */
  variants: Readonly<Record<string, string>> = {},
): BoardQuestions {
  const grain = view.grain ?? grainOf(period);
  const comparison = comparisonKind(view.comparison);
  const compare = comparison ? { compare: [comparison] } : {};
  const by = view.by === null ? {} : { by: [view.by], split: 'optional' as const, top: kSplitRows };
  const spark = lastPeriods(period, grain, kSparkPeriods, calendar, lastDay);
  return {
    period,
    grain,
    comparison,
    by: view.by,
    cards: order.map((kpi) => {
      const asked = { kpi, ...(variants[kpi] ? { variant: variants[kpi] } : {}) };
      return {
        kpi,
        headline: {
          ...asked,
          stand_in: 'allowed',
          from: period.from,
          to: period.to,
          grain: 'total',
          ...compare,
          ...by,
        },
        spark: { ...asked, from: spark.from, to: spark.to, grain, ...compare },
      };
    }),
    revenue: { kpi: 'revenue', ...chartRange(period, grain, calendar, lastDay), grain, compare: ['previous_year'] },
  };
}

/**
 * The question of the line beside a headline: of the variant that it was answered with. Which one stands in is decided by
 * the headline alone: a line that may give way by its own total would draw another figure than the one above it.
 */
export function lineOf({ headline, spark }: CardQuestions, answer: Pick<Answer, 'variant'> | null): Question {
  const gaveWay = answer !== null && answer.variant !== (headline.variant ?? 'default');
  return gaveWay ? { ...spark, variant: answer.variant } : spark;
}

/** Twelve periods of the grain, or as many as the chosen period holds, up to a limit that can still be drawn. */
function chartRange(
  period: Period,
  grain: StepGrain,
  calendar: CalendarSettings,
  lastDay: Day,
): { from: Day; to: Day } {
  const usual = lastPeriods(period, grain, kSparkPeriods, calendar, lastDay);
  const most = lastPeriods(period, grain, kChartMost, calendar, lastDay);
  const start = periodOf(period.from, grain, calendar).from;
  const from = start < usual.from ? start : usual.from;
  return { from: from < most.from ? most.from : from, to: usual.to };
}

export function allQuestions(questions: BoardQuestions): Question[] {
  return [...questions.cards.flatMap(({ headline, spark }) => [headline, spark]), questions.revenue];
}
