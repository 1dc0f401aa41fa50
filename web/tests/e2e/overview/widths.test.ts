/** The Overview: from a phone to a desk. */
import { expect, it } from 'vitest';
import { visit } from '../browser.ts';
import { describeRecorded } from '../recorded.ts';

describeRecorded('every width', (company) => {
  it.each([390, 720, 1024, 1180, 1440])('%i: nothing sticks out, nothing overlaps in the bar', async (width) => {
    for (const language of ['fr', 'en'] as const) {
      const { page } = await company.pageFor({ language, width });
      await visit(page, `${company.server.url}/?p=last-12m&vs=year&by=channel`);
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
    const { page } = await company.pageFor({ language: 'fr', width: 390, height: 844 });
    await visit(page, company.server.url);
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
