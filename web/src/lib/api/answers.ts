import type { Answer, Question } from './types.ts';

const kMaxAnswers = 300;

export interface Remembered {
  answer: Answer;
  /** When it was read. */
  at: Date;
}

/**
 * Answers already seen, by question, so that Back and a toggled choice draw at once while the question is asked again.
 * The oldest unused one leaves first. Problems are not remembered: the next look asks afresh.
 */
export class AnswerCache {
  private readonly known = new Map<string, Remembered>();

  get(question: Question): Remembered | undefined {
    const key = keyOf(question);
    const found = this.known.get(key);
    if (found) {
      this.known.delete(key);
      this.known.set(key, found);
    }
    return found;
  }

  put(question: Question, answer: Answer, at: Date): void {
    const key = keyOf(question);
    this.known.delete(key);
    this.known.set(key, { answer, at });
    if (this.known.size > kMaxAnswers) {
      const oldest = this.known.keys().next().value;
      if (oldest !== undefined) this.known.delete(oldest);
    }
  }
}

/** Equal questions have equal keys, whatever the order in which their fields were written. */
export function keyOf(question: Question): string {
  return JSON.stringify(
    Object.entries(question)
      .filter(([, value]) => value !== undefined)
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  );
}
