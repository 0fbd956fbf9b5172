import { defineConfig } from 'vitest/config';

/** One configuration for every package; the mode says which tier runs (`unit`, `integration`, `e2e`). */
const suffix = { unit: '.spec.ts', integration: '.int.spec.ts', e2e: '.e2e.spec.ts' } as const;
const servers = new URL('tools/stack/src/vitest-servers.ts', import.meta.url).pathname;

export default defineConfig(({ mode }) => {
  const tier = mode === 'integration' || mode === 'e2e' ? mode : 'unit';
  const conditions = ['@souk/source', 'node', 'import', 'default'];
  return {
    root: process.cwd(),
    resolve: { conditions },
    ssr: { resolve: { conditions, externalConditions: ['@souk/source'] } },
    test: {
      include: [`src/**/*${suffix[tier]}`],
      exclude: ['dist/**', ...(tier === 'unit' ? ['src/**/*.int.spec.ts', 'src/**/*.e2e.spec.ts'] : [])],
      passWithNoTests: true,
      // One stack for all: a test that stops a service must be alone.
      fileParallelism: tier !== 'e2e',
      globalSetup: tier === 'integration' ? [servers] : [],
      testTimeout: tier === 'unit' ? 10_000 : 60_000,
      hookTimeout: 120_000,
      reporters: ['default', 'json'],
      outputFile: { json: `test-results/${tier}.json` },
    },
  };
});
