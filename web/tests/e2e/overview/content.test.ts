/** The Overview: what a card says, and how sure it is. */
import { expect, it } from 'vitest';
import { fold, visit } from '../browser.ts';
import { card, describeRecorded, textOf } from '../recorded.ts';

describeRecorded('content', (company) => {
  it('has value, change, certainty and verdict on a card, in French', async () => {
    const { page, complaints } = await company.pageFor({ language: 'fr' });
    await visit(page, company.server.url);
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
    const { page } = await company.pageFor({ language: 'en' });
    await visit(page, company.server.url);
    const sale = await textOf(page, 'average_sale');
    for (const part of ['Average sale', '€9,156', '+3.3%', 'vs €8,867', 'Better', '+€130 – +€449']) {
      expect(sale).toContain(part);
    }
    expect(await textOf(page, 'sales_cycle')).toMatch(/41 days.*\+6 days.*vs 35 days.*Worse.*\+3.8 – \+8.2 days/);
  });

  it('draws what the verdict says: the compared value lies in the bar exactly when the variation is ordinary', async () => {
    const { page } = await company.pageFor({ language: 'en' });
    await visit(page, company.server.url);
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
    const { page } = await company.pageFor({ language: 'fr' });
    await visit(page, company.server.url);
    const controls = fold(await page.locator('.controls').textContent());
    expect(controls).toContain('J 22/30');
    expect(controls).toContain('vs 1–22 oct. (mêmes jours)');
    expect(await card(page, 'cac').locator('circle.hollow').count()).toBe(1);
    expect(await page.locator('figure circle.hollow').count()).toBe(1);
    expect(fold(await page.locator('figure').textContent())).toContain('412 k€au 22 nov., incomplet');
  });

  it('shows the last complete cohort, by name, for one that is too recent', async () => {
    const { page } = await company.pageFor({ language: 'en' });
    await visit(page, company.server.url);
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
    const { page } = await company.pageFor({ language: 'fr' });
    await visit(page, company.server.url);
    await page.locator('[data-card=sales_cycle]').click();
    const panel = page.locator('dialog.panel');
    await panel.waitFor();
    expect(fold(await panel.textContent())).toContain('Ouvertes et plus anciennes 12');
  });

  it('shows what is wanting as what it is: reason, small sample, restated, warning', async () => {
    company.server.play({ edges: true });
    const { page } = await company.pageFor({ language: 'en' });
    await visit(page, company.server.url);
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
    const { page } = await company.pageFor({ language: 'en' });
    await visit(page, `${company.server.url}/?p=last-12m`);
    expect(await textOf(page, 'conversion_rate')).toContain('19% still open');
    expect(await card(page, 'conversion_rate').locator('.big.maturing').count()).toBe(1);
  });

  it('asks one batch: two questions a card and one for the chart', async () => {
    const { page } = await company.pageFor();
    company.server.requests();
    await visit(page, company.server.url);
    expect(company.server.requests().filter((one) => one.startsWith('POST'))).toEqual(['POST /api/v1/ask']);
    expect(company.server.asked()).toHaveLength(21);
  });
});
