import { existsSync, globSync, readFileSync, watch, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import ts from 'typescript';
import type { Context } from './context.ts';

/** An editor writes a file in several steps, and a person several files with one command. */
const SETTLE_MS = 40;
const SOURCE = /^(apps|libs)\/([^/]+)\/src\/(.+)\.ts$/;
const NOT_RUN = /\.(spec|d)\.ts$|\/testing\//;

type Restart = (app: string) => Promise<unknown>;

/**
 * Compiles the sources of apps and libs as they change and restarts the apps they are part of. Each file alone and without its
 * types, which takes milliseconds; the compiler that runs beside says what is wrong with them.
 */
export class DevLoop {
  readonly #root: string;
  readonly #restart: Restart;
  readonly #say: Context['say'];
  readonly #options: ts.CompilerOptions;
  readonly #changed = new Set<string>();
  #isBusy = false;

  constructor(root: string, restart: Restart, say: Context['say']) {
    this.#root = root;
    this.#restart = restart;
    this.#say = say;
    const { config } = ts.readConfigFile(join(root, 'tsconfig.base.json'), ts.sys.readFile);
    // A file alone does not tell that its package is one of modules.
    const alone = { module: 'esnext', moduleResolution: 'bundler' };
    const { options } = ts.convertCompilerOptionsFromJson({ ...config.compilerOptions, ...alone }, root);
    this.#options = options;
  }

  /** Watches until the signal. */
  watch(signal: AbortSignal): void {
    for (const folder of ['apps', 'libs']) {
      watch(join(this.#root, folder), { recursive: true, signal }, (_event, file) => {
        if (file !== null) this.#note(join(folder, file));
      });
    }
  }

  #note(file: string): void {
    if (!SOURCE.test(file) || NOT_RUN.test(file)) return;
    this.#changed.add(file);
    if (!this.#isBusy) void this.#workOff();
  }

  async #workOff(): Promise<void> {
    this.#isBusy = true;
    while (this.#changed.size > 0) {
      await pause(SETTLE_MS);
      const files = [...this.#changed];
      this.#changed.clear();
      await this.#take(files);
    }
    this.#isBusy = false;
  }

  async #take(files: string[]): Promise<void> {
    const packages = new Set(files.filter((file) => this.#compile(file)).map((file) => packageOf(file)));
    if (packages.size === 0) return;
    this.#say(`${files.join(', ')} changed`);
    for (const app of this.#appsWith(packages)) {
      await this.#restart(app).catch((error: unknown) =>
        this.#say(error instanceof Error ? error.message : `${error}`),
      );
    }
  }

  /** Whether what Node runs has become another. */
  #compile(file: string): boolean {
    const source = join(this.#root, file);
    if (!existsSync(source)) return false;
    const fileName = `${file.split('/').at(-1)}`;
    const options = { compilerOptions: this.#options, fileName, reportDiagnostics: true };
    const { outputText, sourceMapText, diagnostics = [] } = ts.transpileModule(readFileSync(source, 'utf8'), options);
    if (diagnostics.length > 0) {
      this.#say(
        `${file}: ${diagnostics.map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, ' ')).join('; ')}`,
      );
      return false;
    }
    const target = join(this.#root, file.replace('/src/', '/dist/').replace(/ts$/, 'js'));
    if (existsSync(target) && readFileSync(target, 'utf8') === outputText) return false;
    writeFileSync(target, outputText);
    if (sourceMapText !== undefined)
      writeFileSync(`${target}.map`, pointingTo(relative(dirname(target), source), sourceMapText));
    return true;
  }

  /** The apps that are, or lean on, one of the packages, by what the manifests say of each other. */
  #appsWith(packages: ReadonlySet<string>): string[] {
    const manifests = globSync('{apps,libs}/*/package.json', { cwd: this.#root });
    const leansOn = new Map(manifests.map((file) => [packageOf(file), this.#dependenciesOf(file)]));
    const reaches = (name: string): boolean => packages.has(name) || (leansOn.get(name) ?? []).some(reaches);
    return manifests
      .filter((file) => file.startsWith('apps/') && reaches(packageOf(file)))
      .map((file) => relative('apps', packageOf(file)));
  }

  #dependenciesOf(manifest: string): string[] {
    const { dependencies = {} } = JSON.parse(readFileSync(join(this.#root, manifest), 'utf8'));
    return Object.keys(dependencies)
      .filter((name) => name.startsWith('@souk/'))
      .map((name) => name.replace('@souk', 'libs'));
  }
}

const pointingTo = (source: string, map: string): string => JSON.stringify({ ...JSON.parse(map), sources: [source] });

// libs/contracts
const packageOf = (file: string): string => file.split('/').slice(0, 2).join('/');
