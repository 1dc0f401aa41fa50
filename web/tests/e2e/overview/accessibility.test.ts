/** The Overview: axe, in both themes and at three widths. */
import { expect, it } from 'vitest';
import { violations } from '../axe.ts';
import { visit } from '../browser.ts';
import { describeRecorded } from '../recorded.ts';

describeRecorded('accessibility', (company) => {
  it.each([390, 1024, 1440])('no violation at %i, in light and dark, with panel and pickers', async (width) => {
    for (const theme of ['light', 'dark'] as const) {
      const { page } = await company.pageFor({ language: theme === 'light' ? 'fr' : 'en', theme, width });
      company.server.play({ edges: true });
      await visit(page, `${company.server.url}/?by=channel`);
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
