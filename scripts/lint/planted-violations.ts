/** One file that breaks one rule. `says` is part of the rule's name or of its message. */
export interface Plant {
  readonly path: string;
  readonly code: string;
  readonly says: string;
}

const src = 'packages/substrate/src';
const service = 'services/planted/src';
const dashboard = 'services/control/dashboard/src';
const number = 'export const value: number =';

function importing(path: string, module: string, says: string): Plant {
  return { path, code: `import planted from '${module}';\nexport const value: unknown = planted;\n`, says };
}

function running(path: string, code: string, says: string): Plant {
  return { path, code: `${code}\n`, says };
}

/** At least one plant a rule, and one a forbidden thing where a rule forbids several by one pattern. */
export const plants: readonly Plant[] = [
  // Floor 0 is pure.
  importing(`${src}/merge/a.ts`, 'node:fs/promises', 'Floor 0 is pure: no node'),
  importing(`${src}/model/a.ts`, 'node:crypto', 'Floor 0 is pure: no node'),
  importing(`${src}/json/digest.ts`, 'node:fs', 'digest.ts may use node:crypto only'),
  importing(`${src}/json/digest.ts`, 'node:child_process', 'digest.ts may use node:crypto only'),
  ...['kysely', '@duckdb/node-api', 'node-fetch', 'nanoid', 'zustand', 'zod-to-json-schema'].map((name) =>
    importing(
      `${src}/report/package-${name.replace(/\W/g, '-')}.ts`,
      name,
      'Floor 0 is pure: no packages but zod',
    ),
  ),
  importing(`${src}/settings/schedule.ts`, 'croner', 'Floor 0 is pure: no packages but zod'),
  importing(`${src}/settings/cron.ts`, 'cron-parser', 'settings/cron.ts may use zod and croner only'),
  running(`${src}/merge/b.ts`, `${number} Date.now();`, 'Time: take'),
  running(`${src}/merge/c.ts`, `${number} Math.random();`, 'Chance: take'),
  running(`${src}/failure/a.ts`, 'export const value = process.argv;', 'Environment: take'),
  running(`${src}/failure/b.ts`, 'export const value = globalThis.process.argv;', 'Environment: take'),
  running(`${src}/merge/d.ts`, "export const value = fetch('https://x.example');", 'Network: vendors'),
  running(`${src}/merge/e.ts`, 'setTimeout(() => {}, 1);', 'Time: take'),
  running(`${src}/merge/f.ts`, 'queueMicrotask(() => {});', 'neither schedules nor draws'),
  running(`${src}/merge/g.ts`, 'export const value = crypto.randomUUID();', 'neither schedules nor draws'),

  // Never from above.
  importing(`${src}/merge/h.ts`, '../orm/database.ts', 'Floor 0 imports'),
  importing(`${src}/json/deep/a.ts`, '../../clock/clock.ts', 'Floor 0 imports'),
  importing(`${src}/config/a.ts`, '../orm/database.ts', 'Floor 1 imports'),
  importing(`${src}/store/a.ts`, '../pipeline/run.ts', 'Floor 2 imports'),
  importing(`${src}/orm/planted.sqlite.ts`, '../vendor/define-vendor.ts', 'Floor 2 imports'),
  importing(`${src}/vendor/a.ts`, '../service/serve.ts', 'Floor 3 imports'),
  importing(`${src}/rpc/express-shell.ts`, '../testing/simulate.ts', 'Floor 3 imports'),
  importing(`${src}/service/a.ts`, '../testing/simulate.ts', 'testing/ is for tests'),

  // Only clock/ reads time, only config/ the environment, only http/ the network.
  ...['observability', 'config', 'store', 'http', 'service', 'testing'].flatMap((folder) => [
    running(`${src}/${folder}/now.ts`, `${number} Date.now();`, 'Time: take'),
    running(`${src}/${folder}/timer.ts`, 'setInterval(() => {}, 1);', 'Time: take'),
    importing(`${src}/${folder}/timers.ts`, 'node:timers/promises', 'Time: take'),
  ]),
  running(`${src}/http/timeout.ts`, 'export const value = AbortSignal.timeout(1);', 'Time: take'),
  running(`${src}/pipeline/now.ts`, `${number} Date.now();`, 'Time: take'),
  running(`${src}/pipeline/random.ts`, `${number} Math.random();`, 'Chance: take'),
  ...['clock', 'observability', 'orm', 'http', 'service'].flatMap((folder) => [
    running(`${src}/${folder}/environment.ts`, 'export const value = process.env.HOME;', 'Environment: take'),
    importing(`${src}/${folder}/process.ts`, 'node:process', 'Environment: take'),
  ]),
  running(`${src}/service/environment-file.ts`, 'process.loadEnvFile();', 'Environment: take'),
  running(`${src}/store/fetch.ts`, "export const value = fetch('https://x.example');", 'Network: vendors'),
  running(`${src}/orm/now.sqlite.ts`, `${number} Date.now();`, 'Time: take'),
  running(`${src}/orm/timer.spanner.ts`, 'setTimeout(() => {}, 1);', 'Time: take'),

  // Ports and adapters.
  ...['sqlite', 'spanner', 'local', 'duckdb', 'cloud', 'kms'].map((suffix) =>
    importing(
      `${src}/pipeline/adapter-${suffix}.ts`,
      `../tasks/task-queue.${suffix}.ts`,
      'An adapter is chosen in',
    ),
  ),
  importing(`${src}/vendor/b.ts`, '../orm/sqlite/driver.ts', 'An adapter is chosen in'),
  importing(`${src}/observability/a.ts`, '../clock/clock.system.ts', 'An adapter is chosen in'),
  importing(`${src}/credentials/a.ts`, './key-ring.local.ts', 'An adapter is chosen in'),
  importing(`${src}/store/b.ts`, '@google-cloud/spanner', 'Only its adapter'),
  importing(`${src}/service/b.ts`, '@google-cloud/tasks', 'Only its adapter'),
  importing(`${src}/config/b.ts`, 'google-gax', 'Only its adapter'),
  importing(`${src}/orm/foreign.sqlite.ts`, '@google-cloud/spanner', 'Only its adapter'),
  importing(`${src}/pipeline/files.ts`, 'node:fs', 'Effects: this floor'),
  importing(`${src}/pipeline/database.ts`, 'node:sqlite', 'Effects: this floor'),
  importing(`${src}/pipeline/kysely.ts`, 'kysely', 'Effects: this package'),
  importing(`${src}/rpc/dispatch.ts`, 'express', 'Only the shells'),
  importing(`${src}/http/server.ts`, 'jayson/promise', 'Only the shells'),
  importing(`${src}/rpc/by-name.ts`, '@flotilla/substrate/failure', 'Inside the substrate'),

  // Services and the command line.
  importing(`${service}/a.ts`, '@flotilla/service-oneroster/vendor', 'A service never imports another'),
  importing(`${service}/b.ts`, '../../oneroster/src/vendor.ts', 'A service never imports another'),
  importing(
    `${service}/entities/c.ts`,
    '../../../../packages/substrate/src/orm/table.ts',
    'A service never imports another',
  ),
  importing(`${service}/planted.test.ts`, '../../oneroster/src/vendor.ts', 'A service never imports another'),
  importing(`${service}/simulator.ts`, '@flotilla/service-control', 'A service never imports another'),
  importing(`${service}/main.ts`, '@flotilla/substrate/testing', 'is for tests and simulators'),
  importing(`${service}/d.ts`, '@flotilla/substrate/testing', 'is for tests and simulators'),
  importing(`${service}/e.ts`, '@flotilla/substrate/src/orm/table.ts', 'Of @flotilla'),
  importing(`${service}/f.ts`, '@flotilla/cli', 'Of @flotilla'),
  importing(`${service}/f.test.ts`, '@flotilla/cli', 'Of @flotilla'),
  importing(`${service}/kms.ts`, '@flotilla/stand-ins/kms', 'Of @flotilla'),
  importing(`${service}/g.ts`, 'express', 'Only the shells'),
  importing(`${service}/h.ts`, '@google-cloud/pubsub', 'Only its adapter'),
  importing(`${service}/i.ts`, 'undici', 'Effects: this package'),
  running(`${service}/j.ts`, "export const value = fetch('https://x.example');", 'Network: vendors'),
  running(`${service}/k.ts`, 'export const value = process.argv;', 'Environment: take'),
  running(`${service}/l.ts`, `${number} Date.now();`, 'Time: take'),
  running(`${service}/m.ts`, 'setTimeout(() => {}, 1);', 'Time: take'),
  importing('packages/cli/src/a.ts', '../../substrate/src/orm/table.ts', 'Import packages by name'),

  // The dashboard runs in a browser.
  importing(`${dashboard}/pages/a.ts`, 'node:fs', 'Floor 0 is pure: no node'),
  importing(`${dashboard}/pages/b.ts`, '@flotilla/substrate/store', 'the dashboard imports what is pure'),
  importing(`${dashboard}/rpc/call.ts`, '@flotilla/substrate/rpc', 'the dashboard imports what is pure'),
  importing(`${dashboard}/rpc/other.ts`, '../../../src/wire.ts', "the methods' types only"),
  running(`${dashboard}/pages/c.ts`, "export const value = fetch('/rpc');", 'call methods by rpc/'),

  // Style.
  importing(`${src}/json/cycle-a.ts`, './cycle-b.ts', 'no-cycle'),
  importing(`${src}/json/cycle-b.ts`, './cycle-a.ts', 'no-cycle'),
  running(`${src}/json/default.ts`, 'export default function planted(): void {}', 'no-default-export'),
  running(`${src}/json/mutable.ts`, 'export let value = 1;\nvalue += 1;', 'no-mutable-exports'),
  running(
    `${src}/json/floating.ts`,
    'async function wait(): Promise<void> {}\nwait();',
    'no-floating-promises',
  ),
  running(
    `${src}/json/misused.ts`,
    'async function isReady(): Promise<boolean> {\n  return true;\n}\nexport const value = isReady() ? 1 : 2;',
    'no-misused-promises',
  ),
  running(
    `${src}/json/await.ts`,
    'export async function planted(): Promise<void> {\n  await 1;\n}',
    'await-thenable',
  ),
  running(
    `${src}/json/throw.ts`,
    "export function planted(): never {\n  throw 'words';\n}",
    'only-throw-error',
  ),
  running(
    `${src}/json/switch.ts`,
    "export function planted(side: 'ours' | 'theirs'): number {\n  switch (side) {\n    case 'ours':\n      return 1;\n  }\n  return 2;\n}",
    'switch-exhaustiveness-check',
  ),
  running(`${src}/json/any.ts`, 'export const value: any = 1;', 'no-explicit-any'),
  running(`${src}/json/comment.ts`, "// @ts-ignore\nexport const value: number = '1';", 'ban-ts-comment'),
  running(
    `${src}/json/types.ts`,
    "import { Plant } from './plant.ts';\nexport function planted(plant: Plant): Plant {\n  return plant;\n}",
    'consistent-type-imports',
  ),
  running(
    `${src}/json/type.ts`,
    'export type Planted = { readonly value: number };',
    'consistent-type-definitions',
  ),
  running(`${src}/json/camelCase.ts`, `${number} 1;`, 'filename-case'),
  running(`${src}/json/long.ts`, `${number} 1;\n${'// planted\n'.repeat(400)}`, 'max-lines'),
  running(`${src}/json/long.test.ts`, `${number} 1;\n${'// planted\n'.repeat(800)}`, 'max-lines'),
  running(`${src}/json/console.ts`, "console.warn('planted');", 'no-console'),
  running(
    `${src}/json/var.ts`,
    'var planted = 1;\nexport function value(): number {\n  return planted++;\n}',
    'no-var',
  ),
  running(
    `${src}/json/let.ts`,
    'export function planted(): number {\n  let one = 1;\n  return one;\n}',
    'prefer-const',
  ),
  running(
    `${src}/json/equal.ts`,
    'export function planted(a: number, b: number): boolean {\n  return a == b;\n}',
    'eqeqeq',
  ),
  running(
    `${src}/json/nothing.test.ts`,
    "import { test } from 'vitest';\ntest('nothing', () => {});",
    'expect-expect',
  ),
  running(
    `${src}/json/unused.ts`,
    '// oxlint-disable-next-line no-console\nexport const value = 1;',
    'Unused oxlint-disable',
  ),
];

