import { describe, expect, test } from 'vitest';
import { paperSchool } from '../../packages/substrate/src/pipeline/paper-school.fixture.ts';
import { oneroster } from '../../services/oneroster/src/vendor.ts';
import { provesEverything } from './quality-level.ts';
import { sampleValues } from './sample-value.ts';
import { readVendorFacts } from './vendor-facts.ts';

describe('the facts of a vendor', () => {
  test('are read from its description: every way to sign in, every paging, and what can be written', () => {
    expect(readVendorFacts(oneroster)).toEqual({
      signIn: ['OAuth 2 client credentials', 'OAuth 1.0a'],
      paging: ['offset'],
      delta: undefined,
      writeBack: ['category', 'lineItem', 'result'],
    });
  });

  test('tell a feed that only says that something is new from one that says what', () => {
    const latest = () => ({ path: '/latest' });
    const list = { collection: { path: '/changes' }, says: () => [] };

    expect(readVendorFacts({ ...paperSchool, feed: { latest } }).delta).toBe(
      'nights without news are skipped',
    );
    expect(readVendorFacts({ ...paperSchool, feed: { latest, since: () => [list] } }).delta).toBe(
      'changes since, all entity types',
    );
    const since = (entityType: string) =>
      entityType === 'org' ? [{ ...list, isConsumed: true }] : undefined;
    expect(readVendorFacts({ ...paperSchool, feed: { since } }).delta).toBe(
      `queue of changes, 1 of ${paperSchool.entities.length} entity types`,
    );
  });

  test('name lists that are cut in another way than the others', () => {
    const [org, ...others] = paperSchool.entities;
    if (org === undefined) throw new Error('Paper School has no orgs');
    const collection: typeof org.collection = () => ({ path: '/orgs', paging: { kind: 'single' } });

    expect(readVendorFacts({ ...paperSchool, entities: [{ ...org, collection }, ...others] }).paging).toEqual(
      ['offset', 'whole lists'],
    );
  });
});

test('a sample has what must be there and what has a default, for each alternative', () => {
  const alternative = (type: string) => ({
    type: 'object',
    properties: {
      type: { type: 'string', const: type },
      url: { type: 'string', format: 'uri' },
      scopes: { type: 'array' },
      way: { enum: ['basic', 'form'], default: 'form' },
      note: { type: 'string' },
    },
    required: ['type', 'url', 'scopes'],
  });

  expect(sampleValues({ anyOf: [alternative('a'), alternative('b')] })).toEqual([
    { type: 'a', url: 'https://vendor.example', scopes: [], way: 'form' },
    { type: 'b', url: 'https://vendor.example', scopes: [], way: 'form' },
  ]);
});

describe('a test proves everything', () => {
  test.each([
    ['where it chooses no topics', "describeVendor(a, f({ x: (1) }), { folder: 'x' });", true],
    [
      'where one of its calls chooses none',
      "describeVendor(a, f, { topics: ['x'] }); describeVendor(a, f, {});",
      true,
    ],
    ['never where all choose', "describeVendor(a, f, { topics: ['paging'] });\nconst topics = 1;", false],
    ['never without the suite', 'describeThing(a, f, {});', false],
  ])('%s', (_where, text, proves) => {
    expect(provesEverything(text)).toBe(proves);
  });
});
