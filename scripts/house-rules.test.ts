import { globSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { describe, expect, test } from 'vitest';
import { floors, substrate } from './lint/floors.ts';
import { houseRules, importsOf, isBroken, isTest } from './lint/house-rules.ts';
import { countCode, mostLines, oversizedVendors } from './lint/vendor-size.ts';

const root = dirname(import.meta.dirname);
const files = listFiles().map((path) => ({ path, text: readFileSync(join(root, path), 'utf8') }));
const product = 'packages/substrate/src/store/planted.ts';

/** For each rule, in order: what breaks it, and what comes near and does not. */
const plants = [
  {
    path: product,
    breaks: ["export * from './a.ts';", "export * as a from './a.ts';"],
    keeps: ["export { a } from './a.ts';", 'export const a = 1 * 2;'],
  },
  {
    path: product,
    breaks: ['// TODO: later', '// FIXME', "throw new Error('not implemented')"],
    keeps: ['// todos of a school'],
  },
  {
    path: 'scripts/planted.test.ts',
    breaks: ["test.skip('x')", "describe.only('x')", "test.todo('x')", "test.concurrent.skip('x')"],
    keeps: [
      "test.skipIf(reason)('x')",
      'list.skip(3)',
      "test.each([])('x')",
      "console.warn('SKIPPED: no emulator');\ndescribe.skip('x')",
    ],
  },
  {
    pathsThatBreak: [
      'packages/a/src/utils.ts',
      'packages/a/src/helpers/x.ts',
      'services/b/src/types.ts',
      'scripts/base.test.ts',
      'packages/a/src/index.ts',
    ],
    pathsThatKeep: [
      'packages/a/src/entity-types.ts',
      'packages/a/src/librarian.ts',
      'packages/a/src/base64.ts',
    ],
  },
  {
    path: product,
    breaks: ['export const read = (a: string): number => 1;', 'const read = async () => 1;'],
    keeps: [
      '  const read = (a: string) => 1;',
      'const readers = { read: () => 1 };',
      'export const read: Reader = (a) => 1;',
      'const all = list.map((one) => one);',
    ],
  },
  {
    path: product,
    breaks: [
      'log.warn(`row ${id}`)',
      "log.error('row ' + id)",
      'log.warn(message)',
      'log.error(\n  text, {})',
    ],
    keeps: [
      "log.warn('A row', { id })",
      'log.info(`row ${id}`)',
      "log.error(\n  'A row'",
      'log.warn(`A row`)',
      "log.error(isOurs ? 'Ours' : 'Theirs', data)",
    ],
  },
  {
    path: product,
    breaks: ["new Failure('internal', `row ${id}`)", "new Failure(code, 'row ' + id)"],
    keeps: ["new Failure('internal', 'A row', { data: { id } })", "new Failure('internal', message)"],
  },
  {
    path: product,
    breaks: ['new Date()', 'new Date().toISOString()', 'Date()', 'new Date;'],
    keeps: ['new Date(clock.now())', 'Date.parse(text)', 'toDate()'],
  },
  {
    path: 'packages/substrate/src/orm/planted.spanner.ts',
    breaks: [
      "import { Spanner } from '@google-cloud/spanner';",
      "import {\n  Spanner,\n} from '@google-cloud/spanner';",
    ],
    keeps: [
      "import type { Spanner } from '@google-cloud/spanner';",
      "const x = await import('@google-cloud/spanner');",
    ],
  },
  {
    path: product,
    breaks: ['// Clever has none', "if (vendor === 'ed-fi') return;", '/** As Google Classroom does. */'],
    keeps: ['// cleverly', 'const canvases = 1;', '// OneRoster 1.2, and Google Cloud'],
  },
  {
    path: 'services/control/dashboard/src/pages/planted.tsx',
    breaks: ['<p dangerouslySetInnerHTML={{ __html: text }} />', 'element.innerHTML = text;'],
    keeps: ['element.textContent = text;', '<p>{text}</p>'],
  },
  {
    path: 'docs/planted.md',
    breaks: ['see /tmp/x.json', "'/root/.npmrc'", '/home/ada/flotilla'],
    keeps: ['join(tmpdir(), name)', 'https://x.example/tmp/a', '${root}/root/x'],
  },
];

describe.each(houseRules.map((rule, position) => ({ rule, says: rule.says, plant: plants[position] })))(
  '$says',
  ({ rule, plant }) => {
    test('holds in the whole tree', () => {
      const broken = files.filter(
        ({ path, text }) => path !== 'scripts/house-rules.test.ts' && isBroken(rule, path, text),
      );

      expect(broken.map(({ path }) => path)).toEqual([]);
    });

    test('is broken by what was planted, and by nothing that only comes near', () => {
      const { path = '', breaks = [], keeps = [], pathsThatBreak = [], pathsThatKeep = [] } = plant ?? {};

      expect(breaks.length + pathsThatBreak.length).toBeGreaterThan(1);
      expect(breaks.filter((text) => !isBroken(rule, path, `const before = 1;\n${text}\n`))).toEqual([]);
      expect(keeps.filter((text) => isBroken(rule, path, `const before = 1;\n${text}\n`))).toEqual([]);
      expect(pathsThatBreak.filter((name) => !isBroken(rule, name, ''))).toEqual([]);
      expect(pathsThatKeep.filter((name) => isBroken(rule, name, ''))).toEqual([]);
    });
  },
);

test('every contract suite is run on at least one adapter', () => {
  const contracts = files.filter(({ path }) => path.endsWith('.contract.ts'));
  const run = new Set(
    files
      .filter(({ path }) => path.endsWith('.test.ts'))
      .flatMap(({ path, text }) => importedPaths(path, text)),
  );
  // A suite may be made of others.
  for (const path of run) {
    const suite = contracts.find((contract) => contract.path === path);
    for (const part of suite === undefined ? [] : importedPaths(path, suite.text)) run.add(part);
  }

  expect(contracts.length).toBeGreaterThan(0);
  expect(contracts.map(({ path }) => path).filter((path) => !run.has(path))).toEqual([]);
});

test('the folders of the substrate do not import one another in a circle', () => {
  const folders: string[] = floors.flat();
  const below = new Map(folders.map((folder) => [folder, new Set<string>()]));
  for (const { path, text } of files) {
    if (!path.startsWith(`${substrate}/`) || isTest(path)) continue;
    for (const imported of importedPaths(path, text)) {
      const [from, to] = [folderOf(path), folderOf(imported)];
      if (from !== to) below.get(from)?.add(to);
    }
  }

  // What imports nothing that is left is taken away, again and again; a circle remains.
  for (;;) {
    const free = [...below].filter(([, imported]) => [...imported].every((folder) => !below.has(folder)));
    if (free.length === 0) break;
    for (const [folder] of free) below.delete(folder);
  }
  expect(
    [...below].map(
      ([folder, imported]) => `${folder} -> ${[...imported].filter((to) => below.has(to)).join(', ')}`,
    ),
  ).toEqual([]);
});

describe("A vendor's own code is at most 700 lines without blanks, comments, simulator and tests", () => {
  const planted = [
    { path: 'services/planted/src/vendor.ts', text: 'export const planted = 1;\n' },
    { path: 'services/planted/src/entities/a.ts', text: `/** Of all. */\n\n${'one();\n'.repeat(mostLines)}` },
  ];

  test('holds in the whole tree', () => {
    expect(oversizedVendors(files)).toEqual([]);
  });

  test('is broken by one line more, and the message says by whom, by how much and what to do', () => {
    expect(oversizedVendors(planted)).toEqual([
      expect.stringMatching(
        /^services\/planted: 701 lines of its own, and 700 are allowed .*recordShape.*src\/vendor\.$/,
      ),
    ]);
  });

  test('is kept by 700 lines, whatever the simulator and the tests have, and by services that are no vendors', () => {
    const long = 'one();\n'.repeat(1000);
    const beside = [
      'simulator.ts',
      'simulator/routes.ts',
      'simulator.fixture.ts',
      'a.test.ts',
      'b.fixture.ts',
    ];
    const [, most] = planted;
    expect(
      oversizedVendors([
        { path: 'services/planted/src/vendor.ts', text: '// Nothing yet.\n' },
        ...planted.slice(1),
        ...beside.map((name) => ({ path: `services/planted/src/${name}`, text: long })),
        { path: 'services/platform/src/main.ts', text: long },
      ]),
    ).toEqual([]);
    expect(countCode(most?.text ?? '')).toBe(mostLines);
  });

  test('counts what is neither blank nor comment', () => {
    expect(countCode('a();\n\n  // b\n/* c */\n/**\n * d\n */\ne(); // f\n')).toBe(2);
  });
});

/** Walked rather than asked of git: a source archive has no history. */
function listFiles(): string[] {
  const ignored = new Set(['node_modules', '.git', '.flotilla', '.cache', 'coverage', 'dist']);
  const text = /\.(ts|tsx|mjs|json|jsonc|md|yaml|yml|tf|sh|html|css)$|(^|\/)(run|Dockerfile)$/;
  return globSync('**', { cwd: root, withFileTypes: true, exclude: (entry) => ignored.has(entry.name) })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(root, join(entry.parentPath, entry.name)))
    .filter((path) => text.test(path));
}

function importedPaths(path: string, text: string): string[] {
  return importsOf(text)
    .filter((name) => name.startsWith('.'))
    .map((name) => join(dirname(path), name));
}

function folderOf(path: string): string {
  return path.slice(substrate.length + 1).split('/')[0] ?? '';
}
