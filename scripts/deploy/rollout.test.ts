import { describe, expect, test } from 'vitest';
import { dashboardCommand, isTooFaulty, migrationCommands } from './plan-rollout.ts';
import { type RolloutEffects, rolloutService } from './rollout-service.ts';

const release = { project: 'p', region: 'r', images: 'i', tag: 'abc' };

/** Cloud Run as far as a release sees it. */
function cloud(options: {
  readonly fails?: string;
  readonly statuses?: readonly number[];
  readonly requests?: readonly number[];
}) {
  const said: string[] = [];
  const statuses = [...(options.statuses ?? [])];
  let hasCanary = false;
  const effects: RolloutEffects = {
    async gcloud(command) {
      const line = command.filter((word) => !/^--(project|region|quiet|format)/.test(word)).join(' ');
      said.push(line.replace(/^run (services )?/, ''));
      if (options.fails !== undefined && line.includes(options.fails))
        throw new Error(`gcloud: ${options.fails}`);
      if (line.startsWith('run deploy')) hasCanary = true;
      if (line.startsWith('logging'))
        return JSON.stringify((options.requests ?? []).map((status) => ({ httpRequest: { status } })));
      const canary = { tag: 'canary', revisionName: 'red-2', url: 'https://canary' };
      return JSON.stringify({
        metadata: { name: 'red' },
        status: { traffic: [...(hasCanary ? [canary] : []), { revisionName: 'red-1', percent: 100 }] },
      });
    },
    async post(url) {
      said.push(`POST ${url}`);
      return statuses.shift() ?? 401;
    },
    async watch() {
      said.push('watch');
    },
    now: () => new Date('2026-01-02T03:04:05Z'),
    say: (line) => said.push(line),
  };
  return { said, effects };
}

const looks =
  'logging read resource.type="cloud_run_revision" AND resource.labels.revision_name="red-2" AND ' +
  'logName="projects/p/logs/run.googleapis.com%2Frequests" AND timestamp>="2026-01-02T03:04:05.000Z" --limit=10000';
const until = {
  deployed: ['describe red', 'deploy red --image=i/red:abc --no-traffic --tag=canary'],
  asked: ['describe red', 'POST https://canary/rpc'],
  tried: ['update-traffic red --to-tags=canary=10', 'watch', 'POST https://canary/rpc'],
  back: ['update-traffic red --to-revisions=red-1=100', 'red: rolled back to red-1'],
};

describe('a release', () => {
  test('is deployed without traffic, asked, tried out with a tenth, and then serves everything', async () => {
    const { said, effects } = cloud({ requests: [200, 204, 401, 503] });

    await rolloutService('red', release, effects);

    expect(said).toEqual([
      ...until.deployed,
      ...until.asked,
      ...until.tried,
      looks,
      'update-traffic red --to-latest',
      'update-traffic red --remove-tags=canary',
      'red: released abc',
    ]);
  });

  test('that does not start leaves the traffic alone', async () => {
    const { said, effects } = cloud({ fails: 'run deploy' });

    await expect(rolloutService('red', release, effects)).rejects.toThrow('gcloud: run deploy');
    expect(said).toEqual(until.deployed);
  });

  test.each<[string, Parameters<typeof cloud>[0], readonly string[]]>([
    ['that is not healthy', { statuses: [500] }, [...until.asked]],
    ['that is not healthy any more', { statuses: [401, 503] }, [...until.asked, ...until.tried]],
    ['that fails too often', { requests: [200, 500] }, [...until.asked, ...until.tried, looks]],
    [
      'whose traffic cannot be turned',
      { fails: '--to-tags' },
      [...until.asked, 'update-traffic red --to-tags=canary=10'],
    ],
  ])('%s is rolled back', async (_which, options, steps) => {
    const { said, effects } = cloud(options);

    await expect(rolloutService('red', release, effects)).rejects.toThrow('red was not released');
    expect(said).toEqual([...until.deployed, ...steps, ...until.back]);
  });
});

test.each<[string, readonly number[], boolean]>([
  ['none', [], false],
  ['a vendor that is down', [503, 503], false],
  ['one fault among few', [200, 500], true],
  ['one fault among a hundred', [...Array.from({ length: 99 }, () => 200), 500], false],
  ['a process that died', [502], true],
])('of requests, %s tells whether there are too many faults', (_which, statuses, expected) => {
  expect(isTooFaulty(statuses.map((status) => ({ httpRequest: { status } })))).toBe(expected);
});

test('the store is migrated by the image of control', () => {
  expect(migrationCommands(release).map((command) => command.slice(0, 5).join(' '))).toEqual([
    'run jobs update migrate --image=i/control:abc',
    'run jobs execute migrate --wait',
  ]);
});

test('the dashboard follows with the image of control, and without a canary that nobody could ask', () => {
  expect(dashboardCommand(release).join(' ')).toBe(
    'run deploy dashboard --image=i/control:abc --project=p --region=r --quiet',
  );
});
