import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parse } from 'yaml';

const root = join(import.meta.dirname, '..', '..');
const build = parse(readFileSync(join(root, 'cloudbuild.yaml'), 'utf8')) as {
  readonly steps: readonly { readonly id: string; readonly args: readonly string[] }[];
  readonly substitutions: Readonly<Record<string, string>>;
};
const [first, ...later] = build.steps;
const scripts = later.map(({ args }) => args.at(-1) ?? '');

test('the build tests first, and releases nothing unless it is told to', () => {
  expect(first?.args).toEqual(['.ci/run']);
  expect(later.map(({ id }) => id)).toEqual(['what-runs', 'what-changed', 'images', 'release']);
  expect(build.substitutions['_DEPLOY']).toBe('false');
  for (const script of scripts) expect(script).toMatch(/^\[ "\$_DEPLOY" = true \] \|\| exit 0\n/);
});

test('its steps are shell, name programs that there are, and only substitutions that there are', () => {
  const builtIn = ['PROJECT_ID', 'COMMIT_SHA'];
  const known = new Set([...Object.keys(build.substitutions), ...builtIn]);
  for (const script of scripts) {
    // Cloud Build reads $NAME itself, and makes $$ a $.
    const substituted = [...script.replaceAll('$$', '').matchAll(/\$\{?([A-Z_]+)/g)].map(
      ([, name]) => name ?? '',
    );
    const programs = [...script.matchAll(/scripts\/[\w/.-]+\.(?:ts|mjs)/g)].map(([path]) => path);

    expect(substituted.filter((name) => !known.has(name))).toEqual([]);
    expect(programs.filter((path) => !existsSync(join(root, path)))).toEqual([]);
    expect(() =>
      execFileSync('bash', ['-n'], { input: script.replaceAll('$$', '$'), stdio: 'pipe' }),
    ).not.toThrow();
  }
});
