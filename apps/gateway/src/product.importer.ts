import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import {
  AppError,
  type CallInput,
  type FieldError,
  ImportedProduct,
  type ImportReport,
  parseOrRefuse,
  productContracts,
} from '@souk/contracts';
import { currentContext, runInContext } from '@souk/platform';
import { RpcClient } from '@souk/rpc';
import { type ImportRow, readRows } from './import-rows.ts';

/** Milliseconds an import may take; a request otherwise has three seconds. */
const TIMEOUT_MS = 60_000;
const BATCH = 200;
/** What a message on the bus may hold, with room for what is around it (NATS: 256 KB). */
const BATCH_BYTES = 200_000;
/** Of how many refused fields the report says why. */
const ERRORS_SHOWN = 100;

type Products = CallInput<typeof productContracts.import>['products'];

/** Adds products as their lines arrive, a batch at a time: the sender is read no faster than the store takes them. */
@Injectable()
export class ProductImporter {
  constructor(private readonly rpc: RpcClient) {}

  import(type: string, body: AsyncIterable<Uint8Array>): Promise<ImportReport> {
    const context = { requestId: '', ...currentContext(), deadline: Date.now() + TIMEOUT_MS };
    return runInContext(context, () => this.#import(readRows(type, body)));
  }

  async #import(rows: AsyncIterable<ImportRow>): Promise<ImportReport> {
    const report: ImportReport = { received: 0, created: 0, unchanged: 0, refused: 0, errors: [] };
    for await (const products of batches(accepted(rows, report))) {
      const { created } = await this.rpc.call(productContracts.import, { products });
      report.created += created;
      report.unchanged += products.length - created;
    }
    return report;
  }
}

async function* accepted(rows: AsyncIterable<ImportRow>, report: ImportReport): AsyncGenerator<Products[number]> {
  for await (const row of rows) {
    report.received += 1;
    const read = parse(row);
    if ('product' in read) {
      yield read.product;
      continue;
    }
    report.refused += 1;
    for (const { field, message } of read.errors.slice(0, ERRORS_SHOWN - report.errors.length)) {
      report.errors.push({ line: row.line, field, message });
    }
  }
}

function parse(row: ImportRow): { product: Products[number] } | { errors: FieldError[] } {
  if ('problem' in row) return { errors: [{ field: '', message: row.problem }] };
  try {
    const { id, ...product } = parseOrRefuse(ImportedProduct, row.value);
    return { product: { ...product, id: id ?? idOf(product) } };
  } catch (error) {
    if (error instanceof AppError) return { errors: fieldsOf(error) };
    throw error;
  }
}

const idOf = (product: object): string =>
  createHash('sha256').update(JSON.stringify(product)).digest('hex').slice(0, 24);

const fieldsOf = ({ details, message }: AppError): FieldError[] =>
  (details?.['errors'] as FieldError[] | undefined) ?? [{ field: '', message }];

async function* batches(products: AsyncIterable<Products[number]>): AsyncGenerator<Products> {
  let batch: Products = [];
  let bytes = 0;
  for await (const product of products) {
    const size = Buffer.byteLength(JSON.stringify(product));
    if (batch.length === BATCH || bytes + size > BATCH_BYTES) {
      yield batch;
      [batch, bytes] = [[], 0];
    }
    batch.push(product);
    bytes += size;
  }
  if (batch.length > 0) yield batch;
}
