/** Which dimensions are worth offering: those that tell at least one of the cards apart, the widest first. */
import type { Dimension, Text } from '../api/types.ts';

export interface SplitChoice {
  id: string;
  label: string;
  /** How many of the ten it tells apart; null where the server does not say. */
  known: number | null;
  /** It tells most of them apart. */
  most: boolean;
}

const kMost = 5;

export function splitChoices(dimensions: readonly Dimension[], say: (text: Text) => string): SplitChoice[] {
  return dimensions
    .filter(({ kpis }) => kpis === undefined || kpis.length > 0)
    .map(({ id, label, kpis }) => ({
      id,
      label: say(label),
      known: kpis?.length ?? null,
      most: (kpis?.length ?? 0) >= kMost,
    }))
    .sort((a, b) => Number(b.most) - Number(a.most) || a.label.localeCompare(b.label));
}
