/**
 * The Overview on the recorded company, as each file of overview/ needs it: one browser and one server for the file, each
 * page closed with its test, and every test beginning with the server as it is.
 */
import { afterAll, afterEach, beforeAll, describe } from 'vitest';
import type { Browser, Locator, Page } from 'playwright-core';
import { startFixtureServer, type FixtureServer } from '../server/server.ts';
import { fold, openBrowser, openPage, type Look, type OpenPage } from './browser.ts';
import { kGiven } from './target.ts';

export interface Recorded {
  readonly server: FixtureServer;
  /** A page as a person with that look would see it; nothing is visited yet. */
  pageFor(look?: Look): Promise<OpenPage>;
}

/** Runs the tests, unless a server of its own is named: then the recorded company has no say. */
export function describeRecorded(name: string, tests: (company: Recorded) => void): void {
  describe.skipIf(kGiven !== null)(`the overview of the recorded company: ${name}`, () => {
    let browser: Browser;
    let server: FixtureServer;
    let open: OpenPage[] = [];

    beforeAll(async () => {
      server = await startFixtureServer();
      browser = await openBrowser();
    });
    afterEach(async () => {
      server.play({});
      for (const one of open) await one.close();
      open = [];
    });
    afterAll(async () => {
      await browser?.close();
      await server?.close();
    });

    tests({
      get server() {
        return server;
      },
      async pageFor(look = {}) {
        const one = await openPage(browser, look);
        open.push(one);
        return one;
      },
    });
  });
}

export function card(page: Page, kpi: string): Locator {
  return page.locator('.kpis article').filter({ has: page.locator(`[data-card="${kpi}"]`) });
}

export async function textOf(page: Page, kpi: string): Promise<string> {
  return fold(await card(page, kpi).textContent());
}
