/** `npm run fixtures [-- --port 8080]`: the recorded company on the port where `vigie serve` would be. */
import { parseArgs } from 'node:util';
import { startFixtureServer } from './server.ts';

const { values } = parseArgs({ options: { port: { type: 'string', default: '8080' } } });
const server = await startFixtureServer(Number(values.port));
console.log(`Recorded answers of a small company on ${server.url}`);
