/** The Overview: everything without a mouse. */
import { expect, it } from 'vitest';
import { fold, visit } from '../browser.ts';
import { describeRecorded } from '../recorded.ts';

describeRecorded('the keyboard', (company) => {
  it('moves between cards as they lie, explains, and comes back', async () => {
    const { page } = await company.pageFor({ language: 'en' });
    await visit(page, company.server.url);
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
    const { page } = await company.pageFor({ language: 'en' });
    await visit(page, company.server.url);
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
    const { page } = await company.pageFor({ language: 'en' });
    await visit(page, company.server.url);
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
    const { page } = await company.pageFor({ language: 'fr' });
    await visit(page, company.server.url);
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
    const { page } = await company.pageFor({ language: 'en' });
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    await visit(page, `${company.server.url}/?p=2026-10`);
    const held = async () => fold(await page.evaluate(() => navigator.clipboard.readText()));
    await page.locator('[data-card=revenue_per_employee]').focus();
    await page.keyboard.press('c');
    expect(await held()).toBe('€128,200');
    await page.keyboard.press('Shift+C');
    expect(await held()).toBe(`${company.server.url}/?p=2026-10`);
  });

  it('changes the theme, and it is kept', async () => {
    const { page } = await company.pageFor({ language: 'en', theme: 'light' });
    await visit(page, company.server.url);
    const ground = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    const light = await ground();
    await page.keyboard.press('Shift+D');
    await page.keyboard.press('Shift+D');
    const dark = await ground();
    expect(dark).not.toBe(light);
    await visit(page, company.server.url);
    expect(await ground()).toBe(dark);
  });
});
