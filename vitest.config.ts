import { defineConfig } from 'vitest/config';

/** One configuration for every package; the mode says which tier runs. */
const suffix = {
  unit: '.spec.ts',
  integration: '.int.spec.ts',
  e2e: '.e2e.spec.ts',
  chaos: '.chaos.spec.ts',
  mutants: '.mutants.spec.ts',
  limits: '.limits.spec.ts',
  fuzz: '.fuzz.spec.ts',
  measure: '.measure.spec.ts',
  observe: '.observe.spec.ts',
} as const;
type Tier = keyof typeof suffix;
const isTier = (mode: string): mode is Tier => Object.hasOwn(suffix, mode);
/** Milliseconds one test may take. */
const timeouts: Record<Tier, number> = {
  unit: 10_000,
  integration: 60_000,
  e2e: 60_000,
  chaos: 300_000,
  mutants: 900_000,
  limits: 120_000,
  fuzz: 7_200_000,
  measure: 300_000,
  observe: 60_000,
};
const servers = new URL('tools/stack/src/vitest-servers.ts', import.meta.url).pathname;

export default defineConfig(({ mode }) => {
  const tier = isTier(mode) ? mode : 'unit';
  const conditions = ['@souk/source', 'node', 'import', 'default'];
  return {
    root: process.cwd(),
    resolve: { conditions },
    ssr: { resolve: { conditions, externalConditions: ['@souk/source'] } },
    test: {
      include: [`src/**/*${suffix[tier]}`],
      exclude: [
        'dist/**',
        ...(tier === 'unit' ? ['src/**/*.{int,e2e,chaos,mutants,limits,fuzz,measure,observe}.spec.ts'] : []),
      ],
      passWithNoTests: true,
      // One stack for all: a test that stops a service must be alone.
      fileParallelism: tier === 'unit' || tier === 'integration',
      globalSetup: tier === 'integration' ? [servers] : [],
      testTimeout: timeouts[tier],
      hookTimeout: 120_000,
      // A mutant takes a minute: each is shown when it is done.
      reporters: [tier === 'mutants' ? 'verbose' : 'default', 'json'],
      outputFile: { json: `test-results/${tier}.json` },
    },
  };
});
