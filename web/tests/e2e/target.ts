/**
 * Where the pages under test come from: the server named by VIGIE_URL; else the recorded company, and beside it, where
 * VIGIE_PROGRAM names a built `vigie`, that program serving a small demo company of its own.
 */
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { startFixtureServer } from '../server/server.ts';

export const kGiven = process.env['VIGIE_URL']?.replace(/\/$/, '') ?? null;
const kProgram = process.env['VIGIE_PROGRAM'] ?? null;

export type TargetName = 'given' | 'recorded' | 'real';
export const kTargets: TargetName[] = kGiven ? ['given'] : kProgram ? ['recorded', 'real'] : ['recorded'];

export interface Target {
  url: string;
  close(): Promise<void>;
}

export async function startTarget(name: TargetName): Promise<Target> {
  if (name === 'real' && kProgram) return startProgram(kProgram);
  if (name === 'given' && kGiven) return { url: kGiven, close: async () => undefined };
  return startFixtureServer();
}

/** `vigie demo`, then `vigie serve` on a free port, as a person would; both gone with `close`. */
async function startProgram(program: string): Promise<Target> {
  const folder = mkdtempSync(join(tmpdir(), 'vigie-e2e-'));
  const workspace = join(folder, 'demo');
  const made = spawnSync(program, ['demo', workspace, '--customers', '400', '--months', '26'], { encoding: 'utf8' });
  if (made.status !== 0) throw new Error(`vigie demo failed: ${made.stderr}`);
  const server = spawn(program, ['serve', '-w', workspace, '--port', '0'], { stdio: ['ignore', 'pipe', 'inherit'] });
  const url = await addressOf(server);
  return {
    url,
    close: async () => {
      const ended = new Promise((done) => server.once('exit', done));
      server.kill('SIGTERM');
      await ended;
      rmSync(folder, { recursive: true });
    },
  };
}

/** The address in the first line that the server says. */
function addressOf(server: ChildProcess): Promise<string> {
  return new Promise((found, fail) => {
    server.once('exit', (code) => fail(new Error(`vigie serve ended with ${code}`)));
    createInterface({ input: server.stdout as NodeJS.ReadableStream }).once('line', (line) => {
      const address = /http:\/\/127\.0\.0\.1:\d+/.exec(line);
      if (address) found(address[0]);
      else fail(new Error(`vigie serve said: ${line}`));
    });
  });
}
