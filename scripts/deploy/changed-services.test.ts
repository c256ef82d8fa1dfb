import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { findChangedServices } from './find-changed-services.ts';
import { readTree } from './git-tree.ts';
import { importedBy } from './import-graph.ts';
import { readDeployed } from './read-deployed.ts';

/** Two services and a package: red reads all of it, blue a part. */
const planted: Readonly<Record<string, string>> = {
  'package.json': '{"packageManager":"pnpm@1"}',
  'pnpm-workspace.yaml':
    'packages:\n  - packages/*\n\ncatalog:\n  zod: 1.0.0\n\nallowBuilds:\n  node: true\n',
  'pnpm-lock.yaml': `
importers:
  packages/core: { dependencies: { zod: { version: 1.0.0 } } }
  services/blue:
    dependencies: { '@x/core': { version: 'link:../../packages/core' } }
    devDependencies: { ajv: { version: 1.0.0 } }
  services/red/dashboard: { dependencies: { vite: { version: 1.0.0 } } }
  services/red: { dependencies: { '@x/core': { version: 'link:../../packages/core' }, csv: { version: 1.0.0(zod@1.0.0) } } }
packages: { 'zod@1.0.0': { resolution: a }, 'csv@1.0.0': { resolution: b }, 'deep@1.0.0': { resolution: c }, 'ajv@1.0.0': { resolution: d }, 'vite@1.0.0': { resolution: e } }
snapshots: { 'zod@1.0.0': {}, 'csv@1.0.0(zod@1.0.0)': { dependencies: { deep: 1.0.0 } }, 'deep@1.0.0': {}, 'ajv@1.0.0': {}, 'vite@1.0.0': {} }
`,
  'docker/Dockerfile': 'FROM node',
  'packages/core/package.json':
    '{"name":"@x/core","exports":{"./a":"./src/a.ts","./deep/*":"./src/deep/*.ts"}}',
  'packages/core/src/a.ts': "import type { T } from './types.ts';\nexport * from './shared.ts';\n",
  'packages/core/src/shared.ts': 'export const shared = 1;',
  'packages/core/src/types.ts': 'export type T = 1;',
  'packages/core/src/deep/late.ts': "export const page = join(import.meta.dirname, 'page.html');",
  'packages/core/src/deep/page.html': '<p>',
  'packages/core/src/unused.ts': 'export {};',
  'services/blue/package.json': '{"name":"@x/blue","scripts":{"start":"node main"}}',
  'services/blue/src/main.ts': "import { a } from '@x/core/a';\nimport './own.ts';",
  'services/blue/src/own.ts': 'export {};',
  'services/blue/src/own.test.ts': 'test();',
  'services/blue/README.md': 'Blue',
  'services/red/package.json': '{"name":"@x/red","scripts":{"start":"node main"}}',
  'services/red/src/main.ts':
    "import {\n  a,\n} from '@x/core/a';\nconst late = await import('@x/core/deep/late');",
  'services/red/src/migrate.ts': "import './schema.ts';",
  'services/red/src/schema.ts': 'export {};',
  'services/red/dashboard/src/main.tsx': "import { part } from '@x/core/deep/part';",
  'services/red/dashboard/src/look.css': 'p {}',
  'packages/core/src/deep/part.ts': 'export const part = 1;',
};

function treeWith(changes: Readonly<Record<string, string>>) {
  return new Map(Object.entries({ ...planted, ...changes }));
}

function lockWith(from: string, to: string) {
  return { 'pnpm-lock.yaml': planted['pnpm-lock.yaml']?.replaceAll(from, to) ?? '' };
}

