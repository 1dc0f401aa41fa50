import { afterEach, describe, expect, it, vi } from 'vitest';
import type { Answer, Compared, Question, Row } from '../../lib/api/types.ts';
import { commonRange } from '../../lib/kpi/compared.ts';
import { asideOf, ordinaryValues, periodsOf, lastMaturedFor, toneOf, verdictWords } from '../../lib/kpi/judge.ts';
import { commandOf } from '../../lib/kpi/command.ts';
import { en } from '../../lib/i18n/en.ts';
import { kPlainCalendar, resolvePeriod } from '../../lib/url/period.ts';
import { kDefaultView, type View } from '../../lib/url/view.ts';
import { Board } from './board.svelte.ts';
import { collectNotes } from './notes.ts';
import { allQuestions, boardQuestions, cardOrder, kTen, lineOf, type CardQuestions } from './questions.ts';

const kLast = '2026-11-22';

function questionsFor(change: Partial<View>, order: readonly string[] = kTen) {
  const view = { ...kDefaultView, ...change };
  return boardQuestions(view, resolvePeriod(view.period, kPlainCalendar, kLast), kPlainCalendar, kLast, order);
}

const row = (change: Partial<Row> = {}): Row => ({
  period: '2026-11-01',
  period_to: '2026-12-01',
  by: {},
  value: 1,
  ...change,
});
const answerOf = (kpi: string, total: Row, rows: Row[] = []) => ({ kpi, variant: 'default', total, rows }) as Answer;

describe('what is asked', () => {
  it('is a headline and twelve periods a card, and the revenue', () => {
    const asked = questionsFor({});
    expect(allQuestions(asked)).toHaveLength(21);
    expect(asked.cards[0]?.headline).toEqual({
      kpi: 'conversion_rate',
      stand_in: 'allowed',
      from: '2026-11-01',
      to: '2026-12-01',
      grain: 'total',
      compare: ['previous_period'],
    });
    expect(asked.cards[0]?.spark).toEqual({
      kpi: 'conversion_rate',
      from: '2025-12-01',
      to: '2026-12-01',
      grain: 'month',
      compare: ['previous_period'],
    });
    expect(asked.revenue).toMatchObject({ kpi: 'revenue', from: '2025-12-01', compare: ['previous_year'] });
  });

  it('splits the headlines only, and keeps the largest parts', () => {
    const asked = questionsFor({ by: 'channel', comparison: 'none' });
    expect(asked.cards[3]?.headline).toMatchObject({ by: ['channel'], split: 'optional', top: 5 });
    expect(asked.cards[3]?.headline.compare).toBeUndefined();
    expect(asked.cards[3]?.spark.by).toBeUndefined();
  });

  it('draws the whole of a long period, up to what can be drawn', () => {
    const years = questionsFor({ period: { kind: 'range', from: '2023-01-01', to: '2026-11-23' }, grain: 'month' });
    expect(years.revenue.from).toBe('2023-01-01');
    const days = questionsFor({ period: { kind: 'range', from: '2023-01-01', to: '2026-11-23' }, grain: 'day' });
    expect(days.revenue.from > '2025-10-01').toBe(true);
  });

  it('puts the leading cards of the company first, and shows all ten', () => {
    expect(cardOrder(['nps', 'unknown', 'cac']).slice(0, 3)).toEqual(['nps', 'cac', 'conversion_rate']);
    expect(cardOrder([]).length).toBe(10);
  });

  it('asks for the variant that leads a card, in the figure and in the line', () => {
    const period = resolvePeriod(kDefaultView.period, kPlainCalendar, kLast);
    const led = { cac: 'trailing_12_months' };
    const { cards } = boardQuestions(kDefaultView, period, kPlainCalendar, kLast, kTen, led);
    expect(cards[4]?.headline).toMatchObject({ kpi: 'cac', variant: 'trailing_12_months' });
    expect(cards[4]?.spark.variant).toBe('trailing_12_months');
    expect(cards[0]?.headline.variant).toBeUndefined();
    expect(commandOf(cards[4]?.headline as Question)).toContain('vigie kpi cac:trailing_12_months -w .');
  });

  it('is a line of the variant that the headline was answered with', () => {
    const card = questionsFor({}).cards[8] as CardQuestions;
    expect(lineOf(card, { variant: 'revenue' })).toEqual({ ...card.spark, variant: 'revenue' });
    expect(lineOf(card, { variant: 'default' })).toBe(card.spark);
    expect(lineOf(card, null)).toBe(card.spark);
    const led = {
      ...card,
      headline: { ...card.headline, variant: 'historic' },
      spark: { ...card.spark, variant: 'historic' },
    };
    expect(lineOf(led, { variant: 'historic' })).toBe(led.spark);
    expect(lineOf(led, { variant: 'revenue' }).variant).toBe('revenue');
  });

  it('can be asked again from the terminal', () => {
    expect(commandOf(questionsFor({ by: 'channel' }).cards[4]?.headline as Question)).toBe(
      'vigie kpi cac -w . --from 2026-11-01 --to 2026-12-01 --grain total --by channel --compare previous_period --top 5',
    );
    const asked = { kpi: 'nps', from: '2026-01-01', to: '2026-02-01', grain: 'total' } as const;
    expect(commandOf({ ...asked, where: "city = 'L''Île'", as_of: '2026-01-31T23:00:00Z' })).toBe(
      `vigie kpi nps -w . --from 2026-01-01 --to 2026-02-01 --grain total --where 'city = '\\''L'\\'''\\''Île'\\''' --as-of 2026-01-31T23:00:00Z`,
    );
  });
});

