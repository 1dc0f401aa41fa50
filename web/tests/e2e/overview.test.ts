/** The Overview on the recorded company: what it says, what it does, how it looks when something is amiss. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Browser, Page } from 'playwright-core';
import { startFixtureServer, type FixtureServer } from '../server/server.ts';
import { violations } from './axe.ts';
import { fold, openBrowser, openPage, settled, visit, type Look, type OpenPage } from './browser.ts';
import { kGiven } from './target.ts';

let browser: Browser;
let server: FixtureServer;
let open: OpenPage[] = [];

/** A page of the recorded company; `visit` waits for its numbers, `arrive` does not. */
async function pageFor(look: Look = {}): Promise<OpenPage> {
  const one = await openPage(browser, look);
  open.push(one);
  return one;
}

const card = (page: Page, kpi: string) =>
  page.locator('.kpis article').filter({ has: page.locator(`[data-card="${kpi}"]`) });
const textOf = async (page: Page, kpi: string) => fold(await card(page, kpi).textContent());

describe.skipIf(kGiven !== null)('the overview of the recorded company', () => {
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
    await browser.close();
    await server.close();
  });

  describe('content', () => {
    it('has value, change, certainty and verdict on a card, in French', async () => {
      const { page, complaints } = await pageFor({ language: 'fr' });
      await visit(page, server.url);
      const sale = await textOf(page, 'average_sale');
      for (const part of ['Panier moyen', '9 156 €', '+3,3 %', 'vs 8 867 €', 'En progrès', '+130 – +449 €']) {
        expect(sale).toContain(part);
      }
      expect(await textOf(page, 'sales_cycle')).toMatch(/41 j.*\+6 j.*vs 35 j.*En recul.*\+3,8 – \+8,2 j/);
      // A change within ordinary variation has no colour and no verdict for or against.
      expect(await textOf(page, 'churn_rate')).toMatch(/1,9 %.*−0,2 pt.*Variation ordinaire/);
      expect(await textOf(page, 'channel_roi')).toContain('+16 pts');
      expect(await textOf(page, 'revenue_per_employee')).toContain('137 k€');
      expect(complaints).toEqual([]);
    });

    it('says the same in English', async () => {
      const { page } = await pageFor({ language: 'en' });
      await visit(page, server.url);
      const sale = await textOf(page, 'average_sale');
      for (const part of ['Average sale', '€9,156', '+3.3%', 'vs €8,867', 'Better', '+€130 – +€449']) {
        expect(sale).toContain(part);
      }
      expect(await textOf(page, 'sales_cycle')).toMatch(/41 days.*\+6 days.*vs 35 days.*Worse.*\+3.8 – \+8.2 days/);
    });

    it('draws what the verdict says: the compared value lies in the bar exactly when the variation is ordinary', async () => {
      const { page } = await pageFor({ language: 'en' });
      await visit(page, server.url);
      const drawn = await page.locator('.kpis article').evaluateAll((cards) =>
        cards.map((one) => {
          const box = (what: string) => one.querySelector(what)?.getBoundingClientRect() ?? null;
          const [bar, tick, dot] = [box('.whisker'), box('.tick'), box('.dot')];
          const middle = tick ? (tick.left + tick.right) / 2 : 0;
          return {
            kpi: one.querySelector<HTMLElement>('[data-card]')?.dataset['card'],
            verdict: one.querySelector('.verdict')?.textContent?.trim() ?? null,
            inside: bar && tick ? bar.left <= middle && middle <= bar.right : null,
            apart: tick && dot ? Math.abs((dot.left + dot.right) / 2 - middle) : 0,
          };
        }),
      );
      const judged = drawn.filter(({ inside, verdict }) => inside !== null && verdict !== null);
      expect(judged.length).toBeGreaterThanOrEqual(5);
      for (const { kpi, verdict, inside } of judged) {
        expect(inside, kpi).toBe(verdict === 'Ordinary variation');
      }
      // 4 % of a fact without an interval is no gulf.
      const cac = drawn.find(({ kpi }) => kpi === 'cac');
      expect(cac?.inside).toBeNull();
      expect(cac?.apart).toBeLessThan(60);
    });

    it('marks the period that is not over, and writes the days it is compared with', async () => {
      const { page } = await pageFor({ language: 'fr' });
      await visit(page, server.url);
      const controls = fold(await page.locator('.controls').textContent());
      expect(controls).toContain('J 22/30');
      expect(controls).toContain('vs 1–22 oct. (mêmes jours)');
      expect(await card(page, 'cac').locator('circle.hollow').count()).toBe(1);
      expect(await page.locator('figure circle.hollow').count()).toBe(1);
      expect(fold(await page.locator('figure').textContent())).toContain('412 k€au 22 nov., incomplet');
    });

    it('lets the last complete cohort stand in, by name, for one that is too recent', async () => {
      const { page } = await pageFor({ language: 'en' });
      await visit(page, server.url);
      expect(await textOf(page, 'conversion_rate')).toMatch(
        /11\.3%.*Jul 2026.*last complete cohort.*Nov 2026 is too recent/,
      );
      await page.locator('[data-card=conversion_rate]').click();
      const panel = page.locator('dialog.panel');
      await panel.waitFor();
      expect(fold(await panel.textContent())).toMatch(
        /11\.3% Last complete cohort: July 2026\. November 2026 is too recent/,
      );
      expect(await panel.locator('code').textContent()).toContain('--from 2026-07-01 --to 2026-08-01');
    });

    it('tells what travels with a number by definition', async () => {
      const { page } = await pageFor({ language: 'fr' });
      await visit(page, server.url);
      await page.locator('[data-card=sales_cycle]').click();
      const panel = page.locator('dialog.panel');
      await panel.waitFor();
      expect(fold(await panel.textContent())).toContain('Ouvertes et plus anciennes 12');
    });

    it('shows what is wanting as what it is: reason, small sample, restated, warning', async () => {
      server.play({ edges: true });
      const { page } = await pageFor({ language: 'en' });
      await visit(page, server.url);
      expect(await textOf(page, 'ltv')).toMatch(/–.*The margin is not known\. Import product costs/);
      expect(await textOf(page, 'cac')).toContain('Nothing to divide by in the period.');
      expect(await textOf(page, 'nps')).toContain('n = 7, too few to judge');
      expect(await card(page, 'nps').locator('.big.muted').count()).toBe(1);
      expect(await card(page, 'churn_rate').locator('sup').textContent()).toContain('restated');
      expect(fold(await page.locator('section[aria-labelledby]').last().textContent())).toContain(
        '3 orders have no amount',
      );
    });

    it('shows the share that is still open', async () => {
      const { page } = await pageFor({ language: 'en' });
      await visit(page, `${server.url}/?p=last-12m`);
      expect(await textOf(page, 'conversion_rate')).toContain('19% still open');
      expect(await card(page, 'conversion_rate').locator('.big.maturing').count()).toBe(1);
    });

    it('asks one batch: two questions a card and one for the chart', async () => {
      const { page } = await pageFor();
      server.requests();
      await visit(page, server.url);
      expect(server.requests().filter((one) => one.startsWith('POST'))).toEqual(['POST /api/v1/ask']);
      expect(server.asked()).toHaveLength(21);
    });
  });

  describe('splits', () => {
    it('ranks the parts, names the missing one, and sets the small apart', async () => {
      const { page } = await pageFor({ language: 'en' });
      await visit(page, `${server.url}/?by=channel&p=last-12m`);
      const rows = card(page, 'average_sale').locator('tbody tr');
      const names = (await rows.locator('th').allTextContents()).map(fold);
      expect(names).toEqual(['partners', 'seo', 'paid_search', 'not given', 'paid_social', 'events', 'others']);
      expect(fold(await rows.nth(5).textContent())).toContain('n = 11, too few to judge');
      // One column, one unit.
      const values = await card(page, 'revenue_per_employee').locator('tbody .value').allTextContents();
      expect(values.every((text) => fold(text).includes('k'))).toBe(true);
    });

    it('changes from one split to another, and never shows the parts of one under the name of the other', async () => {
      const { page, complaints } = await pageFor({ language: 'en' });
      await visit(page, `${server.url}/?by=channel`);
      const captions = async () => [...new Set((await page.locator('.split h4').allTextContents()).map(fold))];
      expect(await captions()).toEqual(['By channel']);
      // The answers wait until this test lets them come, however busy the machine is.
      let release = () => {};
      const held = new Promise<void>((go) => (release = go));
      await page.route('**/api/v1/ask', async (route) => {
        await held;
        await route.continue();
      });
      await page.getByRole('button', { name: /^Split/ }).click();
      await page.getByRole('menuitemradio', { name: 'By country' }).click();
      await page.locator('.strip.waiting').waitFor();
      expect(fold(await page.locator('.strip.waiting').textContent())).toBe(
        'Shown meanwhile: November 2026, by channel, vs previous period. November 2026, by country, vs previous period is on its way.',
      );
      // What is on screen is still split by channel, and says so.
      expect(await captions()).toEqual(['By channel']);
      expect(fold(await card(page, 'cac').locator('tbody').textContent())).toContain('seo');
      expect(await card(page, 'cac').getAttribute('class')).toContain('old');
      release();
      await settled(page);
      expect(await captions()).toEqual(['By country']);
      for (const kpi of ['cac', 'churn_rate', 'retention_rate', 'nps']) {
        const names = (await card(page, kpi).locator('tbody th').allTextContents()).map(fold).sort();
        expect(names, kpi).toEqual(['BE', 'CH', 'FR']);
      }
      await page.getByRole('button', { name: /^Split/ }).click();
      await page.getByRole('menuitemradio', { name: 'No split' }).click();
      await settled(page);
      expect(await page.locator('.split').count()).toBe(0);
      expect(await textOf(page, 'churn_rate')).toMatch(/Under contract: 1\.9% ?Without contract: 3\.0%/);
      expect(complaints).toEqual([]);
    });

    it('offers what tells an indicator apart, the widest first, and nothing else', async () => {
      const { page } = await pageFor({ language: 'en' });
      await visit(page, server.url);
      await page.getByRole('button', { name: /^Split/ }).click();
      const menu = page.locator('[role=menu]');
      await menu.waitFor();
      expect((await menu.locator('> *').allTextContents()).map(fold)).toEqual([
        'No split',
        'Most indicators',
        'By channel 10 of 10',
        'By country 10 of 10',
        'Some indicators',
        'By stage 1 of 10',
      ]);
      expect(await violations(page)).toEqual([]);
    });

    it('keeps the number of a KPI that cannot be split so, and says it', async () => {
      server.play({ refuseSplitOf: 'nps' });
      const { page } = await pageFor({ language: 'en' });
      await visit(page, `${server.url}/?by=channel`);
      expect(await textOf(page, 'nps')).toMatch(/46 pts.*Shown whole: what it rests on is not told apart by channel\./);
      expect(await card(page, 'cac').locator('tbody tr').count()).toBe(7);
    });
  });

  describe('the address', () => {
    it('leaves out the default, follows every choice, and Back undoes', async () => {
      const { page } = await pageFor({ language: 'en' });
      await visit(page, server.url);
      const addresses: string[] = [];
      const note = async () => {
        await settled(page);
        addresses.push(page.url().slice(server.url.length));
      };
      await page.keyboard.press('p');
      await page.getByRole('button', { name: 'Last quarter' }).click();
      await note();
      await page.getByRole('button', { name: /^Split/ }).click();
      await page.getByRole('menuitemradio', { name: 'By country' }).click();
      await note();
      await page.keyboard.press('v');
      await page.getByRole('menuitemradio', { name: 'No comparison' }).click();
      await note();
      await page.keyboard.press('2');
      await note();
      expect(addresses).toEqual([
        '/?p=last-quarter',
        '/?p=last-quarter&by=country',
        '/?p=last-quarter&vs=none&by=country',
        '/?p=last-quarter&vs=none&g=week&by=country',
      ]);
      await page.goBack();
      await note();
      expect(addresses.at(-1)).toBe(addresses[2]);
      expect(await page.locator('.grains [aria-pressed=true]').textContent()).toBe('Quarter');
    });

    it('shows the same in another browser', async () => {
      const first = await pageFor({ language: 'en' });
      await visit(first.page, `${server.url}/?p=2026-Q3&vs=year&by=country`);
      const second = await pageFor({ language: 'en' });
      await visit(second.page, first.page.url());
      const seen = (page: Page) => page.locator('main').evaluate((main) => (main as HTMLElement).innerText);
      expect(fold(await seen(second.page))).toBe(fold(await seen(first.page)));
    });

    it('names what it cannot understand, offers the nearest, and shows the rest', async () => {
      const { page } = await pageFor({ language: 'en' });
      await visit(page, `${server.url}/?p=soon&by=chanel&vs=year`);
      const banners = fold((await page.locator('.banner').allTextContents()).join(' '));
      expect(banners).toContain('“p=soon”');
      expect(banners).toContain(
        '“by=chanel”, which is not a value of “by”; the default is shown. Did you mean “channel”?',
      );
      expect(fold(await page.locator('.controls').textContent())).toContain('2025');
      await page.getByRole('button', { name: 'Dismiss' }).first().click();
      expect(await page.locator('.banner').count()).toBe(0);
      expect(page.url()).toBe(`${server.url}/?vs=year`);
    });

    it('takes a language over as the reader’s own, and leaves it out', async () => {
      const { page } = await pageFor({ language: 'en' });
      await visit(page, `${server.url}/?lang=fr&p=2026-10`);
      expect(page.url()).toBe(`${server.url}/?p=2026-10`);
      expect(await page.locator('h1').textContent()).toBe('Vue d’ensemble');
      await visit(page, server.url);
      expect(await page.locator('h1').textContent()).toBe('Vue d’ensemble');
    });

    it('of no page says so and leads back', async () => {
      const { page } = await pageFor({ language: 'en' });
      await page.goto(`${server.url}/nowhere`);
      await page.getByText('There is no page at this address.').waitFor();
      await page.getByRole('link', { name: 'Go to the overview' }).click();
      await settled(page);
      expect(page.url()).toBe(`${server.url}/`);
    });
  });

  describe('the period', () => {
    it('steps to the ends of the data and no further', async () => {
      const { page } = await pageFor({ language: 'en' });
      await visit(page, `${server.url}/?p=2025-01`);
      await page.keyboard.press('[');
      await settled(page);
      await page.keyboard.press('[');
      expect(page.url()).toContain('p=2024-12');
      expect(await page.getByRole('button', { name: 'Previous period' }).getAttribute('aria-disabled')).toBe('true');
      await page.keyboard.press('t');
      await settled(page);
      expect(page.url()).toBe(`${server.url}/`);
      await page.keyboard.press(']');
      expect(page.url()).toBe(`${server.url}/`);
    });

    it('is picked from the months, the quarters, or two dates', async () => {
      const { page } = await pageFor({ language: 'fr' });
      await visit(page, server.url);
      await page.keyboard.press('p');
      await page.waitForFunction(() => document.activeElement?.textContent === 'Ce mois');
      await page.getByRole('button', { name: 'T2 2026' }).click();
      await settled(page);
      expect(page.url()).toContain('p=2026-Q2');
      await page.keyboard.press('p');
      await page.getByLabel('Du', { exact: true }).fill('2026-11-10');
      await page.getByLabel('Au (inclus)').fill('2026-11-01');
      expect(await page.getByText('Le premier jour ne doit pas suivre le dernier.').count()).toBe(1);
      await page.getByLabel('Du', { exact: true }).fill('2026-10-05');
      await page.getByRole('button', { name: 'Afficher', exact: true }).click();
      await settled(page);
      expect(page.url()).toContain('p=2026-10-05..2026-11-02');
      expect(fold(await page.locator('.controls').textContent())).toContain('5 oct. – 1 nov. 2026');
    });
  });

  describe('the keyboard', () => {
    it('moves between cards as they lie, explains, and comes back', async () => {
      const { page } = await pageFor({ language: 'en' });
      await visit(page, server.url);
      const at = () => page.evaluate(() => (document.activeElement as HTMLElement).dataset['card'] ?? null);
      await page.keyboard.press('ArrowRight');
      expect(await at()).toBe('conversion_rate');
      await page.keyboard.press('ArrowRight');
      await page.keyboard.press('ArrowDown');
      expect(await at()).toBe('nps');
      await page.keyboard.press('e');
      await page.locator('dialog.panel').waitFor();
      await page.keyboard.press('Escape');
      expect(await at()).toBe('nps');
      await page.keyboard.press('Escape');
      expect(await at()).toBeNull();
    });

    it('closes a menu with Escape, and nothing under it: the focus goes back to the button', async () => {
      const { page } = await pageFor({ language: 'en' });
      await visit(page, server.url);
      const at = () => page.evaluate(() => document.activeElement?.getAttribute('aria-label') ?? '');
      await page.keyboard.press('v');
      await page.locator('[role=menu]').waitFor();
      await page.keyboard.press('Escape');
      expect(await at()).toMatch(/^Comparison/);
      await page.locator('[data-card=nps]').click();
      await page.locator('dialog.panel').waitFor();
      await page.keyboard.press('p');
      await page.locator('.picker').waitFor();
      await page.keyboard.press('Escape');
      await page.locator('.picker').waitFor({ state: 'detached' });
      expect(await page.locator('dialog.panel').count()).toBe(1);
      expect(await at()).toMatch(/^Period/);
      await page.keyboard.press('Escape');
      await page.locator('dialog.panel').waitFor({ state: 'detached' });
    });

    it('opens its own help and can be switched off', async () => {
      const { page } = await pageFor({ language: 'en' });
      await visit(page, server.url);
      await page.keyboard.press('?');
      const help = page.getByRole('dialog', { name: 'Keyboard' });
      await help.waitFor();
      // It lists what is registered, by the names of the help, and nothing by a bare identifier.
      const rows = (await help.locator('dl > div').allTextContents()).map(fold);
      expect(rows).toHaveLength(16);
      expect(rows).toEqual(
        expect.arrayContaining(['⇧D Theme', '1…5 Grain: day, week, month, quarter, year', 'go Go to the overview']),
      );
      await page.getByLabel('Single-key shortcuts are on').uncheck();
      await page.keyboard.press('Escape');
      await page.keyboard.press('l');
      expect(await page.locator('h1').textContent()).toBe('Overview');
    });

    it('turns the chart into a table and reads its points', async () => {
      const { page } = await pageFor({ language: 'fr' });
      await visit(page, server.url);
      const cursor = page.getByRole('slider', { name: 'Point de la série' });
      await cursor.focus();
      await page.keyboard.press('Home');
      expect(fold(await cursor.getAttribute('aria-valuetext'))).toBe(
        'décembre 2025 : 402 100 €, année précédente 337 400 €',
      );
      await page.keyboard.press('End');
      expect(fold(await cursor.getAttribute('aria-valuetext'))).toContain('novembre 2026 : 412 300 €, incomplet');
      await cursor.blur();
      await page.keyboard.press('T');
      const last = page.locator('section.card table tbody tr').last();
      expect(fold(await last.textContent())).toMatch(/Novembre 2026 \(incomplet\) ?412,3 ?329,7 ?\+25,1 %/);
    });

    it('copies the value and the link', async () => {
      const { page } = await pageFor({ language: 'en' });
      await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
      await visit(page, `${server.url}/?p=2026-10`);
      const held = async () => fold(await page.evaluate(() => navigator.clipboard.readText()));
      await page.locator('[data-card=revenue_per_employee]').focus();
      await page.keyboard.press('c');
      expect(await held()).toBe('€128,200');
      await page.keyboard.press('Shift+C');
      expect(await held()).toBe(`${server.url}/?p=2026-10`);
    });

    it('changes the theme, and it is kept', async () => {
      const { page } = await pageFor({ language: 'en', theme: 'light' });
      await visit(page, server.url);
      const ground = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
      const light = await ground();
      await page.keyboard.press('Shift+D');
      await page.keyboard.press('Shift+D');
      const dark = await ground();
      expect(dark).not.toBe(light);
      await visit(page, server.url);
      expect(await ground()).toBe(dark);
    });
  });

  describe('states', () => {
    it('first load: titles at once, blocks of the final size, nothing moves', async () => {
      server.play({ delay: 700 });
      const { page } = await pageFor({ language: 'en' });
      await page.goto(server.url);
      await page.getByRole('button', { name: /^Period/ }).waitFor();
      expect(await textOf(page, 'cac')).toBe('Acquisition cost (CAC)');
      const heights = () =>
        page.locator('.kpis article').evaluateAll((all) => all.map((one) => one.getBoundingClientRect().height));
      const before = await heights();
      await page.locator('[data-value]').first().waitFor();
      expect(await heights()).toEqual(before);
    });

    it('change of question: the old answer stays, steps back and cannot be opened', async () => {
      const { page } = await pageFor({ language: 'en' });
      await visit(page, server.url);
      server.play({ delay: 4000 });
      await page.keyboard.press('[');
      // While the answer is on its way; a busy machine takes its time over the transition.
      await page.waitForFunction(
        () =>
          getComputedStyle(document.querySelector('article:has([data-card=cac]) .row') as Element).opacity === '0.55',
        undefined,
        { timeout: 3500 },
      );
      expect(await textOf(page, 'cac')).toContain('€2,960');
      await page.locator('[data-card=cac]').click({ force: true });
      expect(await page.locator('dialog.panel').count()).toBe(0);
      await settled(page);
      expect(await textOf(page, 'cac')).toContain('€3,080');
    });

    it('slow: says so, can be cancelled and asked again', async () => {
      const { page } = await pageFor({ language: 'en' });
      await visit(page, server.url);
      server.play({ delay: 20_000 });
      await page.keyboard.press('[');
      await page.getByText(/Still computing, \d s/).waitFor();
      await page.getByRole('button', { name: 'Cancel' }).click();
      await page.getByText('Cancelled. What is shown is the answer before.').waitFor();
      server.play({});
      await page.getByRole('button', { name: 'Retry' }).click();
      await settled(page);
      expect(await textOf(page, 'cac')).toContain('€3,080');
    });

    it('failed: what, since when, which request, and the old numbers stay', async () => {
      const { page } = await pageFor({ language: 'en' });
      await visit(page, server.url);
      server.play({ fail: 503 });
      await page.keyboard.press('[');
      const strip = page.getByRole('alert');
      await strip.waitFor();
      expect(fold(await strip.textContent())).toMatch(
        /The server is busy\. The warehouse did not answer in time\. ?What is shown is November 2026, read at \d\d:\d\d\. ?Request r-4711/,
      );
      expect(await textOf(page, 'cac')).toContain('€2,960');
      server.play({});
      await page.getByRole('button', { name: 'Retry' }).click();
      await settled(page);
      expect(await page.getByRole('alert').count()).toBe(0);
    });

    it('one failing card does not take the page', async () => {
      server.play({ refuse: 'ltv' });
      const { page } = await pageFor({ language: 'en' });
      await visit(page, server.url);
      expect(await textOf(page, 'ltv')).toContain('No answer for this KPI. no KPI "ltv"');
      expect(await page.locator('[data-value]').count()).toBe(9);
    });

    it('tells what went wrong in the language of the page, also when that changes', async () => {
      server.play({ refuse: 'ltv' });
      const { page } = await pageFor({ language: 'fr' });
      await visit(page, server.url);
      expect(await textOf(page, 'ltv')).toContain('aucun KPI « ltv »');
      await page.keyboard.press('l');
      await page.getByText('no KPI "ltv"').waitFor();
      expect(await textOf(page, 'ltv')).not.toContain('aucun KPI');
    });

    it('empty: what the page will answer and the next step', async () => {
      server.play({ empty: true });
      const { page } = await pageFor({ language: 'fr' });
      await page.goto(server.url);
      await page.getByRole('heading', { name: 'Pas encore de données' }).waitFor();
      expect(await page.getByText('vigie import').count()).toBe(1);
      expect(await violations(page)).toEqual([]);
    });

    it('no server at all: the page says so', async () => {
      const { page } = await pageFor({ language: 'en' });
      await page.route('**/api/v1/workspace', (route) => route.abort());
      await page.goto(server.url);
      await page.getByText('The workspace could not be read.').waitFor();
      await page.unroute('**/api/v1/workspace');
      await page.getByRole('button', { name: 'Retry' }).click();
      await page.locator('[data-value]').first().waitFor();
    });
  });

  describe('every width', () => {
    it.each([390, 720, 1024, 1180, 1440])('%i: nothing sticks out, nothing overlaps in the bar', async (width) => {
      for (const language of ['fr', 'en'] as const) {
        const { page } = await pageFor({ language, width });
        await visit(page, `${server.url}/?p=last-12m&vs=year&by=channel`);
        expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(0);
        const boxes = await page
          .locator('.top > *')
          .evaluateAll((all) =>
            all
              .map((one) => one.getBoundingClientRect())
              .map(({ left, right, top, bottom }) => ({ left, right, top, bottom })),
          );
        for (const [i, a] of boxes.entries()) {
          for (const b of boxes.slice(i + 1)) {
            const apart = a.right <= b.left || b.right <= a.left || a.bottom <= b.top || b.bottom <= a.top;
            expect(apart, `${language} ${width}`).toBe(true);
          }
        }
      }
    });

    it('on a phone the targets are large and a panel fills the screen', async () => {
      const { page } = await pageFor({ language: 'fr', width: 390, height: 844 });
      await visit(page, server.url);
      for (const box of await page.locator('.top button:visible').all()) {
        expect((await box.boundingBox())?.height).toBeGreaterThanOrEqual(40);
      }
      await page.locator('[data-card=nps]').click();
      const panel = page.locator('dialog.panel');
      await panel.waitFor();
      expect((await panel.boundingBox())?.width).toBe(390);
      await page.getByRole('button', { name: 'Fermer' }).click();
      await panel.waitFor({ state: 'detached' });
    });
  });

  describe('accessibility', () => {
    it.each([390, 1024, 1440])('no violation at %i, in light and dark, with panel and pickers', async (width) => {
      for (const theme of ['light', 'dark'] as const) {
        const { page } = await pageFor({ language: theme === 'light' ? 'fr' : 'en', theme, width });
        server.play({ edges: true });
        await visit(page, `${server.url}/?by=channel`);
        expect(await violations(page), 'page').toEqual([]);
        await page.keyboard.press('p');
        await page.locator('.picker').waitFor();
        expect(await violations(page), 'period').toEqual([]);
        await page.keyboard.press('Escape');
        await page.locator('[data-card=average_sale]').click();
        await page.locator('dialog.panel .formula').waitFor();
        expect(await violations(page), 'explain').toEqual([]);
      }
    });
  });

  describe('print', () => {
    it('fits two pages of A4 landscape, in light, without controls', async () => {
      const { page } = await pageFor({ language: 'fr', theme: 'dark' });
      for (const query of ['', '?by=channel']) {
        await visit(page, `${server.url}/${query}`);
        const pdf = await page.pdf({ preferCSSPageSize: true, printBackground: true });
        const pages = Number(/\/Count (\d+)/.exec(pdf.toString('latin1'))?.[1]);
        expect(pages).toBeLessThanOrEqual(2);
      }
      await page.emulateMedia({ media: 'print' });
      expect(await page.evaluate(() => getComputedStyle(document.body).backgroundColor)).toBe('rgb(255, 255, 255)');
      expect(await page.locator('nav').isVisible()).toBe(false);
      expect(fold(await page.locator('header.top').innerText())).toContain('Atelier Nord Novembre 2026 J 22/30');
    });
  });
});
