import { afterEach, describe, expect, it, vi } from 'vitest';
import { AnswerCache, keyOf } from './answers.ts';
import { ask, fetchCatalogue, fetchWorkspace, Problem } from './client.ts';
import type { Answer, Question } from './types.ts';

const question = (kpi: string): Question => ({ kpi, from: '2026-11-01', to: '2026-12-01', grain: 'total' });
const answer = (kpi: string) => ({ kpi, rows: [], total: {} }) as unknown as Answer;

/** A server that answers each batch with what the function makes of its questions. */
function serve(reply: (asked: Question[]) => Response): Question[][] {
  const batches: Question[][] = [];
  vi.stubGlobal('fetch', async (_path: string, init?: RequestInit) => {
    const asked = init?.body ? (JSON.parse(String(init.body)) as { questions: Question[] }).questions : [];
    batches.push(asked);
    return reply(asked);
  });
  return batches;
}

const json = (body: unknown, status = 200, type = 'application/json') =>
  new Response(JSON.stringify(body), { status, headers: { 'content-type': type, 'x-request-id': 'r-1' } });
const refusal = json({ title: 'Unknown KPI', detail: 'no KPI "x"', code: 'kpi.unknown', hint: 'see vigie kpis' }, 404);

afterEach(() => vi.unstubAllGlobals());

describe('a batch', () => {
  it('is one request, answered in order', async () => {
    const batches = serve((asked) => json({ answers: asked.map(({ kpi }) => answer(kpi)) }));
    const outcomes = await ask([question('cac'), question('nps')]);
    expect(outcomes.map((one) => one.answer?.kpi)).toEqual(['cac', 'nps']);
    expect(batches).toHaveLength(1);
  });

  it('may hold a problem in the place of one answer', async () => {
    const problem = { title: 'Unknown KPI', status: 404, detail: 'no KPI "x"', code: 'kpi.unknown', request_id: 'r-9' };
    serve(() => json({ answers: [answer('cac'), problem] }));
    const [first, second] = await ask([question('cac'), question('x')]);
    expect(first?.answer?.kpi).toBe('cac');
    expect(second?.problem).toMatchObject({ code: 'kpi.unknown', status: 404, requestId: 'r-9' });
  });

  it('says in which file of the workspace a definition is wrong, and not where in a question a word is', async () => {
    const wrong = {
      status: 400,
      detail: 'unknown column "amout"',
      code: 'expr.unknown_column',
      hint: 'did you mean "amount"?',
    };
    const inFile = { ...wrong, where: { parameter: 'kpis/x.yaml', line: 7, column: 12 } };
    const inQuestion = { ...wrong, where: { parameter: 'where', line: 1, column: 3 } };
    serve(() => json({ answers: [answer('cac'), inFile, inQuestion] }));
    const [, first, second] = await ask([question('cac'), question('x'), question('y')]);
    expect(first?.problem?.detail).toBe('kpis/x.yaml:7:12: unknown column "amout" did you mean "amount"?');
    expect(second?.problem?.detail).toBe('unknown column "amout" did you mean "amount"?');
  });

  it('refused as a whole is asked again one by one, so that one bad question costs only its own place', async () => {
    const batches = serve((asked) =>
      asked.some(({ kpi }) => kpi === 'x') ? refusal.clone() : json({ answers: asked.map(({ kpi }) => answer(kpi)) }),
    );
    const outcomes = await ask([question('cac'), question('x'), question('nps')]);
    expect(outcomes.map((one) => one.answer?.kpi ?? one.problem?.code)).toEqual(['cac', 'kpi.unknown', 'nps']);
    expect(batches.map((batch) => batch.length)).toEqual([3, 1, 1, 1]);
    expect(outcomes[1]?.problem?.detail).toBe('no KPI "x" see vigie kpis');
  });

  it.each([429, 503, 500])('fails whole on %i: asking one by one would only add to it', async (status) => {
    const batches = serve(() => json({ title: 'Busy' }, status, 'application/problem+json'));
    await expect(ask([question('cac'), question('nps')])).rejects.toMatchObject({ status, requestId: 'r-1' });
    expect(batches).toHaveLength(1);
  });

  it('without a server is a problem of status 0', async () => {
    vi.stubGlobal('fetch', () => Promise.reject(new TypeError('fetch failed')));
    await expect(ask([question('cac')])).rejects.toMatchObject({ status: 0, code: 'network' });
  });

  it('of another length than the questions is no answer', async () => {
    serve(() => json({ answers: [answer('cac')] }));
    await expect(ask([question('cac'), question('nps')])).rejects.toMatchObject({ code: 'answer.shape' });
  });

  it('that holds something else than answers and problems names that place, and only that', async () => {
    serve(() => json({ answers: [answer('cac'), null, { kpi: 'nps' }] }));
    const outcomes = await ask([question('cac'), question('ltv'), question('nps')]);
    expect(outcomes.map((one) => one.answer?.kpi ?? one.problem?.code)).toEqual([
      'cac',
      'answer.shape',
      'answer.shape',
    ]);
    serve(() => json(null));
    await expect(ask([question('cac'), question('nps')])).rejects.toMatchObject({ code: 'answer.shape' });
  });

  it('cancelled stays cancelled, and is no problem', async () => {
    const stop = new AbortController();
    stop.abort();
    vi.stubGlobal('fetch', () => Promise.reject(new DOMException('aborted', 'AbortError')));
    await expect(ask([question('cac')], stop.signal)).rejects.not.toBeInstanceOf(Problem);
  });
});

describe('the workspace', () => {
  it('of another shape is a problem, and no empty workspace', async () => {
    for (const body of [{}, null, [], { time_zone: 'UTC' }]) {
      serve(() => json(body));
      await expect(fetchWorkspace()).rejects.toMatchObject({ code: 'answer.shape' });
    }
  });
});

describe('the catalogue', () => {
  it('is read bare or in its envelope', async () => {
    serve(() => json({ kpis: [{ id: 'cac' }] }));
    expect((await fetchCatalogue())[0]?.id).toBe('cac');
    serve(() => json([{ id: 'nps' }]));
    expect((await fetchCatalogue())[0]?.id).toBe('nps');
  });
});

describe('remembered answers', () => {
  it('are found by an equal question, however it was written', () => {
    const one = question('cac');
    expect(keyOf({ ...one, by: ['channel'] })).toBe(keyOf({ by: ['channel'], ...one }));
    expect(keyOf(one)).not.toBe(keyOf({ ...one, by: ['channel'] }));
  });

  it('leave when there are too many, the longest unused first', () => {
    const cache = new AnswerCache();
    const at = new Date(0);
    for (let i = 0; i < 300; i++) cache.put(question(`k${i}`), answer(`k${i}`), at);
    expect(cache.get(question('k0'))?.answer.kpi).toBe('k0');
    cache.put(question('new'), answer('new'), at);
    expect(cache.get(question('k1'))).toBeUndefined();
    expect(cache.get(question('k0'))?.answer.kpi).toBe('k0');
  });
});
