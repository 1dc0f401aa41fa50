/** What a card is called, everywhere on the page: by the short name, or as its variant is called where another one leads. */
import type { Answer } from '../api/types.ts';
import type { Tongue } from '../i18n/tongue.svelte.ts';

export function titleOf(kpi: string, answer: Pick<Answer, 'variant' | 'label'> | null, t: Tongue): string {
  const short = t.words.kpis[kpi];
  if (answer && (answer.variant !== 'default' || !short)) return t.text(answer.label);
  return short ?? kpi;
}
