import { type SpawnSyncReturns, spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

const repository = join(import.meta.dirname, '../../../..');

/** A copy of the repository with its tools and packages, linked, and no services: new ones are tried in it. */
export interface VendorWorkspace {
  readonly path: string;
  readonly services: string;
  write(path: string, text: string): void;
  /** Runs one of the repository's tools in it. */
  run(tool: string, ...args: readonly string[]): SpawnSyncReturns<string>;
  remove(): void;
}

export function createVendorWorkspace(): VendorWorkspace {
  const path = mkdtempSync(join(tmpdir(), 'flotilla-new-vendor-'));
  for (const name of [
    'oxlint.config.ts',
    'scripts/lint',
    'tsconfig.json',
    'tsconfig.base.json',
    'biome.json',
    '.gitignore',
  ])
    cpSync(join(repository, name), join(path, name), { recursive: true });
  for (const name of ['node_modules', 'packages', 'package.json'])
    symlinkSync(join(repository, name), join(path, name));
  const services = join(path, 'services');
  // What the install would link for each of them, once for all: modules are looked for upwards.
  const modules = join(services, 'node_modules');
  mkdirSync(join(modules, '@flotilla'), { recursive: true });
  symlinkSync(join(repository, 'packages/substrate'), join(modules, '@flotilla/substrate'));
  symlinkSync(join(repository, 'packages/substrate/node_modules/zod'), join(modules, 'zod'));

  return {
    path,
    services,
    write(name, text) {
      mkdirSync(dirname(join(path, name)), { recursive: true });
      writeFileSync(join(path, name), text);
    },
    run: (tool, ...args) =>
      spawnSync(join(repository, 'node_modules/.bin', tool), args, {
        cwd: path,
        encoding: 'utf8',
        maxBuffer: 64 * 1024 * 1024,
        env: { PATH: `${dirname(process.execPath)}:${process.env.PATH}`, NO_COLOR: '1' },
      }),
    remove: () => rmSync(path, { recursive: true, force: true }),
  };
}
