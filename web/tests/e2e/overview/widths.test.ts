/** The Overview: from a phone to a desk. */
import { expect, it } from 'vitest';
import { fold, visit } from '../browser.ts';
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

  it('on the narrowest phone the grains are read to their last letters', async () => {
    for (const language of ['fr', 'en'] as const) {
      const { page } = await company.pageFor({ language, width: 320 });
      await visit(page, `${company.server.url}/?p=last-12m&vs=year`);
      const ends = await page.locator('.grains').evaluate((group) => {
        const edge = group.getBoundingClientRect().right;
        return [...group.querySelectorAll('button')].map((one) => {
          const words = document.createRange();
          words.selectNodeContents(one);
          return { inside: words.getBoundingClientRect().right <= edge, own: one.scrollWidth <= one.clientWidth };
        });
      });
      expect(ends, language).toEqual(Array(5).fill({ inside: true, own: true }));
    }
  });

  it('on a phone the chart is read by a finger, and nothing speaks of hovering or keys', async () => {
    const { page } = await company.pageFor({ language: 'en', width: 390, height: 844, touch: true });
    await visit(page, company.server.url);
    const words = async () => fold(await page.evaluate(() => document.body.innerText));
    expect(await words()).toContain('Touch a point to read it.');
    expect(await words()).not.toMatch(/Hover|Keyboard|← →/);
    const plot = page.locator('figure .plot');
    await plot.scrollIntoViewIfNeeded();
    const box = (await plot.boundingBox()) as { x: number; y: number; width: number };
    // The third of twelve months: February 2026. What was touched stays after the finger has left.
    await page.touchscreen.tap(box.x + 44 + ((box.width - 48) / 12) * 2.5, box.y + 120);
    await page.locator('.tip').waitFor();
    await page.waitForTimeout(300);
    expect(fold(await page.locator('.tip').textContent())).toContain('February 2026');
    await page.locator('section.card h2').first().tap();
    await page.locator('.tip').waitFor({ state: 'detached' });
  });

  it('the footer waits below the page, and the cards keep their place when they come', async () => {
    for (const width of [390, 1440]) {
      const { page } = await company.pageFor({ language: 'fr', width, height: 844 });
      await page.addInitScript(() => {
        const seen = { shift: 0 };
        Object.assign(globalThis, { seen });
        new PerformanceObserver((list) => {
          for (const entry of list.getEntries() as (PerformanceEntry & { value: number })[]) seen.shift += entry.value;
        }).observe({ type: 'layout-shift', buffered: true });
      });
      await visit(page, company.server.url);
      await page.waitForTimeout(200);
      const { shift } = await page.evaluate(() => (globalThis as unknown as { seen: { shift: number } }).seen);
      expect(shift, String(width)).toBeLessThanOrEqual(0.02);
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