/** What the rules must leave alone; each of these once looked like a violation to a rule written too broadly. */
export const innocents: readonly Omit<Plant, 'says'>[] = [
  importing(`${src}/model/innocent.ts`, 'zod', ''),
  importing(`${src}/merge/innocent.ts`, '../json/innocent.ts', ''),
  running(`${src}/json/innocent.ts`, `${number} Date.parse('2026-01-01');`, ''),
  running(
    `${src}/json/digest.ts`,
    "import { hash } from 'node:crypto';\nexport const value = hash('sha256', '');",
    '',
  ),
  importing(`${src}/settings/cron.ts`, 'croner', ''),
  running(
    `${src}/orm/innocent.spanner.ts`,
    "import type { Spanner } from '@google-cloud/spanner';\nexport async function load(): Promise<typeof Spanner> {\n  return (await import('@google-cloud/spanner')).Spanner;\n}",
    '',
  ),
  importing(`${src}/tasks/innocent.local.ts`, '../orm/innocent.sqlite.ts', ''),
  importing(`${src}/rpc/express-shell.ts`, 'express', ''),
  running(`${src}/clock/innocent.system.ts`, 'export const now = Date.now();\nsetTimeout(() => {}, 1);', ''),
  running(`${src}/config/innocent.ts`, 'export const home = process.env.HOME;', ''),
  importing(`${src}/pipeline/innocent.test.ts`, '../orm/innocent.sqlite.ts', ''),
  importing(`${service}/entities/innocent.ts`, '@flotilla/substrate/vendor', ''),
  importing(`${service}/entities/innocent-too.ts`, '../api.ts', ''),
  importing(`${service}/simulator.ts`, '@flotilla/substrate/testing', ''),
  running(`${service}/main.ts`, 'process.exitCode = 1;', ''),
  importing(`${dashboard}/pages/innocent.ts`, '@flotilla/substrate/report/plain-text', ''),
  importing(`${dashboard}/rpc/call.ts`, '../../../src/wire.ts', ''),
];
