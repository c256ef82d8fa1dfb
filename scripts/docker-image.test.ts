import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { nodeFlags } from '../packages/substrate/src/service/node-flags.ts';
import { control } from '../services/control/src/service.ts';

const root = dirname(import.meta.dirname);
const app = mkdtempSync(join(tmpdir(), 'flotilla-image-'));
/** Where the stage of the pages works. */
const pages = mkdtempSync(join(tmpdir(), 'flotilla-image-pages-'));
const service = 'control';

describe('the image of a service, made in a folder by the steps of its Dockerfile', () => {
  beforeAll(() => {
    followStage('installed', app);
    followStage('pages', pages);
    const [, from = '', to = ''] = /^COPY --from=pages (\S+) (\S+)$/m.exec(recipe()) ?? [];
    const named = (path: string) => withArguments(path, { SERVICE: service, FOLDER: 'services' });
    cpSync(named(from).replace('/app', pages), named(to).replace('/app', app), { recursive: true });
  }, 240_000);
  afterAll(() => {
    rmSync(app, { recursive: true, force: true });
    rmSync(pages, { recursive: true, force: true });
  });

  test('has the service, what it needs, and neither tools nor other services', () => {
    const packages = readdirSync(join(app, 'node_modules', '.pnpm'));

    expect(existsSync(join(app, 'packages', 'substrate', 'package.json'))).toBe(true);
    expect(readdirSync(join(app, 'services'))).toEqual([service]);
    expect(packages.some((name) => name.startsWith('express@'))).toBe(true);
    expect(packages.filter((name) => /^(vitest|typescript|oxlint|knip|@biomejs\+biome)@/.test(name))).toEqual(
      [],
    );
  });

  test('has a warm compile cache', () => {
    expect(readdirSync(join(app, '.compile-cache'), { recursive: true }).length).toBeGreaterThan(50);
  });

  test('starts Node with the flags that suit the memory of the service', () => {
    const start = readFileSync(join(app, 'services', service, 'start.sh'), 'utf8');

    expect(start).toBe(
      `exec node ${nodeFlags(control.memory).join(' ')} ../../packages/substrate/bundle/main.js\n`,
    );
  });

  test('is bundled by the version that the benchmarks bundle with', () => {
    const [, version] =
      /^ {2}rolldown: (\S+)$/m.exec(readFileSync(join(root, 'pnpm-workspace.yaml'), 'utf8')) ?? [];

    expect(readFileSync(join(root, 'docker', 'Dockerfile'), 'utf8')).toContain(` rolldown@${version} `);
  });

  test('finds from its bundle all that is loaded later', () => {
    const bundle = join(app, 'packages', 'substrate', 'bundle');
    const resolve = createRequire(join(bundle, 'main.js')).resolve;
    const imported = readdirSync(bundle).flatMap((file) =>
      [...readFileSync(join(bundle, file), 'utf8').matchAll(/\bimport\([`"']([^./`"'][^`"']*)[`"']\)/g)].map(
        ([, name = '']) => name,
      ),
    );

    for (const client of ['bigquery', 'kms', 'pubsub', 'spanner', 'tasks'])
      expect(imported).toContain(`@google-cloud/${client}`);
    expect(() => imported.map((name) => resolve(name))).not.toThrow();
  });

  test('can migrate the store as the job does, which says which settings it misses', () => {
    const { status, stderr } = spawnSync('node', ['src/migrate.ts'], {
      cwd: join(app, 'services', service),
      encoding: 'utf8',
      env: { PATH: `${dirname(process.execPath)}:${process.env['PATH']}` },
    });

    expect(status).toBe(78);
    expect(stderr).toContain('FLOTILLA_SPANNER');
    expect(existsSync(join(app, 'packages/substrate/node_modules/@google-cloud/spanner'))).toBe(true);
  });

  test('starts, is healthy, shows its pages, and ends at SIGTERM with 0', { timeout: 60_000 }, async () => {
    const home = join(app, 'home');
    const child = spawn('sh', ['start.sh'], {
      cwd: join(app, 'services', service),
      stdio: ['ignore', 'pipe', 'pipe'],
      env: {
        PATH: `${dirname(process.execPath)}:${process.env['PATH']}`,
        NODE_COMPILE_CACHE: join(app, '.compile-cache'),
        PORT: '0',
        FLOTILLA_HOME: home,
        FLOTILLA_TOKEN: 'a-token-for-this-test-only',
        FLOTILLA_SERVICES: JSON.stringify({ control: 'http://127.0.0.1:8080' }),
      },
    });
    const ended = new Promise((resolve) => child.once('exit', (code, signal) => resolve(code ?? signal)));
    try {
      const url = await addressOf(child);

      expect((await fetch(`${url}/healthz`)).status).toBe(200);
      const page = await fetch(url);
      expect(page.status).toBe(200);
      const [, script = ''] = /<script [^>]*src="([^"]+)"/.exec(await page.text()) ?? [];
      const loaded = await fetch(`${url}${script}`, { headers: { 'accept-encoding': 'br' } });
      expect([loaded.status, loaded.headers.get('content-encoding')]).toEqual([200, 'br']);
    } finally {
      child.kill('SIGTERM');
    }
    expect(await ended).toBe(0);
  });
});

