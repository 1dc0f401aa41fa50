/**
 * A small server of recorded answers: the API of docs/api.md for one hand-written company, and the built page beside it.
 * Its security policy for the page is that of `vigie serve`, so that what it forbids fails here too: e2e holds the two against each
 * other where there is a program to serve.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { extname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { AddressInfo } from 'node:net';
import type { Question } from '../../src/lib/api/types.ts';
import { kCatalogue, kWorkspace } from './company.ts';
import { answerTo, Refusal, type Scenario } from './recorded.ts';

const kDist = fileURLToPath(new URL('../../dist', import.meta.url));
const kMaxBody = 1 << 20;

const kTypes: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
};

export const kPolicy =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; " +
  "base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types svelte-trusted-html";

export interface FixtureServer {
  url: string;
  /** Replaces what is out of the ordinary; `{}` is the plain company. */
  play(scenario: Scenario): void;
  /** Requests since the last call, `METHOD path`. */
  requests(): string[];
  /** Questions of the last batch. */
  asked(): Question[];
  close(): Promise<void>;
}

export async function startFixtureServer(port = 0): Promise<FixtureServer> {
  let scenario: Scenario = {};
  let seen: string[] = [];
  let questions: Question[] = [];

  const server: Server = createServer((request, response) => {
    const path = (request.url ?? '/').split('?')[0] ?? '/';
    seen.push(`${request.method} ${path}`);
    const wanted = String(request.headers['accept-language']).startsWith('fr') ? 'fr' : 'en';
    response.setHeader('content-security-policy', kPolicy);
    response.setHeader('x-content-type-options', 'nosniff');
    response.setHeader('referrer-policy', 'no-referrer');
    if (path === '/api/v1/ask' && request.method === 'POST') {
      void readBody(request).then(async (body) => {
        if (body === null) return problem(response, 413, 'body.too_large', 'The body is larger than 1 MiB.');
        const asked = (JSON.parse(body) as { questions: Question[] }).questions;
        if (asked.length > 1) questions = asked;
        const now = scenario;
        if (now.delay) await new Promise((done) => setTimeout(done, now.delay));
        if (now.fail) return problem(response, now.fail, `http.${now.fail}`, 'The warehouse did not answer in time.');
        try {
          json(response, 200, { answers: asked.map((question) => answerTo(question, now)) });
        } catch (error) {
          if (!(error instanceof Refusal)) throw error;
          problem(response, error.status, error.code, error.detail[wanted]);
        }
      });
      return;
    }
    if (path === '/api/v1/workspace') {
      return json(response, 200, scenario.empty ? { ...kWorkspace, data_from: null, data_to: null } : kWorkspace);
    }
    if (path === '/api/v1/kpis') return json(response, 200, { kpis: kCatalogue });
    if (path === '/healthz') return json(response, 200, { status: 'ok', version: kWorkspace.version });
    if (path.startsWith('/api/')) return problem(response, 404, 'path.unknown', `Nothing answers at ${path}.`);
    sendFile(request, response, path);
  });

  await new Promise<void>((listening) => server.listen(port, '127.0.0.1', listening));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    play(next) {
      scenario = next;
    },
    requests() {
      const list = seen;
      seen = [];
      return list;
    },
    asked: () => questions,
    close: () =>
      new Promise((closed) => {
        server.closeAllConnections();
        server.close(() => closed());
      }),
  };
}

/** A path with a dot is a file of the build; any other is a view of the one page. */
function sendFile(request: IncomingMessage, response: ServerResponse, path: string): void {
  const wanted = extname(path) === '' ? '/index.html' : path;
  const file = normalize(join(kDist, wanted));
  if (!file.startsWith(kDist) || !existsSync(file) || !statSync(file).isFile()) {
    response.writeHead(404, { 'content-type': 'text/plain; charset=utf-8' }).end('no such file\n');
    return;
  }
  response.setHeader('content-type', kTypes[extname(file)] ?? 'application/octet-stream');
  response.setHeader(
    'cache-control',
    wanted.startsWith('/assets/') ? 'public, max-age=31536000, immutable' : 'no-cache',
  );
  const brotli = `${file}.br`;
  if (String(request.headers['accept-encoding']).includes('br') && existsSync(brotli)) {
    response.setHeader('content-encoding', 'br');
    response.end(readFileSync(brotli));
    return;
  }
  response.end(readFileSync(file));
}

function readBody(request: IncomingMessage): Promise<string | null> {
  return new Promise((done, fail) => {
    const chunks: Buffer[] = [];
    let size = 0;
    request.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size <= kMaxBody) chunks.push(chunk);
    });
    request.on('end', () => done(size > kMaxBody ? null : Buffer.concat(chunks).toString('utf8')));
    request.on('error', fail);
  });
}

function json(response: ServerResponse, status: number, body: unknown): void {
  if (response.destroyed) return;
  response.writeHead(status, { 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-store' });
  response.end(JSON.stringify(body));
}

function problem(response: ServerResponse, status: number, code: string, detail: string): void {
  if (response.destroyed) return;
  response.writeHead(status, { 'content-type': 'application/problem+json', 'x-request-id': 'r-4711' });
  const title = status === 404 ? 'Unknown KPI' : 'The question was not answered';
  response.end(JSON.stringify({ type: `https://vigie.example/errors/${code}`, title, status, detail, code }));
}
