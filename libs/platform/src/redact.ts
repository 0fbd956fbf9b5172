/** What must not be written down wherever it stands, a driver's message included, and what is written instead. */
const SECRETS: readonly [RegExp, string][] = [
  // A JWT begins with the base64url of `{"`.
  [/\beyJ[\w-]+\.[\w-]+\.[\w-]*/g, '[token]'],
  [/\b(Bearer|Basic) [^\s"\\]+/gi, '$1 [token]'],
  [/\$(?:argon2\w+|2[aby])\$[^\s"\\]+/g, '[hash]'],
  [/(\w:\/\/)[^\s"\\/@]*@/g, '$1[login]@'],
  [/[\w.%+-]+@[\w-]+(?:\.[\w-]+)+/g, '[e-mail]'],
];

/** Takes tokens, hashes, credentials in URLs and e-mails out of a text. */
export const redact = (text: string): string =>
  SECRETS.reduce((rest, [pattern, instead]) => rest.replace(pattern, instead), text);
