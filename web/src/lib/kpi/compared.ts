/** Which days the numbers of a page are compared with, said once for all of its cards. */
import type { Answer, ComparisonKind } from '../api/types.ts';
import type { Day } from '../url/day.ts';
import type { PeriodKind } from '../url/period.ts';

export interface ComparedRange {
  from: Day;
  to: Day;
  /** Kind of the period that is compared: its counterpart has the same. */
  kind: PeriodKind;
  /** The period is not over: it is compared with as many days of the other. */
  sameDays: boolean;
}

/** The range that most answers are compared with; the others say their own. */
export function commonRange(
  answers: readonly (Answer | null)[],
  comparison: ComparisonKind,
  kind: PeriodKind,
): ComparedRange | null {
  const ranges = new Map<string, { range: ComparedRange; times: number }>();
  for (const answer of answers) {
    const compared = answer?.total.comparisons?.[comparison];
    if (!answer || !compared) continue;
    const { from, to } = compared;
    const key = `${from}..${to}`;
    const range = { from, to, kind, sameDays: answer.total.complete === false };
    ranges.set(key, { range, times: (ranges.get(key)?.times ?? 0) + 1 });
  }
  return [...ranges.values()].toSorted((a, b) => b.times - a.times)[0]?.range ?? null;
}
