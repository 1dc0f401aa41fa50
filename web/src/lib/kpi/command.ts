/** The command line that prints the same answer as the screen. */
import type { Question } from '../api/types.ts';

export function commandOf(question: Question): string {
  const parts = [`vigie kpi ${question.kpi}${question.variant ? `:${question.variant}` : ''}`, '-w .'];
  parts.push(`--from ${question.from}`, `--to ${question.to}`, `--grain ${question.grain}`);
  if (question.by) parts.push(`--by ${question.by.join(',')}`);
  if (question.compare) parts.push(`--compare ${question.compare.join(',')}`);
  return parts.join(' ');
}
