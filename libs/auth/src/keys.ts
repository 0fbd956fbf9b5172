import {
  createHash,
  createHmac,
  createPrivateKey,
  createPublicKey,
  createSecretKey,
  type KeyObject,
} from 'node:crypto';
import { z } from 'zod';

/** How tokens are signed; a process knows one way, so that nothing in a token can choose another (RFC 8725 §3.1). */
export type Algorithm = 'HS256' | 'ES256';

/** A key and the name it has in the header of a token (`kid`). */
export interface NamedKey {
  kid: string;
  key: KeyObject;
}

/** The keys of a process: the first one signs where there is something to sign, all of them verify. */
export interface KeyRing {
  algorithm: Algorithm;
  keys: readonly [NamedKey, ...NamedKey[]];
}

/** HS256 wants a key at least as long as its hash (RFC 7518 §3.2). */
const SECRET_BYTES = 32;
/** Random text of that length has more; a word that is repeated has fewer. */
const DISTINCT_CHARACTERS = 10;

/** A secret in an app's environment, long enough and not made of a few characters. */
export const JwtSecret = z
  .string()
  .refine((secret) => Buffer.byteLength(secret) >= SECRET_BYTES, {
    error: `Use a secret of at least ${SECRET_BYTES} bytes.`,
    abort: true,
  })
  .refine((secret) => new Set(secret).size >= DISTINCT_CHARACTERS, 'Use a random secret: openssl rand -base64 48');

/** Secrets with commas between them, random base64 for example. */
const JwtSecrets = z
  .string()
  .transform((list) => list.split(',').map((secret) => secret.trim()))
  .pipe(z.array(JwtSecret));

/** PEM blocks one after the other, with line breaks as they are or written as \n. */
const pemBlocks = (label: 'PRIVATE' | 'PUBLIC', read: (pem: string) => KeyObject) =>
  z.string().transform((text, context): KeyObject[] => {
    const block = new RegExp(`-----BEGIN ${label} KEY-----[^-]+-----END ${label} KEY-----`, 'g');
    const keys = (text.replaceAll('\\n', '\n').match(block) ?? []).map((pem) => keyOrUndefined(() => read(pem)));
    const good = keys.filter((key) => key !== undefined && isP256(key)).map((key) => key as KeyObject);
    if (good.length === 0 || good.length < keys.length) {
      context.addIssue({ code: 'custom', message: `Use P-256 keys as PEM (BEGIN ${label} KEY).` });
    }
    return good;
  });

const secrets = { JWT_SECRET: JwtSecret.optional(), JWT_ACCEPTED_SECRETS: JwtSecrets.optional() };

/** What the environment of the app that signs tokens says of its keys. */
export const signingVariables = { ...secrets, JWT_PRIVATE_KEYS: pemBlocks('PRIVATE', createPrivateKey).optional() };
/** What the environment of an app that only verifies tokens says of its keys. */
export const verifyingVariables = { ...secrets, JWT_PUBLIC_KEYS: pemBlocks('PUBLIC', createPublicKey).optional() };

interface Variables {
  JWT_SECRET?: string | undefined;
  JWT_ACCEPTED_SECRETS?: string[] | undefined;
  JWT_PRIVATE_KEYS?: KeyObject[] | undefined;
  JWT_PUBLIC_KEYS?: KeyObject[] | undefined;
}

/** Adds the `keyRing` that an environment describes, or says that it names no keys or two kinds of them. */
export function withKeyRing<V extends Variables>(variables: V, context: z.RefinementCtx): V & { keyRing: KeyRing } {
  const keyRing = keyRingOf(variables);
  if (keyRing) return { ...variables, keyRing };
  const message = `Set either this to a secret of at least ${SECRET_BYTES} bytes, or the keys of ES256.`;
  context.addIssue({ code: 'custom', path: ['JWT_SECRET'], message });
  return z.NEVER;
}

function keyRingOf(variables: Variables): KeyRing | undefined {
  const { JWT_SECRET: secret, JWT_ACCEPTED_SECRETS: accepted = [], JWT_PRIVATE_KEYS, JWT_PUBLIC_KEYS } = variables;
  const [first, ...others] = (JWT_PRIVATE_KEYS ?? JWT_PUBLIC_KEYS ?? []).map(ellipticKey);
  if (first && secret === undefined) return { algorithm: 'ES256', keys: [first, ...others] };
  if (secret === undefined || first) return undefined;
  return { algorithm: 'HS256', keys: [secretKey(secret), ...accepted.map(secretKey)] };
}

function secretKey(secret: string): NamedKey {
  const kid = createHmac('sha256', secret).update('souk key id').digest('base64url').slice(0, 16);
  return { kid, key: createSecretKey(secret, 'utf8') };
}

// The name is the key's thumbprint (RFC 7638): the same for both halves, and nobody has to agree on it.
function ellipticKey(key: KeyObject): NamedKey {
  const { crv, kty, x, y } = (key.type === 'private' ? createPublicKey(key) : key).export({ format: 'jwk' });
  const kid = createHash('sha256').update(JSON.stringify({ crv, kty, x, y })).digest('base64url');
  return { kid, key };
}

const isP256 = ({ asymmetricKeyDetails }: KeyObject): boolean => asymmetricKeyDetails?.namedCurve === 'prime256v1';

function keyOrUndefined(read: () => KeyObject): KeyObject | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
