import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '@souk/stack';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { parseAllDocuments } from 'yaml';
import { z } from 'zod';
import { findHelm, kubernetesSchemas } from './parcels.ts';

export const CHART = join(root, 'deploy/helm/souk');
/** The files of values that come with it. */
export const VALUES = ['dev', 'production'];

const Resource = z.looseObject({
  apiVersion: z.string(),
  kind: z.string(),
  metadata: z.looseObject({ name: z.string(), labels: z.record(z.string(), z.string()).optional() }),
});
/** One Kubernetes object. */
export type Resource = z.output<typeof Resource>;

/** What `helm` prints; its standard error, which names each linked file, is kept for failures. */
export async function helm(...args: string[]): Promise<string> {
  return execFileSync(await findHelm(), args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
}

/** The chart as text with the values of `values-<name>.yaml`. */
export function rendered(name: string): Promise<string> {
  const values = join(CHART, `values-${name}.yaml`);
  return helm('template', 'souk', CHART, '--namespace', 'souk', '--kube-version', '1.34.0', '--values', values);
}

export function resourcesIn(text: string): Resource[] {
  return parseAllDocuments(text).map((document) => Resource.parse(document.toJS()));
}

/** What a version of Kubernetes would not take of an object, `undefined` for a kind that it does not know itself. */
export async function judge(version: string): Promise<(resource: Resource) => string[] | undefined> {
  const directory = await kubernetesSchemas(version);
  const load = (file: string) => JSON.parse(readFileSync(join(directory, file), 'utf8'));
  const ajv = new Ajv2020({ strict: false, allErrors: true, validateFormats: false });
  ajv.addSchema(load('_definitions.json'));
  return (resource) => {
    const file = schemaOf(resource);
    if (!existsSync(join(directory, file))) return undefined;
    const schema = load(file);
    const validate = ajv.getSchema(schema.$id) ?? ajv.compile(schema);
    validate(resource);
    return (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`);
  };
}

// deployment-apps-v1.json, service-v1.json, networkpolicy-networking-v1.json
function schemaOf({ apiVersion, kind }: Resource): string {
  const [version, group = ''] = apiVersion.split('/').toReversed();
  return `${[kind.toLowerCase(), group.split('.')[0], version].filter(Boolean).join('-')}.json`;
}
