import { APPS } from '@souk/stack';
import { parse } from 'yaml';
import { z } from 'zod';
import { read } from './files.ts';

const Build = z.object({
  dockerfile: z.string(),
  target: z.string().optional(),
  args: z.record(z.string(), z.string()).optional(),
});

const Service = z.object({
  image: z.string(),
  build: Build.optional(),
  environment: z.record(z.string(), z.string()).default({}),
  command: z.array(z.string()).default([]),
  ports: z.array(z.string()).default([]),
  networks: z.array(z.string()).default([]),
  volumes: z.array(z.string()).default([]),
  healthcheck: z.unknown().optional(),
  restart: z.string().optional(),
  mem_limit: z.string(),
  cap_drop: z.array(z.string()).default([]),
  security_opt: z.array(z.string()).default([]),
  read_only: z.boolean().default(false),
  privileged: z.boolean().default(false),
  profiles: z.array(z.string()).default([]),
  depends_on: z.record(z.string(), z.object({ condition: z.string() })).default({}),
});
export type Service = z.output<typeof Service>;

const Compose = z.object({
  services: z.record(z.string(), Service),
  networks: z.record(z.string(), z.object({ internal: z.boolean().default(false) })),
  volumes: z.record(z.string(), z.unknown()),
});

/** docker-compose.yml, as far as it is looked at. */
export const compose = Compose.parse(parse(read('docker-compose.yml'), { merge: true }));

/** The apps by the names of their containers. */
export const CONTAINERS = Object.fromEntries(
  APPS.map((app) => [app === 'gateway' ? 'api-gateway' : `${app}-service`, app]),
);
