import { spawn } from 'node:child_process';
import { randomBytes, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { join } from 'node:path';
import { root } from '@souk/stack';
import { stack } from '@souk/stack/shop';
import { beforeAll, describe, expect, it } from 'vitest';
import { type Counts, fuzz, type FuzzOptions, schemathesis } from './schemathesis.ts';

/** Cases in all; `npm run test:security` wants 50,000. */
const CASES = Number(process.env['FUZZ_CASES'] ?? 3_000);
const ROLES = ['anonymous', 'customer', 'admin'] as const;
/** An operation that is asked for validly must let this share through, or its later steps were never reached. */
const LEAST_ACCEPTED = 0.2;
/** Cases for each operation in one go: beyond it another seed finds more. */
const EXAMPLES = 100;
/** One second of stories for so many cases: 10 s a role in CI, three minutes for 50,000. */
const CASES_A_STORY_SECOND = 100;

/** Who may have an operation done; all others of the document are anybody's. */
const forAccounts =
  /^(POST \/api\/auth\/(logout|logout-all|password)|GET \/api\/auth\/profile|(POST|GET) \/api\/orders)/;
const forAdmins = /^((POST|PATCH|DELETE) \/api\/products|POST \/api\/orders\/\{id\}\/(pay|ship|deliver))/;

function isPermitted(operation: string, role: FuzzOptions['role']): boolean {
  if (forAdmins.test(operation)) return role === 'admin';
  return role !== 'anonymous' || !forAccounts.test(operation);
}

let command: string;
let env: Record<string, string>;
beforeAll(async () => {
  const spare = { SPARE_EMAIL: `${randomUUID()}@fuzz.test`, SPARE_PASSWORD: randomBytes(12).toString('base64url') };
  await makeAdmin(spare.SPARE_EMAIL, spare.SPARE_PASSWORD);
  env = { BASE_URL: stack.SHOP_URL, ADMIN_EMAIL: stack.ADMIN_EMAIL, ADMIN_PASSWORD: stack.ADMIN_PASSWORD, ...spare };
  command = await schemathesis();
}, 300_000);

async function makeAdmin(email: string, password: string): Promise<void> {
  const script = join(root, 'tools/stack/admin-create.js');
  const child = spawn(process.execPath, [script, '--email', email], { stdio: ['pipe', 'ignore', 'inherit'] });
  child.stdin?.end(`${password}\n`);
  expect(await once(child, 'exit')).toEqual([0, null]);
}

const total = (counts: Counts) => Object.values(counts).reduce((sum, { cases }) => sum + cases, 0);

/** Stories for a while, then runs of new seeds until there were enough cases. */
async function fuzzAs(role: FuzzOptions['role'], cases: number) {
  const sum: Counts = {};
  const statuses: number[] = [];
  const document = join(root, 'docs/openapi.json');
  const directory = join(root, 'tools/security/test-results/fuzz');
  const run = async (seed: number, phase: FuzzOptions['phase']) => {
    const { status, counts } = await fuzz(command, { role, seed, phase, document, directory, env });
    statuses.push(status);
    add(sum, counts);
  };
  await run(0, { storySeconds: Math.ceil(cases / CASES_A_STORY_SECOND) });
  const examples = Math.min(EXAMPLES, Math.ceil(cases / 60));
  for (let seed = 1; total(sum) < cases; seed++) await run(seed, { examples });
  return { counts: sum, statuses };
}

function add(sum: Counts, counts: Counts): void {
  for (const [operation, { cases, positive, accepted, statuses }] of Object.entries(counts)) {
    const of = (sum[operation] ??= { cases: 0, positive: 0, accepted: 0, statuses: {} });
    of.cases += cases;
    of.positive += positive;
    of.accepted += accepted;
    for (const [status, count] of Object.entries(statuses)) of.statuses[status] = (of.statuses[status] ?? 0) + count;
  }
}

describe.each(ROLES)('what the document allows and forbids, sent by an %s', (role) => {
  it('fails no check, is never our fault, and reaches what it asks for', async () => {
    const { counts, statuses } = await fuzzAs(role, Math.ceil(CASES / ROLES.length));
    console.log(`${role}: ${total(counts)} cases`);
    console.table(
      Object.fromEntries(
        Object.entries(counts).map(([operation, { cases, positive, accepted, statuses: all }]) => [
          operation,
          { cases, valid: positive, accepted, statuses: JSON.stringify(all) },
        ]),
      ),
    );
    expect(new Set(statuses)).toEqual(new Set([0]));
    for (const [operation, { positive, accepted, statuses: all }] of Object.entries(counts)) {
      const codes = Object.keys(all).map(Number);
      expect([operation, codes.filter((status) => status >= 500 || status === 429)]).toEqual([operation, []]);
      const share = isPermitted(operation, role) ? accepted / positive : 1;
      expect(share, `${operation}: accepted of the valid`).toBeGreaterThanOrEqual(LEAST_ACCEPTED);
    }
  });
});
