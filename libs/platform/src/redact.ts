/** What must not be written down wherever it stands, a driver's message included. */
interface Secret {
  /** Stands in every text that holds one: looking for it costs a fiftieth of the pattern, and most lines hold none. */
  mark: string;
  pattern: RegExp;
  instead: string;
}

const SECRETS: readonly Secret[] = [
  // A JWT begins with the base64url of `{"`.
  { mark: 'eyJ', pattern: /\beyJ[\w-]+\.[\w-]+\.[\w-]*/g, instead: '[token]' },
  { mark: ' ', pattern: /\b(Bearer|Basic) [^\s"\\]+/gi, instead: '$1 [token]' },
  { mark: '$', pattern: /\$(?:argon2\w+|2[aby])\$[^\s"\\]+/g, instead: '[hash]' },
  { mark: '@', pattern: /(\w:\/\/)[^\s"\\/@]*@/g, instead: '$1[login]@' },
  { mark: '@', pattern: /[\w.%+-]+@[\w-]+(?:\.[\w-]+)+/g, instead: '[e-mail]' },
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
  SECRETS.reduce(
    (rest, { mark, pattern, instead }) => (rest.includes(mark) ? rest.replace(pattern, instead) : rest),
    text,
  );

/** A copy of a JSON value that may be shown: without what `SECRET_FIELDS` name, its texts without secrets. */
export function redacted(value: unknown): unknown {
  const text = JSON.stringify(value, (key, each) => (SECRET_FIELDS.includes(key) ? '[redacted]' : each));
  return text === undefined ? undefined : JSON.parse(redact(text));
}
