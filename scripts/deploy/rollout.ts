import { execFile } from 'node:child_process';
import { setTimeout } from 'node:timers/promises';
import { parseArgs, promisify } from 'node:util';
import {
  type Command,
  dashboard,
  dashboardCommand,
  listCommand,
  migrationCommands,
  type Release,
  serviceCommands,
} from './plan-rollout.ts';
import { type RolloutEffects, rolloutService } from './rollout-service.ts';

/**
 * Releases services to Cloud Run, one after the other, and stops at the first that fails:
 *
 *     node scripts/run.mjs scripts/deploy/rollout.ts --project P --region R --images I --tag COMMIT [--watch SECONDS] [--dry-run] SERVICE…
 *
 * With control among them the store is migrated first, and the dashboard follows last. `--dry-run` prints the calls of gcloud and makes none.
 */
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    project: { type: 'string' },
    region: { type: 'string' },
    images: { type: 'string' },
    tag: { type: 'string' },
    watch: { type: 'string', default: '300' },
    'dry-run': { type: 'boolean', default: false },
  },
});
const { project, region, images, tag, watch, 'dry-run': isDry } = values;
if (!project || !region || !images || !tag || !(Number(watch) >= 0)) {
  console.error('Needed: --project, --region, --images and --tag, then the services; --watch is in seconds');
  process.exit(2);
}
const release: Release = { project, region, images, tag };
/** Whoever is called comes before who calls: a task or a change of the new version is then understood. */
const services = positionals.toSorted((a, b) => rankOf(a) - rankOf(b));

const effects: RolloutEffects = {
  async gcloud(command) {
    console.log(`$ gcloud ${command.join(' ')}`);
    const { stdout } = await promisify(execFile)('gcloud', [...command], { maxBuffer: 100_000_000 });
    return stdout;
  },
  async post(url) {
    const headers = { 'content-type': 'application/json' };
    const answer = await fetch(url, {
      method: 'POST',
      headers,
      body: '{}',
      signal: AbortSignal.timeout(30_000),
    });
    return answer.status;
  },
  watch: () => setTimeout(Number(watch) * 1000),
  now: () => new Date(),
  say: (line) => console.log(line),
};

if (isDry) printPlan();
else await rollOut();

async function rollOut(): Promise<void> {
  const there = (await effects.gcloud(listCommand(release))).split('\n');
  if (services.includes('control'))
    for (const command of migrationCommands(release)) await effects.gcloud(command);
  for (const service of services) {
    if (there.includes(service)) await rolloutService(service, release, effects);
    else
      console.log(
        `${service}: not in the project yet. Its image is there: terraform apply makes the service`,
      );
  }
  if (services.includes('control') && there.includes(dashboard))
    await effects.gcloud(dashboardCommand(release));
}

function printPlan(): void {
  if (services.includes('control')) for (const command of migrationCommands(release)) print(command);
  for (const service of services) {
    const { describe, deploy, canary, requests, full, rollBack, untag } = serviceCommands(service, release);
    const seen = requests('<canary>', '<since>');
    for (const command of [describe, deploy, describe, canary, seen, full, untag]) print(command);
    print(rollBack('<the revision before>'), '# where it fails: ');
  }
  if (services.includes('control')) print(dashboardCommand(release), '# where there is one: ');
}

function print(command: Command, before = ''): void {
  console.log(`${before}gcloud ${command.join(' ')}`);
}

function rankOf(service: string): number {
  if (service === 'warehouse') return 0;
  return service === 'control' ? 2 : 1;
}
