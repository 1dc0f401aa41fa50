/** The Overview: on paper. */
import { expect, it } from 'vitest';
import { fold, visit } from '../browser.ts';
import { describeRecorded } from '../recorded.ts';

describeRecorded('print', (company) => {
  it('fits two pages of A4 landscape, in light, without controls', async () => {
    const { page } = await company.pageFor({ language: 'fr', theme: 'dark' });
    for (const query of ['', '?by=channel']) {
      await visit(page, `${company.server.url}/${query}`);
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
