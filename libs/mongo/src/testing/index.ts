export * from './finds.ts';

/** A database of its own for one spec, on the server the test run started (`TEST_MONGODB_URL`). */
export function testMongoUrl(database: string): string {
  const server = process.env['TEST_MONGODB_URL'];
  if (!server) throw new Error('TEST_MONGODB_URL is not set: run the spec with --mode integration');
  const url = new URL(server);
  url.pathname = `/${database}-${process.pid}-${Date.now().toString(36)}`;
  return url.href;
}
