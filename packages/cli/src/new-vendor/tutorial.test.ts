import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { codeBlocksOf } from '../../../../scripts/check/docs-code.ts';
import { knownCommands } from '../program.ts';
import { createVendor } from './create-vendor.ts';
import { createVendorWorkspace, type VendorWorkspace } from './vendor-workspace.fixture.ts';

/** docs/adding-a-vendor.md, followed to the letter. That its code type-checks is `npm run check`'s matter. */
const root = join(import.meta.dirname, '../../../..');
const text = readFileSync(join(root, 'docs/adding-a-vendor.md'), 'utf8');
let workspace: VendorWorkspace;

beforeAll(() => {
  workspace = createVendorWorkspace();
});
afterAll(() => workspace.remove());

describe('who follows docs/adding-a-vendor.md', () => {
  test('has a vendor that passes the whole conformance suite', { timeout: 120_000 }, () => {
    createVendor(workspace.services, { id: 'pinecone', auth: 'api-key', paging: 'cursor' });
    for (const { name, code } of codeBlocksOf(text)) workspace.write(`services/pinecone/${name}`, code);
    const [orgs = '', users = ''] = [...text.matchAll(/^```json\n([^`]+)```$/gm)].map(
      ([, json]) => json ?? '',
    );
    workspace.write('services/pinecone/fixtures/responses/orgs.json', orgs);
    workspace.write('services/pinecone/fixtures/responses/users.json', users);
    workspace.write('vitest.config.ts', "export default { test: { pool: 'forks', testTimeout: 30_000 } };\n");

    const { stdout, stderr, status } = workspace.run('vitest', 'run', 'services/pinecone');

    expect(status, stdout + stderr).toBe(0);
    expect(stdout).toMatch(/Tests .*\d\d passed/);
  });

  test('finds every command that it names', () => {
    const lines = [...text.matchAll(/^```sh\n([^`]+)```$/gm)].flatMap(([, block]) =>
      (block ?? '').split('\n'),
    );
    const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
      readonly scripts: Readonly<Record<string, string>>;
    };
    const named = lines.flatMap((line) => {
      const [, script, ours] = /^npm (?:run )?(?:--silent )?([\w-]+)(?: -- ([\w-]+))?/.exec(line) ?? [];
      return script === undefined ? [] : [{ script, ours }];
    });

    expect(named.length).toBeGreaterThan(8);
    expect(named.filter(({ script }) => scripts[script] === undefined)).toEqual([]);
    expect(
      named.filter(({ script, ours = '' }) => script === 'flotilla' && !knownCommands.includes(ours)),
    ).toEqual([]);
  });
});
