import { once } from 'node:events';
import { globSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { basename, dirname, join } from 'node:path';
import { z } from 'zod';

const RECORDED = join(import.meta.dirname, '../recorded');

/**
 * Has the Prometheus of the stack scrape what exporters said that cannot be had here, a job for each file. A panel whose metric or
 * label has another name finds nothing in it; that its figures move is not shown.
 */
export class RecordedExporters implements AsyncDisposable {
  /** Where `npm run up -- --observe` has Prometheus look for targets. */
  readonly #file = join(dirname(z.string().parse(process.env['SOUK_STATE'])), 'prometheus/targets/recorded.json');
  readonly #servers: Server[] = [];

  static async start(): Promise<RecordedExporters> {
    const exporters = new RecordedExporters();
    const targets = globSync('*.txt', { cwd: RECORDED }).map((file) => exporters.#serve(file));
    writeFileSync(exporters.#file, JSON.stringify(await Promise.all(targets)));
    return exporters;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    rmSync(this.#file);
    for (const server of this.#servers) server.closeAllConnections();
    await Promise.all(this.#servers.map((server) => once(server.close(), 'close')));
  }

  async #serve(file: string) {
    const text = readFileSync(join(RECORDED, file));
    const type = 'text/plain; version=0.0.4; charset=utf-8';
    const server = createServer((_, response) => response.setHeader('content-type', type).end(text));
    this.#servers.push(server);
    await once(server.listen(0, '127.0.0.1'), 'listening');
    const { port } = server.address() as AddressInfo;
    return { targets: [`127.0.0.1:${port}`], labels: { job: basename(file, '.txt') } };
  }
}
