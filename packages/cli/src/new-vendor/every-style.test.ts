import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type CreatedVendor, createVendor } from './create-vendor.ts';
import { authStyles, pagingStyles, type VendorStyle } from './vendor-style.ts';
import { createVendorWorkspace, type VendorWorkspace } from './vendor-workspace.fixture.ts';

/**
 * What each pair proves. One, all, since its paging is no other test's (the template's own test proves bearer and link, the tutorial's API keys
 * and cursors, OneRoster's the offsets). Each paging with bearer tokens: that it pages. Every pair: that it signs in, syncs page by page, and
 * is refused in order.
 */
function topicsOf({ auth, paging }: VendorStyle): readonly string[] | undefined {
  if (auth === 'oauth2' && paging === 'page-token') return undefined;
  return auth === 'bearer' ? ['credentials', 'paging'] : ['credentials'];
}

const styles: readonly VendorStyle[] = authStyles.flatMap((auth) =>
  pagingStyles.map((paging) => ({ auth, paging })),
);
let workspace: VendorWorkspace;
const vendors: CreatedVendor[] = [];

beforeAll(() => {
  workspace = createVendorWorkspace();
  for (const style of styles) vendors.push(createVendor(workspace.services, { ...style, id: idOf(style) }));
  workspace.run('biome', 'check', '--write', 'services');
});
afterAll(() => workspace.remove());

describe('a new vendor of each of the twenty pairs of styles', () => {
  test('has every file that the template has, and no trace of its names', () => {
    expect(vendors).toHaveLength(20);
    for (const { names, paths } of vendors) {
      expect(paths).toContain(`src/${names.id}.test.ts`);
      expect(paths).toHaveLength(17);
    }
    const found = workspace.run('node', '-e', findTraces, 'services').stdout;
    expect(found).toBe('');
  });

  test('type-checks', { timeout: 120_000 }, () => {
    workspace.write(
      'tsconfig.services.json',
      JSON.stringify({ extends: './tsconfig.base.json', include: ['services/*/src'] }),
    );

    const { stdout } = workspace.run('tsc', '--noEmit', '--pretty', 'false', '-p', 'tsconfig.services.json');

    // What they import is checked with them, and by `npm run check` already.
    expect(stdout.split('\n').filter((line) => line.startsWith('services/'))).toEqual([]);
    expect(stdout).not.toMatch(/^error /m);
  });

  test('lints', { timeout: 120_000 }, () => {
    const { stdout, status } = workspace.run('oxlint', 'services');

    expect(status, stdout).toBe(0);
    expect(stdout).toContain('Found 0 warnings and 0 errors');
  });

  test('is formatted', () => {
    const { stdout, stderr, status } = workspace.run('biome', 'check', '--error-on-warnings', 'services');

    expect(status, stdout + stderr).toBe(0);
  });

  test('passes the conformance suite', { timeout: 300_000 }, () => {
    workspace.write('vitest.config.ts', vitestConfig);
    for (const style of styles)
      workspace.write(`services/${idOf(style)}/src/tried.test.ts`, trial(topicsOf(style)));

    const { stdout, stderr } = workspace.run('vitest', 'run', '--reporter=json', '--outputFile=tried.json');

    const report = readReport(join(workspace.path, 'tried.json'), stdout + stderr);
    expect(report.failed).toEqual([]);
    expect(report.passed).toBeGreaterThan(220);
  });
});

/** Which tests of the trials failed, and with what. */
function readReport(path: string, output: string) {
  if (!existsSync(path)) throw new Error(`The trials ended without a report: ${output}`);
  const report = JSON.parse(readFileSync(path, 'utf8')) as {
    readonly numPassedTests: number;
    readonly testResults: readonly {
      readonly name: string;
      readonly status: string;
      readonly message: string;
      readonly assertionResults: readonly {
        readonly fullName: string;
        readonly status: string;
        readonly failureMessages: readonly string[];
      }[];
    }[];
  };
  const failed = report.testResults.flatMap(({ name, status, message, assertionResults }) => {
    const tests = assertionResults.filter((one) => one.status === 'failed');
    const texts = tests.map(({ fullName, failureMessages }) => `${fullName}: ${failureMessages[0]}`);
    return status === 'failed' && texts.length === 0 ? [`${name}: ${message}`] : texts;
  });
  return { failed, passed: report.numPassedTests };
}

function idOf({ auth, paging }: VendorStyle): string {
  return `${auth}-with-${paging}`;
}

/** The vendor's own test, on a smaller district; without topics, all of them. */
function trial(topics: readonly string[] | undefined): string {
  return `
import { describeVendor } from '@flotilla/substrate/testing/describe-vendor';
import { simulator } from './simulator.ts';
import { strangeCredential } from './simulator/access.ts';
import * as described from './vendor.ts';
const [vendor] = Object.values(described);
const district = { students: 3, assignments: 0, attendance: 0, assessmentResults: 0 };
describeVendor(vendor, ({ clock }) => simulator.create({ clock, district }), {
  folder: import.meta.dirname,
  connection: ({ connection }) => connection,
  credential: ({ credential }) => credential,
  refusedCredential: () => strangeCredential,
  collectionNames: { org: 'orgs', user: 'users' },
  pageSize: 3,
  ${topics === undefined ? '' : `topics: ${JSON.stringify(topics)},`}
});
`;
}

const vitestConfig = `
export default {
  test: { include: ['services/*/src/tried.test.ts'], pool: 'forks', isolate: false, maxWorkers: 2, testTimeout: 30_000 },
};
`;

const findTraces = `
const { globSync, readFileSync } = require('node:fs');
for (const path of globSync(process.argv[1] + '/*-with-*/**/*.{ts,md,json}'))
  if (/example.?sis/i.test(readFileSync(path, 'utf8'))) console.log(path);
`;