describe('the services that a change reaches', () => {
  test.each<[string, Readonly<Record<string, string>>, readonly string[]]>([
    ['none, where nothing changed', {}, []],
    [
      'its own, of a file that one service imports',
      { 'services/blue/src/own.ts': 'export const b = 2;' },
      ['blue'],
    ],
    [
      'both, of a file that both import through another',
      { 'packages/core/src/shared.ts': 'x' },
      ['blue', 'red'],
    ],
    ['whoever imports it late', { 'packages/core/src/deep/late.ts': 'x' }, ['red']],
    ['whoever reads what lies beside its code', { 'packages/core/src/deep/page.html': '<b>' }, ['red']],
    ['the one with another entry, of what only that reads', { 'services/red/src/schema.ts': 'x' }, ['red']],
    ['its own, of how its pages look', { 'services/red/dashboard/src/look.css': 'b {}' }, ['red']],
    ['the one whose pages import it', { 'packages/core/src/deep/part.ts': 'x' }, ['red']],
    ['none, of a file that nobody imports', { 'packages/core/src/unused.ts': 'x' }, []],
    ['none, of types alone', { 'packages/core/src/types.ts': 'export type T = 2;' }, []],
    [
      'its own, of Node’s flags',
      { 'services/blue/package.json': '{"name":"@x/blue","scripts":{"start":"node -x"}}' },
      ['blue'],
    ],
    [
      'none, of words in a manifest',
      {
        'services/blue/package.json': '{"name":"@x/blue","scripts":{"start":"node main"},"description":"B"}',
      },
      [],
    ],
    ['all, of the recipe', { 'docker/Dockerfile': 'FROM other' }, ['blue', 'red']],
    ['all, of the rules for installing', { 'pnpm-workspace.yaml': 'packages: []' }, ['blue', 'red']],
    [
      'none, of the catalog alone',
      { 'pnpm-workspace.yaml': planted['pnpm-workspace.yaml']?.replace('zod: 1', 'zod: 2') ?? '' },
      [],
    ],
    [
      'all, of a package that both use through ours',
      lockWith('resolution: a', 'resolution: z'),
      ['blue', 'red'],
    ],
    ['whoever uses a package through another', lockWith('resolution: c', 'resolution: z'), ['red']],
    ['whoever builds its pages with it', lockWith('resolution: e', 'resolution: z'), ['red']],
    ['none, of a package for development', lockWith('resolution: d', 'resolution: z'), []],
  ])('are %s', (_which, changes, services) => {
    expect(findChangedServices(treeWith({}), treeWith(changes))).toEqual(services);
  });

  test('are all where the older commit is not known, and a new one', () => {
    const withoutRed = new Map([...treeWith({})].filter(([path]) => !path.startsWith('services/red/')));

    expect(findChangedServices(undefined, treeWith({}))).toEqual(['blue', 'red']);
    expect(findChangedServices(withoutRed, treeWith({}))).toEqual(['red']);
  });

  test('are found between two commits of a repository, whatever lies in its folder', () => {
    const folder = mkdtempSync(join(tmpdir(), 'flotilla-changed-'));
    try {
      git(folder, 'init', '--quiet');
      const older = commit(folder, planted);
      const newer = commit(folder, { 'services/blue/src/own.ts': 'é', 'services/blue/src/own.test.ts': 'x' });
      writeFileSync(join(folder, 'services/red/src/main.ts'), 'not committed');
      const trees = [readTree(folder, older), readTree(folder, newer)] as const;

      expect(trees[0]?.get('services/red/src/schema.ts')).toBe('export {};');
      expect(trees[1]?.get('services/blue/src/own.ts')).toBe('é');
      expect(trees[1]?.has('services/blue/src/own.test.ts')).toBe(false);
      expect(trees[1] && findChangedServices(trees[0], trees[1])).toEqual(['blue']);
      expect(readTree(folder, 'f'.repeat(40))).toBeUndefined();
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});

test('imports are found in every form but those of types', () => {
  const text = [
    "import a from './a.ts';",
    "import './b.ts';",
    "export { c } from './c.ts';",
    'import {\n  type D,\n  d,\n} from "./d.ts";',
    "import type { E } from './e.ts';",
    "export type { F } from './f.ts';",
    "const g = async () => (await import('./g.ts')).g;",
    "const from = 'h.ts';",
  ].join('\n');

  expect(importedBy(text)).toEqual(['./a.ts', './b.ts', './c.ts', './d.ts', './g.ts']);
});

test('what a service runs is the image of the revision that has most of its traffic', () => {
  const revision = (name: string, tag: string) => ({
    metadata: { name },
    spec: { containers: [{ image: `europe-docker.pkg.dev/p/flotilla/red:${tag}` }] },
  });
  const service = (name: string, traffic: readonly { revisionName: string; percent?: number }[]) => ({
    metadata: { name },
    status: { traffic },
  });

  expect(
    readDeployed(
      [
        service('red', [{ revisionName: 'red-2' }, { revisionName: 'red-1', percent: 100 }]),
        service('new', []),
      ],
      [revision('red-1', 'good'), revision('red-2', 'bad')],
    ),
  ).toEqual({ red: 'good' });
});

function commit(folder: string, files: Readonly<Record<string, string>>): string {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  git(folder, 'add', '.');
  git(folder, '-c', 'user.name=a', '-c', 'user.email=a@example.test', 'commit', '--quiet', '-m', 'A commit');
  return git(folder, 'rev-parse', 'HEAD').trim();
}

function git(folder: string, ...args: readonly string[]): string {
  return execFileSync('git', ['-C', folder, ...args], { encoding: 'utf8' });
}