describe('how an answer is judged', () => {
  const compared = (verdict: 'better' | 'worse' | 'neutral' | 'none', value: number | null = 1) => ({
    from: '2026-10-01',
    to: '2026-11-01',
    value,
    delta: 0,
    relative: 0,
    verdict,
  });

  it('follows the verdict of the server', () => {
    expect(toneOf(row(), compared('better'))).toBe('good');
    expect(toneOf(row(), compared('worse'))).toBe('bad');
    expect(toneOf(row(), compared('neutral'))).toBe('plain');
    expect(toneOf(row({ small_sample: true }), compared('worse'))).toBe('muted');
  });

  it('says why there is no verdict', () => {
    const say = (one: Row, other: ReturnType<typeof compared> | null) => verdictWords(one, other, en, '7');
    expect(say(row({ complete: false, elapsed: 0.1 }), compared('none'))).toBe('Too early to judge');
    expect(say(row(), compared('none'))).toBe('No verdict');
    expect(say(row(), compared('none', null))).toBe('Nothing to compare with');
    expect(say(row({ small_sample: true }), compared('better'))).toBe('n = 7, too few to judge');
    expect(say(row(), null)).toBe('n = 7');
  });

  it('draws the compared value inside the bar exactly when the verdict is an ordinary variation', () => {
    const change = (delta: number, low: number, high: number) => ({
      ...compared('neutral', 100),
      delta,
      delta_low: low,
      delta_high: high,
    });
    const holds = (one: ReturnType<typeof change>) => {
      const ends = ordinaryValues(one);
      return ends !== null && ends.low <= 100 && 100 <= ends.high;
    };
    expect(ordinaryValues(change(20, 5, 40))).toEqual({ low: 105, high: 140 });
    expect([holds(change(20, 5, 40)), holds(change(20, -5, 40)), holds(change(-20, -40, -5))]).toEqual([
      false,
      true,
      false,
    ]);
    expect(ordinaryValues(compared('better'))).toBeNull();
    expect(ordinaryValues(null)).toBeNull();
  });

  it('says ordinary only where an interval shows it', () => {
    const say = (one: Partial<Compared>) => verdictWords(row(), { ...compared('neutral'), ...one }, en, '7');
    expect(say({ delta: 2, delta_low: -1, delta_high: 5 })).toBe('Ordinary variation');
    expect(say({ delta: 2, delta_low: null, delta_high: null })).toBe('No verdict');
    expect(say({ delta: 0, delta_low: -1, delta_high: 1 })).toBe('Unchanged');
  });

  it('shows the last complete cohort for one that is too recent, and for nothing else', () => {
    // All of August are decided, and its window is open all the same: the server's word counts, which the command says too.
    const cohorts = [
      row({ period: '2026-07-01', period_to: '2026-08-01', value: 0.11, n: 9 }),
      row({ period: '2026-08-01', period_to: '2026-09-01', value: 0.09 }),
      row({ period: '2026-09-01', period_to: '2026-10-01', value: null, reason: 'not_matured' }),
    ];
    const last = { ...compared('none', 0.11), from: '2026-07-01' as const, to: '2026-08-01' as const, value: 0.11 };
    const recent = answerOf(
      'conversion_rate',
      row({ value: null, reason: 'not_matured', comparisons: { last_matured: last } }),
    );
    expect(lastMaturedFor(recent, cohorts)).toBe(cohorts[0]);
    expect(lastMaturedFor(recent, [])).toMatchObject({ period: '2026-07-01', period_to: '2026-08-01', value: 0.11 });
    expect(
      lastMaturedFor(answerOf('conversion_rate', row({ value: null, reason: 'not_matured' })), cohorts),
    ).toBeNull();
    expect(lastMaturedFor(answerOf('ltv', row({ value: null, reason: 'no_margin' })), cohorts)).toBeNull();
    expect(lastMaturedFor(answerOf('cac', row()), cohorts)).toBeNull();
  });

  it('reads the periods of the population that the total is of', () => {
    const rows = [
      row({ period: '2026-07-01', by: { relation: 'contract' }, value: 0.1 }),
      row({ period: '2026-07-01', by: { relation: 'purchase' }, value: 0.4 }),
    ];
    const mixed = { ...answerOf('churn_rate', row()), rows, headline: { relation: 'contract' } };
    expect(periodsOf(mixed).map(({ value }) => value)).toEqual([0.1]);
    expect(
      periodsOf({ ...answerOf('cac', row()), rows: [row({ value: 3 }), row({ by: { channel: 'paid' } })] }),
    ).toHaveLength(1);
    expect(periodsOf(null)).toEqual([]);
  });

  it('sets aside the other populations, and no part of a split', () => {
    const totals = [
      row({ by: { relation: 'contract' }, value: 0.1 }),
      row({ by: { relation: 'purchase' }, value: 0.4 }),
    ];
    const apart = { ...answerOf('churn_rate', row()), totals, headline: { relation: 'contract' } };
    expect(asideOf(apart).map(({ value }) => value)).toEqual([0.4]);
    const split = totals.map((one) => ({ ...one, by: { ...one.by, channel: 'seo' } }));
    expect(asideOf({ ...apart, totals: split })).toEqual([]);
    expect(asideOf({ ...answerOf('cac', row()), totals: [row({ by: { channel: 'seo' } })] })).toEqual([]);
  });

  it('names the days that most cards are compared with', () => {
    const own = (from: string, to: string) =>
      answerOf('x', row({ complete: false, comparisons: { previous_period: { ...compared('none'), from, to } } }));
    const answers = [
      own('2025-10-01', '2026-10-01'),
      own('2026-10-01', '2026-10-23'),
      own('2026-10-01', '2026-10-23'),
      null,
    ];
    expect(commonRange(answers, 'previous_period', 'month')).toEqual({
      from: '2026-10-01',
      to: '2026-10-23',
      kind: 'month',
      sameDays: true,
    });
    expect(commonRange([], 'previous_period', 'month')).toBeNull();
  });

  it('lists each warning once, with all it touches', () => {
    const warning = { code: 'late', message: { en: 'Late.', fr: 'Tard.' }, count: 2 };
    const a = { ...answerOf('cac', row()), warnings: [warning] };
    const b = { ...answerOf('ltv', row()), warnings: [warning] };
    expect(collectNotes([a, null, b, a], ({ kpi }) => kpi)).toEqual([{ warning, kpis: ['cac', 'ltv'] }]);
    const onCard = { ...answerOf('nps', row()), warnings: [{ ...warning, code: 'split_left_out' }] };
    expect(collectNotes([onCard], ({ kpi }) => kpi)).toEqual([]);
  });
});

