/** The client takes no user and password from a URL. */
export function natsOptions(url) {
  const { host, username, password } = new URL(url);
  return { servers: host, user: decodeURIComponent(username), pass: decodeURIComponent(password) };
}
