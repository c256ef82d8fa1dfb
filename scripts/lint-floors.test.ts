import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import config from '../oxlint.config.ts';
import { floors, substrate } from './lint/floors.ts';
import { innocents, type Plant, plants } from './lint/planted-violations.ts';

const root = dirname(import.meta.dirname);
const temporary = mkdtempSync(join(tmpdir(), 'flotilla-lint-'));
afterAll(() => rmSync(temporary, { recursive: true, force: true }));

describe('each rule of the house fires on a planted violation', () => {
  const found = lintInGroups(plants);

  test.each(plants)('$path: $says', ({ path, code, says }) => {
    const findings = found(path, code);

    expect(findings.filter((finding) => finding.includes(says))).not.toEqual([]);
  });

  test('what a rule that is too broad would hit is left alone', () => {
    const clean = lintInGroups(innocents);

    const findings = innocents.flatMap(({ path, code }) => clean(path, code));

    expect(findings.filter((finding) => finding.includes('restricted'))).toEqual([]);
  });

  test('no rule and no message of the configuration is without a plant', () => {
    const rules = Object.entries(config.rules ?? {}).flatMap(([rule, level]) =>
      level === 'off' ? [] : [rule.replace(/^.*\//, '')],
    );
    const messages = [...JSON.stringify(config.overrides).matchAll(/"message":"([^"]+)"/g)].map(
      ([, message]) => message ?? '',
    );

    const unproved = [...new Set([...rules, ...messages])].filter(
      (name) => !plants.some(({ says }) => name.includes(says)),
    );

    expect(messages.length).toBeGreaterThan(20);
    expect(unproved).toEqual([]);
  });
});

describe('the rules cover the whole tree', () => {
  const folders = foldersOf(join(root, substrate));
  const services = foldersOf(join(root, 'services'));
  const code = "export const value = [fetch('x'), process.env.X, Date.now(), setTimeout(() => {}, 1)];\n";

  test('every folder of the substrate stands on exactly one floor', () => {
    const known: string[] = floors.flat();

    expect(folders.filter((folder) => known.filter((name) => name === folder).length !== 1)).toEqual([]);
    expect(
      readdirSync(join(root, substrate), { withFileTypes: true }).filter((entry) => entry.isFile()),
    ).toEqual([]);
  });

  test('in every folder and every service, something forbidden there is found', () => {
    const paths = [
      ...folders.flatMap((folder) => [
        `${substrate}/${folder}/planted.ts`,
        `${substrate}/${folder}/deep/planted.ts`,
      ]),
      ...services.flatMap((name) => [
        `services/${name}/src/planted.ts`,
        `services/${name}/src/deep/planted.ts`,
      ]),
      'packages/cli/src/planted.ts',
    ];
    const found = lintInGroups(paths.map((path) => ({ path, code })));

    const unguarded = paths.filter(
      (path) => !found(path, code).some((finding) => finding.includes('no-restricted')),
    );

    expect(services.length).toBeGreaterThan(0);
    expect(unguarded).toEqual([]);
  });
});

function foldersOf(path: string): string[] {
  const entries = readdirSync(path, { withFileTypes: true });
  return entries
    .filter((entry) => entry.isDirectory() && entry.name !== 'node_modules')
    .map(({ name }) => name);
}

interface Diagnostic {
  readonly code?: string;
  readonly filename: string;
  readonly message: string;
  readonly help?: string;
}

/** Two plants may share a path: each goes into the first copy of the repository where its path is free. */
function lintInGroups(files: readonly Omit<Plant, 'says'>[]): (path: string, code: string) => string[] {
  const groups: Map<string, string>[] = [];
  for (const { path, code } of files) {
    const free = groups.find((group) => !group.has(path)) ?? groups[groups.push(new Map()) - 1];
    free?.set(path, code);
  }
  const results = groups.map((group) => ({ group, diagnostics: lint(group) }));
  return (path, code) => {
    const result = results.find(({ group }) => group.get(path) === code);
    const own = result?.diagnostics.filter(({ filename }) => filename === path) ?? [];
    return own.map((diagnostic) => `${diagnostic.code}: ${diagnostic.message} ${diagnostic.help ?? ''}`);
  };
}

/** Lints a copy of the repository that holds the real configuration and these files only. */
function lint(codeByPath: ReadonlyMap<string, string>): Diagnostic[] {
  const copy = mkdtempSync(join(temporary, 'copy-'));
  for (const path of [
    'oxlint.config.ts',
    'scripts/lint/dashboard-fences.ts',
    'scripts/lint/fence.ts',
    'scripts/lint/floors.ts',
    'tsconfig.json',
    'tsconfig.base.json',
    'package.json',
  ]) {
    cpSync(join(root, path), join(copy, path));
  }
  symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'));
  for (const [path, code] of codeByPath) {
    mkdirSync(dirname(join(copy, path)), { recursive: true });
    writeFileSync(join(copy, path), code);
  }
  const { stdout, stderr } = spawnSync('oxlint', ['--format', 'json'], { cwd: copy, encoding: 'utf8' });
  try {
    return (JSON.parse(stdout) as { diagnostics: Diagnostic[] }).diagnostics;
  } catch (cause) {
    throw new Error(`oxlint did not answer in JSON: ${stdout}${stderr}`, { cause });
  }
}