describe('the board', () => {
  type Reply = (asked: Question[]) => Promise<Response> | Response;
  const answers = (asked: Question[]) =>
    new Response(JSON.stringify({ answers: asked.map(({ kpi }) => answerOf(kpi, row())) }));
  const problem = (status: number, detail: string) =>
    new Response(JSON.stringify({ detail, code: 'x' }), {
      status,
      headers: { 'content-type': 'application/problem+json' },
    });

  function serve(reply: Reply): void {
    vi.stubGlobal('fetch', (_path: string, init: RequestInit) => {
      const { questions } = JSON.parse(String(init.body)) as { questions: Question[] };
      return new Promise<Response>((done, fail) => {
        init.signal?.addEventListener('abort', () => fail(new DOMException('aborted', 'AbortError')));
        void Promise.resolve(reply(questions)).then(done);
      });
    });
  }
  const passing = () => new Promise((done) => setTimeout(done, 0));

  afterEach(() => {
    vi.useRealTimers();
    vi.unstubAllGlobals();
  });

  it('shows nothing until all is there, then all of it', async () => {
    serve(answers);
    const board = new Board();
    board.ask(questionsFor({}));
    expect([board.shown, board.phase.name]).toEqual([null, 'asking']);
    await passing();
    expect(board.shown?.cards.size).toBe(10);
    expect(board.phase.name).toBe('answered');
  });

  it('keeps the old answer, marked old, until the new one is there; the newest question wins', async () => {
    serve(answers);
    const board = new Board();
    board.ask(questionsFor({}));
    await passing();
    board.ask(questionsFor({ period: { word: 'last-month' } }));
    board.ask(questionsFor({ period: { word: 'last-quarter' } }));
    expect(board.isOld).toBe(true);
    await passing();
    expect([board.isOld, board.shown?.questions.period.from]).toEqual([false, '2026-07-01']);
  });

  it('draws a question it has seen at once', async () => {
    serve(answers);
    const board = new Board();
    board.ask(questionsFor({}));
    await passing();
    board.ask(questionsFor({ comparison: 'year' }));
    await passing();
    board.ask(questionsFor({}));
    expect([board.isOld, board.phase.name, board.shown?.questions.comparison]).toEqual([
      false,
      'answered',
      'previous_period',
    ]);
    await passing();
  });

  it('draws the line of a card by the figure that stands in on it, and asks for that line alone', async () => {
    const batches: Question[][] = [];
    // The margin of the period is not known; that of the periods before is. Revenue is known throughout.
    serve((asked) => {
      batches.push(asked);
      const list = asked.map((one) => {
        const stands = one.kpi === 'ltv' && one.stand_in === 'allowed' && one.grain === 'total';
        const variant = stands ? 'revenue' : (one.variant ?? 'default');
        const value = variant === 'revenue' ? 30 : 50;
        return { ...answerOf(one.kpi, row({ value }), [row({ value })]), variant };
      });
      return new Response(JSON.stringify({ answers: list }));
    });
    const board = new Board();
    const figures = (kpi: string) => {
      const card = board.shown?.cards.get(kpi);
      return [card?.headline.answer, card?.spark].map((one) => [one?.variant, one?.rows[0]?.value]);
    };
    board.ask(questionsFor({}));
    await passing();
    await passing();
    expect(figures('ltv')).toEqual([
      ['revenue', 30],
      ['revenue', 30],
    ]);
    expect(figures('cac')).toEqual([
      ['default', 50],
      ['default', 50],
    ]);
    expect(batches.map((one) => one.length)).toEqual([21, 1]);
    expect(batches[1]?.[0]).toMatchObject({ kpi: 'ltv', variant: 'revenue', grain: 'month' });

    board.ask(questionsFor({ comparison: 'year' }));
    await passing();
    await passing();
    board.ask(questionsFor({}));
    expect([board.isOld, board.shown?.questions.comparison]).toEqual([false, 'previous_period']);
    expect(figures('ltv')[1]).toEqual(['revenue', 30]);
    await passing();
  });

  it('shows all figures when only the line of a stand-in cannot be had', async () => {
    serve((asked) => {
      if (asked.length === 1) return problem(503, 'too slow');
      const list = asked.map(({ kpi, stand_in }) =>
        kpi === 'ltv' && stand_in ? { ...answerOf(kpi, row()), variant: 'revenue' } : answerOf(kpi, row()),
      );
      return new Response(JSON.stringify({ answers: list }));
    });
    const board = new Board();
    board.ask(questionsFor({}));
    await passing();
    await passing();
    expect(board.phase.name).toBe('answered');
    const card = (kpi: string) => board.shown?.cards.get(kpi);
    expect([card('ltv')?.headline.answer?.variant, card('ltv')?.spark]).toEqual(['revenue', null]);
    expect(card('cac')?.spark?.variant).toBe('default');
  });

  it('keeps what is shown when the server fails, and says so', async () => {
    serve(answers);
    const board = new Board();
    board.ask(questionsFor({}));
    await passing();
    serve(() => problem(503, 'too slow'));
    board.ask(questionsFor({ comparison: 'year' }));
    await passing();
    await passing();
    expect(board.phase).toMatchObject({ name: 'failed', problem: { detail: 'too slow' } });
    expect([board.isOld, board.shown?.cards.size]).toEqual([true, 10]);
    serve(answers);
    board.retry();
    await passing();
    expect([board.isOld, board.phase.name]).toEqual([false, 'answered']);
  });

  it('knows whether a problem of the server is on screen', async () => {
    serve((asked) => {
      const list = asked.map(({ kpi }) =>
        kpi === 'nps' ? { detail: 'no KPI "nps"', code: 'x' } : answerOf(kpi, row()),
      );
      return new Response(JSON.stringify({ answers: list }));
    });
    const board = new Board();
    expect(board.hasProblem).toBe(false);
    board.ask(questionsFor({}));
    await passing();
    expect(board.hasProblem).toBe(true);
    serve(answers);
    board.retry();
    await passing();
    expect(board.hasProblem).toBe(false);
  });

  it('says when it takes long, and stops when asked', async () => {
    vi.useFakeTimers();
    serve(() => new Promise<Response>(() => undefined));
    const board = new Board();
    board.ask(questionsFor({}));
    await vi.advanceTimersByTimeAsync(2999);
    expect(board.phase.name).toBe('asking');
    await vi.advanceTimersByTimeAsync(2);
    expect(board.phase.name).toBe('slow');
    board.cancel();
    await vi.advanceTimersByTimeAsync(5000);
    expect(board.phase.name).toBe('cancelled');
  });
});
