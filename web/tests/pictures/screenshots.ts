/**
 * Takes the pictures of the documentation: the Overview in both languages and both themes.
 *
 *   npm run screenshots -- --out ../docs/images [--url http://127.0.0.1:8080]
 *
 * Without an address the recorded company stands in for a server.
 */
import { mkdirSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { openBrowser, openPage, visit } from '../e2e/browser.ts';
import { startFixtureServer } from '../server/server.ts';

const kMaxBytes = 200_000;

const { values } = parseArgs({
  options: {
    out: { type: 'string', default: '../docs/images' },
    url: { type: 'string' },
    width: { type: 'string', default: '1440' },
    height: { type: 'string', default: '890' },
    path: { type: 'string', default: '/' },
    name: { type: 'string', default: 'overview' },
    full: { type: 'boolean', default: false },
  },
});

const out = resolve(values.out);
mkdirSync(out, { recursive: true });
const server = values.url ? null : await startFixtureServer();
const url = values.url ?? server?.url ?? '';
const browser = await openBrowser();
let tooLarge = 0;
try {
  for (const language of ['fr', 'en'] as const) {
    for (const theme of ['light', 'dark'] as const) {
      const look = { language, theme, width: Number(values.width), height: Number(values.height) };
      const { page, close } = await openPage(browser, look);
      await visit(page, url + values.path);
      const file = join(out, `${values.name}-${language}-${theme}.png`);
      await page.screenshot({ path: file, fullPage: values.full });
      const { size } = statSync(file);
      if (size > kMaxBytes) tooLarge += 1;
      console.log(`${file}  ${Math.round(size / 1000)} kB${size > kMaxBytes ? `, over ${kMaxBytes / 1000} kB` : ''}`);
      await close();
    }
  }
} finally {
  await browser.close();
  await server?.close();
}
process.exit(tooLarge > 0 ? 1 : 0);
