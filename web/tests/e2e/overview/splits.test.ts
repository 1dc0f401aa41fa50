/** The Overview: the parts of a number under its card. */
import { expect, it } from 'vitest';
import { violations } from '../axe.ts';
import { fold, settled, visit } from '../browser.ts';
import { card, describeRecorded, textOf } from '../recorded.ts';

describeRecorded('splits', (company) => {
  it('ranks the parts, names the missing one, and sets the small apart', async () => {
    const { page } = await company.pageFor({ language: 'en' });
    await visit(page, `${company.server.url}/?by=channel&p=last-12m`);
    const rows = card(page, 'average_sale').locator('tbody tr');
    const names = (await rows.locator('th').allTextContents()).map(fold);
    expect(names).toEqual(['partners', 'seo', 'Paid search', 'not given', 'paid_social', 'events', 'others']);
    expect(fold(await rows.nth(5).textContent())).toContain('n = 11, too few to judge');
    // One column, one unit.
    const values = await card(page, 'revenue_per_employee').locator('tbody .value').allTextContents();
    expect(values.every((text) => fold(text).includes('k'))).toBe(true);
  });

  it('changes from one split to another, and never shows the parts of one under the name of the other', async () => {
    const { page, complaints } = await company.pageFor({ language: 'en' });
    await visit(page, `${company.server.url}/?by=channel`);
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
    const { page } = await company.pageFor({ language: 'en' });
    await visit(page, company.server.url);
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
    company.server.play({ refuseSplitOf: 'nps' });
    const { page } = await company.pageFor({ language: 'en' });
    await visit(page, `${company.server.url}/?by=channel`);
    expect(await textOf(page, 'nps')).toMatch(/46 pts.*Shown whole: what it rests on is not told apart by channel\./);
    expect(await card(page, 'cac').locator('tbody tr').count()).toBe(7);
  });
});
