/**
 * The flow that must hold on any server: the recorded company, the program that was built (VIGIE_PROGRAM), one that runs
 * already (VIGIE_URL=http://127.0.0.1:8080 npm run e2e).
 * Nothing here knows the company's numbers; the page is held against the API it is drawn from.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Browser } from 'playwright-core';
import type { Answer, Workspace } from '../../src/lib/api/types.ts';
import { violations } from './axe.ts';
import { fold, openBrowser, openPage, settled, visit } from './browser.ts';
import { kPolicy } from '../server/server.ts';
import { kTargets, startTarget, type Target } from './target.ts';
import { card } from '../../src/lib/format/numbers.ts';
import { periodsOf, lastMaturedFor } from '../../src/lib/kpi/judge.ts';
import { en } from '../../src/lib/i18n/en.ts';
import { fr } from '../../src/lib/i18n/fr.ts';

const kTen = [
  'conversion_rate',
  'average_sale',
  'sales_cycle',
  'churn_rate',
  'cac',
  'retention_rate',
  'nps',
  'revenue_per_employee',
  'ltv',
  'channel_roi',
];

describe.each(kTargets)('the overview, %s', (name) => {
  let browser: Browser;
  let target: Target;

  beforeAll(async () => {
    target = await startTarget(name);
    browser = await openBrowser();
  }, 300_000);
  afterAll(async () => {
    await browser?.close();
    await target?.close();
  });

  it('shows ten cards, each with a value or the reason why there is none', async () => {
    const { page, complaints, close } = await openPage(browser, { language: 'en' });
    await visit(page, target.url);
    const cards = page.locator('.kpis article');
    expect(await cards.count()).toBe(10);
    for (const kpi of kTen) {
      const card = cards.filter({ has: page.locator(`[data-card="${kpi}"]`) });
      const value = fold(await card.locator('[data-value]').textContent());
      expect(value, kpi).not.toBe('');
      if (value.startsWith('–')) expect(fold(await card.locator('.why').textContent()), kpi).not.toBe('');
      else expect(value, kpi).toMatch(/\d/);
    }
    expect(await page.locator('figure svg').count()).toBe(1);
    expect(complaints).toEqual([]);
    await close();
  });

  it('is served under the policy that the recorded company is served under', async () => {
    const policy = (await fetch(`${target.url}/`)).headers.get('content-security-policy');
    const parts = (text: string | null) =>
      (text ?? '')
        .split(/; */)
        .filter((part) => part)
        .sort();
    expect(parts(policy)).toEqual(parts(kPolicy));
  });

  it('says what the API says, in both languages', async () => {
    const workspace = (await (await fetch(`${target.url}/api/v1/workspace`)).json()) as Workspace;
    const { page, close } = await openPage(browser, { language: 'en' });
    const [reply] = await Promise.all([
      page.waitForResponse((response) => response.url().endsWith('/api/v1/ask')),
      visit(page, target.url),
    ]);
    const { answers } = (await reply.json()) as { answers: Answer[] };
    const language = async () => ((await page.locator('html').getAttribute('lang')) === 'fr' ? 'fr' : 'en');
    const expectTheTen = async () => {
      const tongue = await language();
      for (const kpi of kTen) {
        const [answer, spark] = answers.filter((one) => one.kpi === kpi) as [Answer, Answer];
        expect(answer.grain, kpi).toBe('total');
        const row = lastMaturedFor(answer, periodsOf(spark)) ?? answer.total;
        const shown = fold(await page.locator(`[data-value="${kpi}"]`).textContent());
        if (row.value === null) {
          expect(shown, kpi).toBe('–');
          const words = (tongue === 'fr' ? fr : en).reasons[row.reason as keyof typeof en.reasons];
          const why = words ?? answer.reasons?.[row.reason ?? '']?.[tongue] ?? 'no words';
          const own = page.locator('.kpis article').filter({ has: page.locator(`[data-card="${kpi}"]`) });
          expect(fold(await own.locator('.why').textContent()).toLowerCase(), kpi).toContain(fold(why).toLowerCase());
          continue;
        }
        const locale = tongue === 'fr' ? 'fr-FR' : 'en-GB';
        expect(shown, kpi).toContain(
          fold(card(locale, row.value_exact ?? row.value, answer.unit, answer.currency ?? 'EUR')),
        );
      }
    };
    await expectTheTen();
    expect(fold(await page.locator('nav').textContent())).toContain(workspace.company);

    expect(await page.locator('h1').textContent()).toBe('Overview');
    await page.keyboard.press('l');
    expect(await page.locator('h1').textContent()).toBe('Vue d’ensemble');
    expect(await language()).toBe('fr');
    await expectTheTen();
    await close();
  });

  it('splits what can be split, and says of the rest that it stands whole', async () => {
    const { page, complaints, close } = await openPage(browser, { language: 'fr' });
    await visit(page, `${target.url}/?by=channel`);
    expect(await page.locator('.kpis .split table').count()).toBeGreaterThan(0);
    expect(await page.locator('.kpis .failed').count()).toBe(0);
    for (const text of await page.locator('.kpis .split > p.sub').allTextContents()) {
      expect(fold(text)).toMatch(/^(Montré en entier|–)/);
    }
    expect(complaints).toEqual([]);
    await close();
  });

  it('keeps the view in the address, and Back undoes', async () => {
    const { page, close } = await openPage(browser, { language: 'fr' });
    await visit(page, target.url);
    const start = page.url();
    await page.keyboard.press('[');
    await settled(page);
    expect(page.url()).toMatch(/\?p=\d{4}-\d{2}$/);
    await page.keyboard.press('v');
    await page.getByRole('menuitemradio', { name: 'Année précédente' }).click();
    await settled(page);
    expect(page.url()).toMatch(/&vs=year$/);
    await page.goBack();
    await page.goBack();
    await settled(page);
    expect(page.url()).toBe(start);
    await close();
  });

  it('explains a number and gives the focus back', async () => {
    const { page, complaints, close } = await openPage(browser, { language: 'en' });
    await visit(page, target.url);
    const shown = fold(await page.locator('[data-value="churn_rate"]').textContent());
    await page.locator('[data-card="churn_rate"]').focus();
    await page.keyboard.press('e');
    const panel = page.locator('dialog.panel');
    await panel.waitFor();
    expect(fold(await panel.locator('.big').textContent())).toBe(shown.replace(/r$/, ''));
    await panel.locator('.formula').waitFor();
    expect(page.url()).toContain('panel=explain:churn_rate');
    expect(await panel.locator('code').textContent()).toContain('vigie kpi churn_rate');
    await page.keyboard.press('Escape');
    await panel.waitFor({ state: 'detached' });
    expect(await page.evaluate(() => (document.activeElement as HTMLElement).dataset['card'])).toBe('churn_rate');
    expect(complaints).toEqual([]);
    await close();
  });

  it.each(['fr', 'en'] as const)('has no accessibility violation, %s', async (language) => {
    for (const theme of ['light', 'dark'] as const) {
      const { page, close } = await openPage(browser, { language, theme });
      await visit(page, target.url);
      expect(await violations(page), `${language} ${theme}`).toEqual([]);
      await close();
    }
  });
});
