/** Where the pages under test come from: the server named by VIGIE_URL, else the recorded company. */
import { startFixtureServer, type FixtureServer } from '../server/server.ts';

export const kGiven = process.env['VIGIE_URL']?.replace(/\/$/, '') ?? null;

export async function startTarget(): Promise<{ url: string; server: FixtureServer | null; close(): Promise<void> }> {
  if (kGiven) return { url: kGiven, server: null, close: async () => undefined };
  const server = await startFixtureServer();
  return { url: server.url, server, close: () => server.close() };
}
