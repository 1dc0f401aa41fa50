import { defineConfig } from 'vitest/config';

// One real browser at a time: the machine may have two cores, and the timings of the budget test are of one page alone.
export default defineConfig({
  test: {
    include: ['tests/e2e/**/*.test.ts'],
    globalSetup: ['tests/e2e/setup.ts'],
    environment: 'node',
    fileParallelism: false,
    // A real server computes what the recorded one has at hand, and the machine may be busy with other things.
    testTimeout: process.env['VIGIE_URL'] || process.env['VIGIE_PROGRAM'] ? 120_000 : 30_000,
    hookTimeout: 60_000,
  },
});
