/** How an Answer's marks read: which tone, which word. The verdict itself is the server's. */
import type { Answer, Compared, Row, Verdict } from '../api/types.ts';
import type { Words } from '../i18n/en.ts';

export type Tone = 'good' | 'bad' | 'plain' | 'muted';

/**
 * What entered in the period may be too recent to judge: the last complete cohort is then shown, by its name. Which one
 * that is the server says, as to everybody else; its row among the periods has more to it. Null where the period itself
 * can be judged, or no cohort is complete.
 */
export function lastMaturedFor(answer: Answer, periods: readonly Row[]): Row | null {
  const last = answer.total.comparisons?.last_matured;
  if (!last) return null;
  const own = periods.find(({ period, period_to }) => period === last.from && period_to === last.to);
  if (own && own.value !== null) return own;
  const { value, ci_low, ci_high } = last;
  return { period: last.from, period_to: last.to, by: {}, value, ci_low, ci_high };
}

/** Whether a row belongs to the population that the total is of; every row does where none stand apart. */
export function isOfHeadline(answer: Answer, row: Row): boolean {
  return Object.entries(answer.headline ?? {}).every(([name, value]) => row.by[name] === value);
}

/** The periods of an answer without a split, as its total counts them. */
export function periodsOf(answer: Answer | null): Row[] {
  const named = Object.keys(answer?.headline ?? {}).length;
  return (answer?.rows ?? []).filter(
    (row) => Object.keys(row.by).length === named && isOfHeadline(answer as Answer, row),
  );
}

/** What the other populations amount to, where the total is of one of them: nothing that is split further. */
export function asideOf(answer: Answer): Row[] {
  const named = Object.keys(answer.headline ?? {}).length;
  if (named === 0) return [];
  return (answer.totals ?? []).filter(
    (row) => row.value !== null && Object.keys(row.by).length === named && !isOfHeadline(answer, row),
  );
}

export function toneOf(row: Row, compared: Compared | null): Tone {
  if (row.small_sample) return 'muted';
  if (compared?.verdict === 'better') return 'good';
  return compared?.verdict === 'worse' ? 'bad' : 'plain';
}

/** Share of a period before which the server gives no verdict. Only the wording depends on it here. */
const kJudgedFrom = 0.2;

export interface Ends {
  low: number;
  high: number;
}

/**
 * The compared values that would be an ordinary variation: the interval of the change, laid around the value. The compared
 * value lies inside exactly when the server's verdict is that. Null where the verdict rests on no interval.
 */
export function ordinaryValues(compared: Compared | null): Ends | null {
  if (compared?.value == null || compared.delta_low == null || compared.delta_high == null) return null;
  return { low: compared.value + compared.delta_low, high: compared.value + compared.delta_high };
}

/** The verdict in a word, or why there is none; where no comparison was asked, how many units the value rests on. */
export function verdictWords(row: Row, compared: Compared | null, words: Words, n: string): string {
  if (row.small_sample) return words.card.few(n);
  if (!compared) return words.card.n(n);
  const said: Record<Exclude<Verdict, 'none'>, string> = {
    better: words.card.better,
    worse: words.card.worse,
    neutral: neutralWords(compared, words),
  };
  if (compared.verdict !== 'none') return said[compared.verdict];
  if (compared.value === null) return words.card.noComparison;
  return row.complete === false && (row.elapsed ?? 1) <= kJudgedFrom ? words.card.tooEarly : words.card.noVerdict;
}

/** Ordinary is said where an interval shows it; a change that nothing can tell from chance has no verdict. */
function neutralWords(compared: Compared, words: Words): string {
  if (compared.delta === 0) return words.card.unchanged;
  return compared.delta_low === null ? words.card.noVerdict : words.card.neutral;
}

/** A survey asks a part of the people: its interval is doubt. Over a full count it is ordinary variation. */
export function intervalWords(row: Row, words: Words): string {
  return row.ci_kind?.startsWith('nps') ? words.card.interval : words.card.ordinary;
}
