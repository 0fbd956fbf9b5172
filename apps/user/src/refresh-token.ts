import { createHash, createHmac, hkdfSync, type KeyObject, randomBytes } from 'node:crypto';

/**
 * A refresh token is 256 random bits as base64url. Its first half stays the same as long as its session lives and names
 * it; the second half is new with every use. So a token of any age leads to its session, which can tell that it is spent
 * (a token that led nowhere once it was two uses old would let a thief outrun the owner by using it twice).
 */
const TOKEN_BYTES = 32;
const FAMILY_BYTES = 16;
const SESSION_ID_BYTES = 12;

const bytesOf = (token: string): Buffer => Buffer.from(token, 'base64url');
const familyOf = (token: string): Buffer => bytesOf(token).subarray(0, FAMILY_BYTES);
const sha256 = (bytes: Buffer): Buffer => createHash('sha256').update(bytes).digest();

export const drawToken = (): string => randomBytes(TOKEN_BYTES).toString('base64url');

/** The id of the token's session. It is in every access token, so it does not tell the half it is made from. */
export const sessionIdOf = (token: string): string =>
  sha256(familyOf(token)).subarray(0, SESSION_ID_BYTES).toString('hex');

/** What is stored of a token. */
export const hashOf = (token: string): string => sha256(bytesOf(token)).toString('hex');

/** The key of `successorOf`, apart from what else the key of the access tokens is used for (RFC 5869). */
export const successorKey = (key: KeyObject): Buffer =>
  Buffer.from(hkdfSync('sha256', secretBytesOf(key), '', 'souk refresh token successor', 32));

const secretBytesOf = (key: KeyObject): Buffer =>
  key.type === 'secret' ? key.export() : key.export({ type: 'pkcs8', format: 'der' });

/**
 * The token that takes the place of this one: always the same, so that a repeated request gets the same answer although
 * no token is stored. HMAC-SHA-256, truncated to half (RFC 2104 §5).
 */
export function successorOf(key: Buffer, token: string): string {
  const next = createHmac('sha256', key).update(bytesOf(token)).digest();
  return Buffer.concat([familyOf(token), next.subarray(0, TOKEN_BYTES - FAMILY_BYTES)]).toString('base64url');
}