function recipe(): string {
  return readFileSync(join(root, 'docker', 'Dockerfile'), 'utf8');
}

/** Does what a stage of the Dockerfile says, with `folder` in the place of /app. */
function followStage(name: string, folder: string): void {
  const stage =
    recipe()
      .split(new RegExp(`^FROM .* AS ${name}\n`, 'm'))[1]
      ?.split(/^FROM /m)[0] ?? '';
  const environment: Record<string, string> = { SERVICE: service, FOLDER: 'services' };
  for (const line of stage.split('\n')) {
    const [, instruction, words = ''] = /^([A-Z]+) (.*)$/.exec(line) ?? [];
    if (instruction === 'COPY') copy(withArguments(words, environment).split(' '), folder);
    if (instruction === 'ENV')
      Object.assign(environment, Object.fromEntries([words.replace('/app', folder).split('=')]));
    if (instruction === 'RUN') {
      execFileSync('sh', ['-c', words], {
        cwd: folder,
        stdio: 'pipe',
        env: { ...withoutNpmSettings(), ...environment },
      });
    }
  }
}

function copy(words: readonly string[], folder: string): void {
  const to = words.at(-1) ?? '';
  for (const from of words.slice(0, -1)) {
    const target = to.endsWith('/') ? join(folder, to, from) : join(folder, to);
    cpSync(join(root, from), target, {
      recursive: true,
      filter: (path) => !/\/(node_modules|\.flotilla|\.cache|dist)(\/|$)/.test(path.slice(root.length)),
    });
  }
}

/** Docker puts its ARGs in the place of their names. */
function withArguments(words: string, environment: Readonly<Record<string, string>>): string {
  return words.replaceAll(/\$\{(\w+)\}/g, (_all, name: string) => environment[name] ?? '');
}

/** A container's shell has none of what `npm test` hands on. */
function withoutNpmSettings(): Record<string, string> {
  const entries = Object.entries(process.env).filter(
    ([name, value]) =>
      value !== undefined &&
      !/^(npm_|FLOTILLA_|VITEST|NODE_(ENV|OPTIONS|COMPILE_CACHE|V8_COVERAGE)$)/i.test(name),
  );
  return Object.fromEntries(entries) as Record<string, string>;
}

/** The first URL that the service's log names: where it listens. */
async function addressOf(child: ChildProcess): Promise<string> {
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on('data', (data: Buffer) => {
      output += data.toString();
    });
  }
  for (let waited = 0; waited < 30_000 && child.exitCode === null; waited += 50) {
    const [url] = /http:\/\/127\.0\.0\.1:\d+/.exec(output) ?? [];
    if (url !== undefined) return url;
    await setTimeout(50);
  }
  throw new Error(`The service did not start:\n${output}`);
}
