const libs = (names) => `^libs/(${names.join('|')})/`;

/** What each library may lean on (DESIGN §2). */
const allowed = {
  contracts: [],
  resilience: [],
  platform: ['contracts'],
  rpc: ['contracts', 'resilience', 'platform'],
  auth: ['contracts', 'platform'],
  mongo: ['contracts', 'platform'],
  cache: ['contracts', 'platform'],
  client: [],
};

const direction = Object.entries(allowed).map(([lib, others]) => ({
  name: `direction-of-${lib}`,
  comment: `libs/${lib} may lean on ${others.join(', ') || 'nothing of ours'}: what is below must not know what is above.`,
  severity: 'error',
  from: { path: `^libs/${lib}/` },
  to: { path: '^(libs|apps|tools)/', pathNot: libs([lib, ...others]) },
}));

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    ...direction,
    {
      name: 'apps-never-import-apps',
      comment: 'Apps talk over the bus. An import would make two programs one.',
      severity: 'error',
      from: { path: '^apps/([^/]+)/' },
      to: { path: '^(apps/|tools/)', pathNot: '^apps/$1/' },
    },
    {
      name: 'gateway-has-no-store',
      comment: 'Only services own data; the gateway asks them.',
      severity: 'error',
      from: { path: '^apps/gateway/' },
      to: { path: '^libs/mongo/|node_modules/(mongoose|mongodb|@nestjs/mongoose)/' },
    },
    {
      name: 'mongoose-stays-in-repositories',
      comment: 'Only *.repository.ts and *.schema.ts know the store, so that the rules can be read without it.',
      severity: 'error',
      from: { path: '^apps/', pathNot: '\\.(repository|schema|module|spec)\\.ts$|/testing/' },
      to: { path: 'node_modules/(mongoose|mongodb)/' },
    },
    {
      name: 'metrics-stay-in-platform',
      comment: 'Libraries announce facts on diagnostics channels; one place turns them into metrics.',
      severity: 'error',
      from: { pathNot: '^libs/platform/' },
      to: { path: 'node_modules/(prom-client|@opentelemetry)/' },
    },
    {
      name: 'contracts-know-only-zod',
      comment: 'Both ends of every call import them: whatever they lean on, everybody leans on.',
      severity: 'error',
      from: { path: '^libs/contracts/src/', pathNot: '\\.spec\\.ts$' },
      to: { dependencyTypes: ['npm', 'npm-dev', 'core'], pathNot: 'node_modules/zod/' },
    },
    {
      name: 'one-door-per-package',
      comment: 'What is not exported by src/index.ts or src/testing/index.ts is private.',
      severity: 'error',
      from: { path: '^(apps|libs|tools)/([^/]+)/' },
      to: { path: '^libs/', pathNot: ['^$1/$2/', '^libs/[^/]+/src/(testing/)?index\\.ts$'] },
    },
    {
      name: 'no-cycles',
      comment: 'A cycle has no first file to read.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'declared-dependencies-only',
      comment: 'What is imported but not in the package’s manifest works only by accident of hoisting.',
      severity: 'error',
      from: { path: '^(apps|libs|tools)/' },
      to: { dependencyTypes: ['npm-no-pkg', 'npm-unknown', 'unknown'] },
    },
  ],
  options: {
    tsConfig: { fileName: 'tsconfig.base.json' },
    tsPreCompilationDeps: true,
    exclude: { path: '(^|/)(dist|test-results)/' },
    doNotFollow: { path: 'node_modules' },
    enhancedResolveOptions: {
      conditionNames: ['@souk/source', 'import', 'node', 'default'],
      exportsFields: ['exports'],
    },
    combinedDependencies: true,
  },
};
