/** The answers on screen, and what is happening to them: asked, late, failed, cancelled. */
import { AnswerCache, keyOf } from '../../lib/api/answers.ts';
import { ask, misshapen, Problem, type Outcome } from '../../lib/api/client.ts';
import type { Answer, Question } from '../../lib/api/types.ts';
import { allQuestions, lineOf, type BoardQuestions } from './questions.ts';

const kSlowMs = 3000;

export interface CardAnswers {
  headline: Outcome;
  spark: Answer | null;
}

/** A whole set of answers with the questions they belong to: shown together or not at all. */
export interface Shown {
  questions: BoardQuestions;
  cards: Map<string, CardAnswers>;
  revenue: Outcome;
  at: Date;
}

export type Phase =
  | { name: 'asking'; since: number }
  | { name: 'slow'; since: number }
  | { name: 'answered' }
  | { name: 'cancelled' }
  | { name: 'failed'; problem: Problem };

export class Board {
  shown: Shown | null = $state.raw(null);
  phase: Phase = $state.raw({ name: 'answered' });
  /** What is on screen answers the question before this one. */
  isOld = $state(false);

  private readonly cache = new AnswerCache();
  private current: AbortController | null = null;
  private asked: BoardQuestions | null = null;
  private timer: ReturnType<typeof setTimeout> | undefined;

  /** Asks; the newest question wins and older ones are cancelled. */
  ask(questions: BoardQuestions): void {
    this.current?.abort();
    const own = new AbortController();
    this.current = own;
    this.asked = questions;
    const since = performance.now();
    const known = this.fromCache(questions);
    if (known) {
      this.shown = known;
      this.isOld = false;
      this.phase = { name: 'answered' };
    } else {
      this.isOld = this.shown !== null && !isSame(this.shown.questions, questions);
      this.phase = { name: 'asking', since };
      clearTimeout(this.timer);
      this.timer = setTimeout(() => {
        if (this.current === own) this.phase = { name: 'slow', since };
      }, kSlowMs);
    }
    void this.run(questions, own, known !== null);
  }

  /** Something on screen is a problem told by the server, in the language of that moment. */
  get hasProblem(): boolean {
    if (this.phase.name === 'failed') return true;
    const outcomes = this.shown ? [...this.shown.cards.values()].map(({ headline }) => headline) : [];
    return [...outcomes, this.shown?.revenue].some((one) => one?.problem);
  }

  retry(): void {
    if (this.asked) this.ask(this.asked);
  }

  cancel(): void {
    this.current?.abort();
    this.current = null;
    clearTimeout(this.timer);
    this.phase = { name: 'cancelled' };
  }

  stop(): void {
    this.current?.abort();
    clearTimeout(this.timer);
  }

  private async run(questions: BoardQuestions, own: AbortController, quietly: boolean): Promise<void> {
    try {
      const shown = await this.answers(questions, own.signal);
      if (this.current !== own) return;
      clearTimeout(this.timer);
      this.shown = shown;
      this.isOld = false;
      this.phase = { name: 'answered' };
    } catch (error) {
      if (this.current !== own || own.signal.aborted) return;
      clearTimeout(this.timer);
      const problem = error instanceof Problem ? error : misshapen(String(error));
      // Known answers stay as they are: they were true when they were read, and the strip says when.
      this.phase = { name: 'failed', problem };
      if (!quietly) this.isOld = this.shown !== null && !isSame(this.shown.questions, questions);
    }
  }

  private async answers(questions: BoardQuestions, signal: AbortSignal): Promise<Shown> {
    const found = new Map<string, Outcome>();
    await this.find(allQuestions(questions), found, signal);
    const answerTo = (question: Question): Answer | null => found.get(keyOf(question))?.answer ?? null;
    const lines = questions.cards.map((card) => lineOf(card, answerTo(card.headline)));
    const missing = lines.filter((line) => !found.has(keyOf(line)));
    try {
      await this.find(missing, found, signal);
    } catch (error) {
      // Without the line of a figure that gave way, all the figures are still there.
      if (!(error instanceof Problem)) throw error;
    }
    const cards = new Map<string, CardAnswers>();
    for (const [i, { kpi, headline }] of questions.cards.entries()) {
      cards.set(kpi, { headline: found.get(keyOf(headline)) as Outcome, spark: answerTo(lines[i] as Question) });
    }
    return { questions, cards, revenue: found.get(keyOf(questions.revenue)) as Outcome, at: new Date() };
  }

  /** Asks, if there is anything to ask; what comes back is put beside what was found before, and remembered. */
  private async find(asked: Question[], found: Map<string, Outcome>, signal: AbortSignal): Promise<void> {
    if (asked.length === 0) return;
    const outcomes = await ask(asked, signal);
    const at = new Date();
    for (const [i, question] of asked.entries()) {
      const outcome = outcomes[i] as Outcome;
      found.set(keyOf(question), outcome);
      if (outcome.answer) this.cache.put(question, outcome.answer, at);
    }
  }

  /** Everything that the questions need, when all of it was seen before; as old as its oldest part. */
  private fromCache(questions: BoardQuestions): Shown | null {
    let at = new Date();
    const remembered = (question: Question): Answer | null => {
      const found = this.cache.get(question);
      if (found && found.at < at) at = found.at;
      return found?.answer ?? null;
    };
    const cards = new Map<string, CardAnswers>();
    for (const card of questions.cards) {
      const answer = remembered(card.headline);
      const line = remembered(lineOf(card, answer));
      if (!answer || !line) return null;
      cards.set(card.kpi, { headline: { answer, problem: null }, spark: line });
    }
    const revenue = remembered(questions.revenue);
    return revenue ? { questions, cards, revenue: { answer: revenue, problem: null }, at } : null;
  }
}

function isSame(a: BoardQuestions, b: BoardQuestions): boolean {
  return allQuestions(a).map(keyOf).join() === allQuestions(b).map(keyOf).join();
}
