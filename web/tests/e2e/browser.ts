/** A real Chromium, headless, with a fresh profile and nothing that talks to the network by itself. */
import { existsSync } from 'node:fs';
import { chromium, type Browser, type Page } from 'playwright-core';

const kProgram = process.env['CHROMIUM'] ?? '/usr/bin/chromium';

const kFlags = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--font-render-hinting=none',
];

export async function openBrowser(): Promise<Browser> {
  if (!existsSync(kProgram)) {
    throw new Error(`no Chromium at ${kProgram}; install it (Debian: apt-get install chromium) or set CHROMIUM`);
  }
  return chromium.launch({ executablePath: kProgram, headless: true, args: kFlags });
}

export interface Look {
  language?: 'fr' | 'en';
  theme?: 'light' | 'dark';
  width?: number;
  height?: number;
  scale?: number;
  /** A finger and no mouse. */
  touch?: boolean;
}

export interface OpenPage {
  page: Page;
  /** Everything the page complained of: errors, refused by the security policy, failed requests. */
  complaints: string[];
  close(): Promise<void>;
}

/** A page of its own, as a person with that language and theme would see it. */
export async function openPage(browser: Browser, look: Look = {}): Promise<OpenPage> {
  const context = await browser.newContext({
    locale: look.language === 'fr' ? 'fr-FR' : 'en-GB',
    timezoneId: 'Europe/Paris',
    colorScheme: look.theme ?? 'light',
    viewport: { width: look.width ?? 1440, height: look.height ?? 900 },
    deviceScaleFactor: look.scale ?? 1,
    hasTouch: look.touch ?? false,
    isMobile: look.touch ?? false,
  });
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) complaints.push(message.text());
  });
  return { page, complaints, close: () => context.close() };
}

/** Goes to an address of the page and waits until its numbers are there. */
export async function visit(page: Page, url: string): Promise<void> {
  await page.goto(url);
  await page.locator('[data-value]').first().waitFor();
  await settled(page);
}

/** The answers on screen are those of the question asked. */
export async function settled(page: Page): Promise<void> {
  await page.waitForFunction(
    () => document.querySelector('.kpis article') !== null && document.querySelector('[aria-busy=true]') === null,
  );
  await page.evaluate(() => document.fonts.ready);
}

/** Text with every kind of space folded to one. */
export function fold(text: string | null | undefined): string {
  return (text ?? '').replace(/[\s\u00a0\u202f\u2009]+/g, ' ').trim();
}
