/** The limits of the production build, on the recorded company: sizes, requests, time to the largest picture, shifts. */
import { readFileSync, readdirSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Browser } from 'playwright-core';
import { startFixtureServer, type FixtureServer } from '../server/server.ts';
import { openBrowser, openPage, visit } from './browser.ts';
import { kGiven } from './target.ts';

const dist = fileURLToPath(new URL('../../dist', import.meta.url));
const assets = join(dist, 'assets');
const sizes = (end: string) =>
  readdirSync(assets)
    .filter((name) => name.endsWith(end))
    .map((name) => statSync(join(assets, name)).size);
/** The chart of the answers is on screen by then. */
const kLargestMs = 800;
const sum = (list: number[]) => list.reduce((a, b) => a + b, 0);

describe.skipIf(kGiven !== null)('budgets', () => {
  let browser: Browser;
  let server: FixtureServer;

  beforeAll(async () => {
    server = await startFixtureServer();
    browser = await openBrowser();
  });
  afterAll(async () => {
    await browser.close();
    await server.close();
  });

  it('script 80 kB, styles 14 kB, one font of 50 kB', () => {
    expect(sum(sizes('.js.gz'))).toBeLessThanOrEqual(80_000);
    expect(sum(sizes('.css.gz'))).toBeLessThanOrEqual(14_000);
    const fonts = sizes('.woff2');
    expect(fonts).toHaveLength(1);
    expect(sum(fonts)).toBeLessThanOrEqual(50_000);
  });

  it('every text has its brotli and its gzip beside it', () => {
    const names = ['index.html', ...readdirSync(assets).map((name) => `assets/${name}`)];
    for (const name of names.filter((one) => /\.(html|js|css|svg)$/.test(one))) {
      expect(names.concat(readdirSync(dist))).toEqual(expect.arrayContaining([`${name}.br`, `${name}.gz`]));
    }
  });

  it('holds no inline script or style, and asks no other host', () => {
    const html = readFileSync(join(dist, 'index.html'), 'utf8');
    expect(html).not.toMatch(/<script(?![^>]*\bsrc=)/);
    expect(html).not.toMatch(/<style|\sstyle=|\son\w+=/);
    expect(html).not.toMatch(/https?:\/\//);
  });

  it('8 requests before the overview is complete, nothing moves, the largest picture within 0.8 s', async () => {
    const { page, complaints, close } = await openPage(browser, { language: 'fr' });
    await page.addInitScript(() => {
      const seen = { shift: 0, largest: 0 };
      Object.assign(globalThis, { seen });
      new PerformanceObserver((list) => {
        for (const entry of list.getEntries() as (PerformanceEntry & { value: number })[]) seen.shift += entry.value;
      }).observe({ type: 'layout-shift', buffered: true });
      new PerformanceObserver((list) => {
        for (const entry of list.getEntries()) seen.largest = entry.startTime;
      }).observe({ type: 'largest-contentful-paint', buffered: true });
    });
    const times: number[] = [];
    // The machine may be busy with other things: the best of some runs is the page's own time.
    for (let run = 0; run < 3 || (run < 8 && Math.min(...times) > kLargestMs); run++) {
      server.requests();
      await page.context().clearCookies();
      await visit(page, server.url);
      await page.waitForTimeout(200);
      const requests = server.requests().filter((one) => !one.endsWith('.svg'));
      expect(requests.length, requests.join('\n')).toBeLessThanOrEqual(8);
      const seen = await page.evaluate(
        () => (globalThis as unknown as { seen: { shift: number; largest: number } }).seen,
      );
      expect(seen.shift).toBeLessThanOrEqual(0.02);
      times.push(seen.largest);
    }
    expect(Math.min(...times)).toBeLessThanOrEqual(kLargestMs);
    expect(complaints).toEqual([]);
    await close();
  });

  it('answers every key within 200 ms of its own work, 95 of 100 within 100 ms', async () => {
    const { page, close } = await openPage(browser, { language: 'en' });
    await visit(page, server.url);
    // The machine may be busy with other things: what counts is the time that the page's own thread worked.
    const session = await page.context().newCDPSession(page);
    await session.send('Performance.enable', { timeDomain: 'threadTicks' });
    const worked = async () => {
      const { metrics } = await session.send('Performance.getMetrics');
      return (metrics.find(({ name }) => name === 'TaskDuration')?.value ?? Number.NaN) * 1000;
    };
    const waits: { key: string; took: number }[] = [];
    const keys = ['l', 'T', 'T', '2', '3', 'v', 'Escape', 'ArrowRight', 'ArrowRight', 'e', 'Escape', 'l'];
    for (const key of [...keys, ...keys]) {
      const before = await worked();
      await page.keyboard.press(key);
      await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => setTimeout(done, 0))));
      waits.push({ key, took: (await worked()) - before });
    }
    waits.sort((a, b) => a.took - b.took);
    const said = waits.map(({ key, took }) => `${key} ${took.toFixed(0)}`).join(', ');
    expect(waits.at(-1)?.took, said).toBeLessThanOrEqual(200);
    expect(waits[Math.ceil(waits.length * 0.95) - 1]?.took, said).toBeLessThanOrEqual(100);
    expect(waits[0]?.took, said).toBeGreaterThan(0);
    await close();
  });
});
