/** The Overview: first load, slow, failed, empty. */
import { expect, it } from 'vitest';
import { violations } from '../axe.ts';
import { fold, settled, visit } from '../browser.ts';
import { describeRecorded, textOf } from '../recorded.ts';

describeRecorded('states', (company) => {
  it('first load: titles at once, blocks of the final size, nothing moves', async () => {
    company.server.play({ delay: 700 });
    const { page } = await company.pageFor({ language: 'en' });
    await page.goto(company.server.url);
    await page.getByRole('button', { name: /^Period/ }).waitFor();
    expect(await textOf(page, 'cac')).toBe('Acquisition cost (CAC)');
    const heights = () =>
      page.locator('.kpis article').evaluateAll((all) => all.map((one) => one.getBoundingClientRect().height));
    const before = await heights();
    await page.locator('[data-value]').first().waitFor();
    expect(await heights()).toEqual(before);
  });

  it('change of question: the old answer stays, steps back and cannot be opened', async () => {
    const { page } = await company.pageFor({ language: 'en' });
    await visit(page, company.server.url);
    company.server.play({ delay: 4000 });
    await page.keyboard.press('[');
    // While the answer is on its way; a busy machine takes its time over the transition.
    await page.waitForFunction(
      () => getComputedStyle(document.querySelector('article:has([data-card=cac]) .row') as Element).opacity === '0.55',
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
    const { page } = await company.pageFor({ language: 'en' });
    await visit(page, company.server.url);
    company.server.play({ delay: 20_000 });
    await page.keyboard.press('[');
    await page.getByText(/Still computing, \d s/).waitFor();
    await page.getByRole('button', { name: 'Cancel' }).click();
    await page.getByText('Cancelled. What is shown is the answer before.').waitFor();
    company.server.play({});
    await page.getByRole('button', { name: 'Retry' }).click();
    await settled(page);
    expect(await textOf(page, 'cac')).toContain('€3,080');
  });

  it('failed: what, since when, which request, and the old numbers stay', async () => {
    const { page } = await company.pageFor({ language: 'en' });
    await visit(page, company.server.url);
    company.server.play({ fail: 503 });
    await page.keyboard.press('[');
    const strip = page.getByRole('alert');
    await strip.waitFor();
    expect(fold(await strip.textContent())).toMatch(
      /The server is busy\. The warehouse did not answer in time\. ?What is shown is November 2026, read at \d\d:\d\d\. ?Request r-4711/,
    );
    expect(await textOf(page, 'cac')).toContain('€2,960');
    company.server.play({});
    await page.getByRole('button', { name: 'Retry' }).click();
    await settled(page);
    expect(await page.getByRole('alert').count()).toBe(0);
  });

  it('one failing card does not take the page', async () => {
    company.server.play({ refuse: 'ltv' });
    const { page } = await company.pageFor({ language: 'en' });
    await visit(page, company.server.url);
    expect(await textOf(page, 'ltv')).toContain('No answer for this KPI. no KPI "ltv"');
    expect(await page.locator('[data-value]').count()).toBe(9);
  });

  it('tells what went wrong in the language of the page, also when that changes', async () => {
    company.server.play({ refuse: 'ltv' });
    const { page } = await company.pageFor({ language: 'fr' });
    await visit(page, company.server.url);
    expect(await textOf(page, 'ltv')).toContain('aucun KPI « ltv »');
    await page.keyboard.press('l');
    await page.getByText('no KPI "ltv"').waitFor();
    expect(await textOf(page, 'ltv')).not.toContain('aucun KPI');
  });

  it('empty: what the page will answer and the next step', async () => {
    company.server.play({ empty: true });
    const { page } = await company.pageFor({ language: 'fr' });
    await page.goto(company.server.url);
    await page.getByRole('heading', { name: 'Pas encore de données' }).waitFor();
    expect(await page.getByText('vigie import').count()).toBe(1);
    expect(await violations(page)).toEqual([]);
  });

  it('nothing happened in the period: each card gives its reason, and the chart too', async () => {
    company.server.play({ silent: true });
    const { page, complaints } = await company.pageFor({ language: 'en' });
    for (const query of ['', '?by=channel']) {
      await visit(page, `${company.server.url}/${query}`);
      const cards = await page.locator('.kpis article').allTextContents();
      expect(cards).toHaveLength(10);
      for (const text of cards)
        expect(fold(text)).toMatch(/–.*No data in the period\. ?Choose a period inside the data/);
      expect(fold(await page.locator('section.card .message').textContent())).toContain('– no data in the period.');
      expect(await violations(page)).toEqual([]);
    }
    expect(complaints).toEqual([]);
  });

  it('failed at once: the page says what and which request, and recovers', async () => {
    company.server.play({ fail: 500 });
    const { page } = await company.pageFor({ language: 'fr' });
    await page.goto(company.server.url);
    const strip = page.getByRole('alert');
    await strip.waitFor();
    expect(fold(await strip.textContent())).toMatch(
      /Les chiffres n’ont pas pu être lus\. The warehouse did not answer in time\. ?Requête r-4711/,
    );
    company.server.play({});
    await page.getByRole('button', { name: 'Réessayer' }).click();
    await settled(page);
    expect(await textOf(page, 'cac')).toContain('2 960 €');
  });

  it('another server at this address is not taken for an empty workspace', async () => {
    const { page } = await company.pageFor({ language: 'en' });
    await page.route('**/api/v1/workspace', (route) => route.fulfill({ json: { hello: 'world' } }));
    await page.goto(company.server.url);
    await page.getByText('The workspace could not be read.').waitFor();
    expect(fold(await page.locator('main').textContent())).toContain('The reply was not understood: reload the page');
  });

  it('a server that keeps silent: the page says so, and appears when it speaks', async () => {
    const { page } = await company.pageFor({ language: 'en' });
    let release = () => {};
    const held = new Promise<void>((go) => (release = go));
    await page.route('**/api/v1/workspace', async (route) => {
      await held;
      await route.continue();
    });
    await page.goto(company.server.url);
    await page.getByText('The server has not answered yet.').waitFor();
    expect(await violations(page)).toEqual([]);
    release();
    await page.locator('[data-value]').first().waitFor();
    expect(await page.getByText('The server has not answered yet.').count()).toBe(0);
  });

  it('no server at all: the page says so', async () => {
    const { page } = await company.pageFor({ language: 'en' });
    await page.route('**/api/v1/workspace', (route) => route.abort());
    await page.goto(company.server.url);
    await page.getByText('The workspace could not be read.').waitFor();
    await page.unroute('**/api/v1/workspace');
    await page.getByRole('button', { name: 'Retry' }).click();
    await page.locator('[data-value]').first().waitFor();
  });
});
