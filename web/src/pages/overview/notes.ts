/** The warnings of a page's answers: each sentence once, with the KPIs that it touches, whichever of them says it by which code. */
import type { Answer, Warning } from '../../lib/api/types.ts';

/** Said on the card itself, where its split would stand. */
const kOnCards = ['split_left_out'];

export interface Note {
  warning: Warning;
  kpis: string[];
}

export function collectNotes(answers: readonly (Answer | null)[], nameOf: (answer: Answer) => string): Note[] {
  const found = new Map<string, Note>();
  for (const answer of answers) {
    if (!answer) continue;
    for (const warning of answer.warnings ?? []) {
      if (kOnCards.includes(warning.code)) continue;
      const said = warning.message.en;
      const note = found.get(said) ?? { warning, kpis: [] };
      const name = nameOf(answer);
      if (!note.kpis.includes(name)) note.kpis.push(name);
      found.set(said, note);
    }
  }
  return [...found.values()];
}
