/** The Overview: choosing the days that are shown. */
import { expect, it } from 'vitest';
import { fold, settled, visit } from '../browser.ts';
import { describeRecorded } from '../recorded.ts';

describeRecorded('the period', (company) => {
  it('steps to the ends of the data and no further', async () => {
    const { page } = await company.pageFor({ language: 'en' });
    await visit(page, `${company.server.url}/?p=2025-01`);
    await page.keyboard.press('[');
    await settled(page);
    await page.keyboard.press('[');
    expect(page.url()).toContain('p=2024-12');
    expect(await page.getByRole('button', { name: 'Previous period' }).getAttribute('aria-disabled')).toBe('true');
    await page.keyboard.press('t');
    await settled(page);
    expect(page.url()).toBe(`${company.server.url}/`);
    await page.keyboard.press(']');
    expect(page.url()).toBe(`${company.server.url}/`);
  });

  it('is picked from the months, the quarters, or two dates', async () => {
    const { page } = await company.pageFor({ language: 'fr' });
    await visit(page, company.server.url);
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
