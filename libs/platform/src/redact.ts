/** What must not be written down wherever it stands, a driver's message included, and what is written instead. */
const SECRETS: readonly [RegExp, string][] = [
  // A JWT begins with the base64url of `{"`.
  [/\beyJ[\w-]+\.[\w-]+\.[\w-]*/g, '[token]'],
  [/\b(Bearer|Basic) [^\s"\\]+/gi, '$1 [token]'],
  [/\$(?:argon2\w+|2[aby])\$[^\s"\\]+/g, '[hash]'],
  [/(\w:\/\/)[^\s"\\/@]*@/g, '$1[login]@'],
  [/[\w.%+-]+@[\w-]+(?:\.[\w-]+)+/g, '[e-mail]'],
];

/** Fields whose values nobody may read in a log or on a tap. */
export const SECRET_FIELDS = [
  'password',
  'currentPassword',
  'newPassword',
  'passwordHash',
  'accessToken',
  'refreshToken',
  'authorization',
  'email',
];

/** Takes tokens, hashes, credentials in URLs and e-mails out of a text. */
export const redact = (text: string): string =>
  SECRETS.reduce((rest, [pattern, instead]) => rest.replace(pattern, instead), text);

/** A copy of a JSON value that may be shown: without what `SECRET_FIELDS` name, its texts without secrets. */
export function redacted(value: unknown): unknown {
  const text = JSON.stringify(value, (key, each) => (SECRET_FIELDS.includes(key) ? '[redacted]' : each));
  return text === undefined ? undefined : JSON.parse(redact(text));
}
