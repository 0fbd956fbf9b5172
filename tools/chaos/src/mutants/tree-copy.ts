import { execFile } from 'node:child_process';
import { cpSync, existsSync, globSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';

const execute = promisify(execFile);

/** A copy of the working tree that can be built and run, and is gone at the end of its scope. */
export class TreeCopy implements Disposable {
  readonly directory: string;

  private constructor(directory: string) {
    this.directory = directory;
  }

  /** `scratch` must be on the file system of the tree: what npm installed is linked, not copied. */
  static async of(root: string, scratch: string): Promise<TreeCopy> {
    mkdirSync(scratch, { recursive: true });
    const copy = new TreeCopy(mkdtempSync(join(scratch, 'tree-')));
    try {
      await copy.#fill(root);
      return copy;
    } catch (error) {
      copy[Symbol.dispose]();
      throw error;
    }
  }

  [Symbol.dispose](): void {
    rmSync(this.directory, { recursive: true, force: true });
  }

  async #fill(root: string): Promise<void> {
    const listed = await execute('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
      cwd: root,
    });
    for (const file of listed.stdout.split('\0')) {
      if (file !== '' && existsSync(join(root, file))) this.#copy(root, file);
    }
    // With its .tsbuildinfo, so that only what the patch touches is compiled. Copied: the compiler writes in place.
    for (const built of globSync('{apps,libs,tools}/*/dist', { cwd: root })) this.#copy(root, built);
    for (const modules of globSync(['node_modules', '{apps,libs,tools}/*/node_modules'], { cwd: root })) {
      await execute('cp', ['-al', join(root, modules), join(this.directory, modules)]);
    }
    this.#shareFetched(root);
  }

  // The compiler and the stack look at times.
  #copy(root: string, path: string): void {
    const target = join(this.directory, path);
    mkdirSync(dirname(target), { recursive: true });
    cpSync(join(root, path), target, { recursive: true, preserveTimestamps: true, verbatimSymlinks: true });
  }

  /** Servers that were fetched once need not be fetched for each copy. */
  #shareFetched(root: string): void {
    const fetched = join(root, '.souk/fetched');
    if (!existsSync(fetched)) return;
    mkdirSync(join(this.directory, '.souk'), { mode: 0o700 });
    symlinkSync(fetched, join(this.directory, '.souk/fetched'));
  }
}
