/** Where a service is named outside of its own folder: after which line, and in which words. */
export interface Insertion {
  file: string;
  /** The text is put right after the first place that reads like this. */
  after: RegExp;
  text: string;
}

export interface Service {
  /** Lower case letters: the first token of its subjects, its queue group, its folder. */
  name: string;
  port: number;
}

/** Everything a service needs besides its folder and its contracts, all of which the tests of the project compare with each other. */
export function insertions({ name, port }: Service): Insertion[] {
  return [...inCode(name, port), ...inCompose(name, port), ...inCluster(name, port), ...inPipeline(name)];
}

const inCode = (name: string, port: number): Insertion[] => [
  { file: 'libs/contracts/src/contract.ts', after: /services = \[[^\]]*(?=\])/, text: `, '${name}'` },
  { file: 'libs/contracts/src/index.ts', after: /(export \* from '.*';\n)*/, text: `export * from './${name}.ts';\n` },
  {
    file: 'libs/contracts/src/contracts.ts',
    after: /import \{ catalogueChanged.*\n/,
    text: `import { ${name}Contracts } from './${name}.ts';\n`,
  },
  {
    file: 'libs/contracts/src/contracts.ts',
    after: /(  \w+: \w+Contracts,\n)+/,
    text: `  ${name}: ${name}Contracts,\n`,
  },
  {
    file: 'tools/stack/src/apps.ts',
    after: /(  \w+: \{ port: .*\n)+/,
    text: `  ${name}: { port: ${port}, backing: ['nats'] },\n`,
  },
  { file: 'tools/stack/package.json', after: /"@souk\/order"/, text: `,\n      "@souk/${name}"` },
  {
    file: 'tsconfig.json',
    after: /"path": "apps\/order"\n {4}\}/,
    text: `,\n    {\n      "path": "apps/${name}"\n    }`,
  },
];

const inCompose = (name: string, port: number): Insertion[] => [
  {
    file: 'docker-compose.yml',
    after: /      order-service: \{ condition: service_healthy \}\n/,
    text: `      ${name}-service: { condition: service_healthy }\n`,
  },
  {
    file: 'docker-compose.yml',
    after: /(?=  # Draws the passwords)/,
    text: container(name, port),
  },
  {
    file: 'docker-compose.yml',
    after: /      - secrets-order:\/secrets\/order\n/,
    text: `      - secrets-${name}:/secrets/${name}\n`,
  },
  { file: 'docker-compose.yml', after: /  secrets-order: \{\}\n/, text: `  secrets-${name}: {}\n` },
  {
    file: 'deploy/compose/ports.yml',
    after: /  order-service:\n.*\n.*\n/,
    text: `  ${name}-service:\n    networks: [edge]\n    ports: ['127.0.0.1:${port}:${port}']\n`,
  },
  { file: 'deploy/secrets.sh', after: /apps='gateway user product order/, text: ` ${name}` },
  {
    file: 'deploy/prometheus/compose.yml',
    after: /      - \{ names: \[order-service\].*\n/,
    text: `      - { names: [${name}-service], type: A, port: ${port}, refresh_interval: 5s }\n`,
  },
];

const inCluster = (name: string, port: number): Insertion[] => [
  {
    file: 'deploy/helm/souk/values.yaml',
    after: /  order:\n(    .*\n)+/,
    text: `  ${name}:\n    port: ${port}\n    replicas: 2\n    maxReplicas: 6\n    resources: *resources\n    secrets: [nats_url]\n`,
  },
];

const inPipeline = (name: string): Insertion[] => [
  { file: '.github/workflows/release.yml', after: /app: \[gateway[^\]]*(?=\])/, text: `, ${name}` },
  { file: '.github/workflows/ci.yml', after: /for app in gateway user product order/, text: ` ${name}` },
];

const container = (name: string, port: number): string => `  ${name}-service:
    <<: *app
    build: { context: ., dockerfile: deploy/Dockerfile, args: { APP: ${name} } }
    image: souk/${name}
    networks: [private]
    volumes: ['secrets-${name}:/run/secrets:ro']
    environment:
      <<: *app-environment
      PORT: '${port}'
    depends_on:
      nats: { condition: service_healthy }

`;
