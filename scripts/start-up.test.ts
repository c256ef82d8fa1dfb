import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { expect, test } from 'vitest';

/** Says after it listens which modules it has loaded, one a line, and ends. */
const watch = `data:text/javascript,${encodeURIComponent(`
  import { registerHooks } from 'node:module';
  const loaded = [];
  registerHooks({ load(url, context, next) { loaded.push(url); return next(url, context); } });
  process.on('SIGUSR2', () => { process.stderr.write([...loaded, ...process.moduleLoadList].join('\\n')); process.exit(0); });
`)}`;

/** Where nobody needs it yet, none of it is: what a service costs on its way to the first answer is counted in modules, not by a clock. */
test.each(['oneroster', 'control'])(
  '%s on Google Cloud listens before any client of Google, OpenTelemetry, the query builder or the client for vendors is loaded',
  async (service) => {
    const main = join(import.meta.dirname, '..', 'services', service, 'src', 'main.ts');
    const child = spawn(process.execPath, ['--import', watch, main], {
      env: {
        PATH: process.env.PATH,
        NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE,
        FLOTILLA_STACK: 'google',
        GOOGLE_CLOUD_PROJECT: 'nobody-there',
        FLOTILLA_REGION: 'us-central1',
        FLOTILLA_SPANNER: 'flotilla/fleet',
        FLOTILLA_DATASET: 'flotilla',
        FLOTILLA_KEY_RING: 'flotilla',
        FLOTILLA_TASKS_ACCOUNT: 'tasks@nobody-there.iam.gserviceaccount.com',
        FLOTILLA_CALLERS: '{}',
        FLOTILLA_SERVICES: '{"oneroster":"http://127.0.0.1:1","control":"http://127.0.0.1:1"}',
        PORT: '0',
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    child.stdout.once('data', () => child.kill('SIGUSR2'));

    const [loaded, [code]] = await Promise.all([text(child.stderr), once(child, 'close')]);

    expect(code, loaded).toBe(0);
    const modules = loaded.split('\n').map((url) => url.replace(/^.*\/node_modules\//, ''));
    expect(modules.filter((path) => path.startsWith('express/')).length).toBeGreaterThan(0);
    const early = /^(@google-cloud|google-|gaxios|@grpc|@opentelemetry|protobufjs|@duckdb|undici|kysely)/;
    expect(modules.filter((path) => early.test(path))).toEqual([]);
    // Which an ESM import of `node:http` loads for `WebSocket`: a sixth of what the rest takes.
    expect(modules).not.toContain('NativeModule internal/deps/undici/undici');
    expect(modules).toContain('NativeModule http');
  },
);
