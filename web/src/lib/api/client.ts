import type { Answer, KpiDefinition, ProblemBody, Question, Workspace } from './types.ts';

/** What went wrong with a request, in the server's words where it had any. Status 0: no answer came at all. */
export class Problem extends Error {
  readonly status: number;
  readonly code: string;
  readonly detail: string;
  readonly requestId: string | null;

  constructor(body: ProblemBody, status: number, requestId: string | null = null) {
    super(body.detail ?? body.title ?? `HTTP ${status}`);
    this.name = 'Problem';
    this.status = body.status ?? status;
    this.code = body.code ?? (status === 0 ? 'network' : `http.${status}`);
    this.detail = [placeOf(body), body.detail ?? body.title, body.hint].filter((part) => part).join(' ');
    this.requestId = body.request_id ?? requestId;
  }

  /** The question itself was refused: asking it again changes nothing, asking another may. */
  get refused(): boolean {
    return this.status >= 400 && this.status < 500 && !kPassing.includes(this.status);
  }
}

/** Where in a file of the workspace it went wrong: who wrote it looks there. Places within a question say nothing here. */
function placeOf({ where }: ProblemBody): string {
  if (!where?.line || !where.parameter?.endsWith('.yaml')) return '';
  return `${where.parameter}:${where.line}:${where.column}:`;
}

export type Outcome = { answer: Answer; problem: null } | { answer: null; problem: Problem };

/** Client errors that are about the moment, not about the question: timed out, too many, cancelled. */
const kPassing = [408, 429, 499];

const kBase = '/api/v1';

export async function fetchWorkspace(signal?: AbortSignal): Promise<Workspace> {
  const body = await request<Partial<Workspace> | null>('/workspace', signal ? { signal } : {});
  // Something else answers at this address, or a server of another time: an empty workspace is not what that is.
  if (typeof body?.time_zone !== 'string' || !Array.isArray(body.dimensions) || !Array.isArray(body.profile)) {
    throw misshapen('The workspace is not of the shape that this page knows');
  }
  return body as Workspace;
}

export async function fetchCatalogue(signal?: AbortSignal): Promise<KpiDefinition[]> {
  const body = await request<{ kpis: KpiDefinition[] } | KpiDefinition[]>('/kpis', signal ? { signal } : {});
  return Array.isArray(body) ? body : body.kpis;
}

/**
 * Asks a batch: one request, the answers in the order of the questions.
 *
 * When the batch is refused because of one of its questions, each is asked alone, so that a single impossible question
 * costs only its own place. Rejects when nothing could be answered: no server, a full queue, a deadline.
 */
export async function ask(questions: Question[], signal?: AbortSignal): Promise<Outcome[]> {
  try {
    return await askOnce(questions, signal);
  } catch (error) {
    if (!(error instanceof Problem) || !error.refused) throw error;
    if (questions.length === 1) return [{ answer: null, problem: error }];
    return Promise.all(questions.map(async (question) => (await ask([question], signal))[0] as Outcome));
  }
}

async function askOnce(questions: Question[], signal?: AbortSignal): Promise<Outcome[]> {
  const body = await request<{ answers: (Answer | ProblemBody)[] } | null>('/ask', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ questions }),
    ...(signal ? { signal } : {}),
  });
  if (!Array.isArray(body?.answers) || body.answers.length !== questions.length) {
    throw misshapen('The answers do not match the questions');
  }
  return body.answers.map((item) => {
    if (isAnswer(item)) return { answer: item, problem: null };
    const isProblem = typeof item === 'object' && item !== null && !('kpi' in item);
    return {
      answer: null,
      problem: isProblem ? new Problem(item, item.status ?? 500) : misshapen('The answer is not of the known shape'),
    };
  });
}

function isAnswer(item: Answer | ProblemBody | null): item is Answer {
  if (typeof item !== 'object' || item === null || !('kpi' in item)) return false;
  return Array.isArray(item.rows) && typeof item.total === 'object' && item.total !== null;
}

/** A reply that is none of ours. */
export function misshapen(title: string, requestId: string | null = null): Problem {
  return new Problem({ title, code: 'answer.shape' }, 502, requestId);
}

/** What goes wrong is told in the language of the page. */
function language(): string {
  return (typeof document === 'undefined' ? '' : document.documentElement.lang) || 'en';
}

async function request<T>(path: string, init: RequestInit): Promise<T> {
  let response: Response;
  try {
    response = await fetch(kBase + path, { ...init, headers: { ...init.headers, 'accept-language': language() } });
  } catch (error) {
    if (init.signal?.aborted) throw error;
    throw new Problem({ title: 'No answer from the server' }, 0);
  }
  const requestId = response.headers.get('x-request-id');
  if (!response.ok) throw new Problem(await problemBody(response), response.status, requestId);
  try {
    return (await response.json()) as T;
  } catch (error) {
    if (init.signal?.aborted) throw error;
    throw misshapen('The answer is not JSON', requestId);
  }
}

async function problemBody(response: Response): Promise<ProblemBody> {
  const type = response.headers.get('content-type') ?? '';
  if (!type.includes('json')) return { title: response.statusText };
  try {
    return (await response.json()) as ProblemBody;
  } catch {
    return { title: response.statusText };
  }
}
