/** The Overview: the address is the view. */
import { expect, it } from 'vitest';
import type { Page } from 'playwright-core';
import { fold, settled, visit } from '../browser.ts';
import { describeRecorded } from '../recorded.ts';

describeRecorded('the address', (company) => {
  it('leaves out the default, follows every choice, and Back undoes', async () => {
    const { page } = await company.pageFor({ language: 'en' });
    await visit(page, company.server.url);
    const addresses: string[] = [];
    const note = async () => {
      await settled(page);
      addresses.push(page.url().slice(company.server.url.length));
    };
    await page.keyboard.press('p');
    await page.getByRole('button', { name: 'Last quarter' }).click();
    await note();
    await page.getByRole('button', { name: /^Split/ }).click();
    await page.getByRole('menuitemradio', { name: 'By country' }).click();
    await note();
    await page.keyboard.press('v');
    await page.getByRole('menuitemradio', { name: 'No comparison' }).click();
    await note();
    await page.keyboard.press('2');
    await note();
    expect(addresses).toEqual([
      '/?p=last-quarter',
      '/?p=last-quarter&by=country',
      '/?p=last-quarter&vs=none&by=country',
      '/?p=last-quarter&vs=none&g=week&by=country',
    ]);
    await page.goBack();
    await note();
    expect(addresses.at(-1)).toBe(addresses[2]);
    expect(await page.locator('.grains [aria-pressed=true]').textContent()).toBe('Quarter');
  });

  it('shows the same in another browser', async () => {
    const first = await company.pageFor({ language: 'en' });
    await visit(first.page, `${company.server.url}/?p=2026-Q3&vs=year&by=country`);
    const second = await company.pageFor({ language: 'en' });
    await visit(second.page, first.page.url());
    const seen = (page: Page) => page.locator('main').evaluate((main) => (main as HTMLElement).innerText);
    expect(fold(await seen(second.page))).toBe(fold(await seen(first.page)));
  });

  it('names what it cannot understand, offers the nearest, and shows the rest', async () => {
    const { page } = await company.pageFor({ language: 'en' });
    await visit(page, `${company.server.url}/?p=soon&by=chanel&vs=year`);
    const banners = fold((await page.locator('.banner').allTextContents()).join(' '));
    expect(banners).toContain('“p=soon”');
    expect(banners).toContain(
      '“by=chanel”, which is not a value of “by”; the default is shown. Did you mean “channel”?',
    );
    expect(fold(await page.locator('.controls').textContent())).toContain('2025');
    await page.getByRole('button', { name: 'Dismiss' }).first().click();
    expect(await page.locator('.banner').count()).toBe(0);
    expect(page.url()).toBe(`${company.server.url}/?vs=year`);
  });

  it('takes a language over as the reader’s own, and leaves it out', async () => {
    const { page } = await company.pageFor({ language: 'en' });
    await visit(page, `${company.server.url}/?lang=fr&p=2026-10`);
    expect(page.url()).toBe(`${company.server.url}/?p=2026-10`);
    expect(await page.locator('h1').textContent()).toBe('Vue d’ensemble');
    await visit(page, company.server.url);
    expect(await page.locator('h1').textContent()).toBe('Vue d’ensemble');
  });

  it('of no page says so and leads back', async () => {
    const { page } = await company.pageFor({ language: 'en' });
    await page.goto(`${company.server.url}/nowhere`);
    await page.getByText('There is no page at this address.').waitFor();
    await page.getByRole('link', { name: 'Go to the overview' }).click();
    await settled(page);
    expect(page.url()).toBe(`${company.server.url}/`);
  });
});
