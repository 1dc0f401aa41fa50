/** The browser tests need the production build; a server named by VIGIE_URL brings its own. */
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

export default function setup(): void {
  const page = fileURLToPath(new URL('../../dist/index.html', import.meta.url));
  if (!process.env['VIGIE_URL'] && !existsSync(page)) {
    throw new Error('web/dist is not built: run "npm run build" first, or set VIGIE_URL to a running server');
  }
}
