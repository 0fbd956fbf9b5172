import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { get, pidsOf, stack } from '@souk/stack/shop';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';

const CANDIDATES = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];
const SCREENSHOTS = join(import.meta.dirname, '../test-results');

let browser: Browser;
const frozen: number[] = [];
beforeAll(async () => {
  const executablePath = process.env['CHROMIUM'] ?? CANDIDATES.find((path) => existsSync(path));
  if (executablePath === undefined)
    throw new Error('Chromium was not found: install it (apt install chromium), or set CHROMIUM.');
  browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
});
afterEach(() => {
  for (const pid of frozen.splice(0)) process.kill(pid, 'SIGCONT');
});
afterAll(() => browser.close());

async function open(width: number, colorScheme: 'light' | 'dark'): Promise<Page> {
  const page = await browser.newPage({ viewport: { width, height: 900 }, colorScheme });
  await page.goto(`${stack.OPS_URL}/ops`);
  await page.getByText('as of').waitFor();
  return page;
}

describe('the page of operations', () => {
  it.each([
    [1280, 'light'],
    [1280, 'dark'],
    [390, 'light'],
    [390, 'dark'],
  ] as const)('shows every program at %i pixels, in %s, without scrolling sideways', async (width, scheme) => {
    const page = await open(width, scheme);
    expect(await page.locator('article h3').allInnerTexts()).toEqual([
      expect.stringMatching(/^gateway\s+1 replica$/),
      expect.stringMatching(/^user\s+1 replica$/),
      expect.stringMatching(/^product\s+1 replica$/),
      expect.stringMatching(/^order\s+1 replica$/),
    ]);
    expect(await page.evaluate('document.documentElement.scrollWidth <= window.innerWidth')).toBe(true);
    await page.screenshot({ path: join(SCREENSHOTS, `ops-${width}-${scheme}.png`), fullPage: true });
    await page.close();
  });

  it('shows what is asked of each program, while it is asked', async () => {
    const page = await open(1280, 'light');
    const calls = page.locator('article', { hasText: 'product' }).locator('td').nth(1);
    for (let turn = 0; turn < 60 && (await calls.innerText()) === '0/s'; turn++) {
      await Promise.all(Array.from({ length: 20 }, () => get(`/api/products?q=${Math.random()}`)));
    }
    expect(await calls.innerText()).toMatch(/^[1-9][\d.]*\/s$/);
    await page.close();
  });

  it('names a service that does not answer, and each request that failed for it with its id', async () => {
    const page = await open(1280, 'dark');
    for (const pid of pidsOf('product')) {
      process.kill(pid, 'SIGSTOP');
      frozen.push(pid);
    }
    await page.getByText('nobody answers').waitFor({ timeout: 5_000 });
    // Not by Nginx, which may give up first.
    const { headers } = await get(`/api/products?q=${Math.random()}`, { base: stack.GATEWAY_URL });
    const requestId = headers.get('x-request-id') ?? 'none';
    const row = page.locator('#failures tr', { hasText: requestId });
    await row.waitFor({ timeout: 5_000 });
    expect(await row.innerText()).toMatch(/GET \/api\/products\s+50[34]/);
    await page.screenshot({ path: join(SCREENSHOTS, 'ops-failure.png'), fullPage: true });
    await page.close();
  });
});
