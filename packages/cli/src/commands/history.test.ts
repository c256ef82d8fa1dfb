import type { JsonObject } from '@flotilla/substrate/json/json-value';
import { describe, expect, test } from 'vitest';
import { type FakeAnswers, openFakeControl } from '../fleet/fake-control.fixture.ts';

const runId = '51c33b78-c7f1-4e2c-994e-5502d89830f8';

function changeOf(sequence: number, own: JsonObject): JsonObject {
  return {
    sequence,
    changeId: `c${sequence}`,
    changedAt: `2026-01-31T07:00:0${sequence}.000Z`,
    action: 'update',
    runId,
    run: { context: 'nightly', method: 'rosters.sync.v1', reverts: null },
    by: [],
    fields: [],
    ...own,
  };
}

const changes = [
  changeOf(3, {
    fields: [
      { pointer: '/familyName', before: 'A', after: 'B', rule: 'decision' },
      { pointer: '/givenName', before: 'Ann', after: `\u001b[2J\u202e${'x'.repeat(10_000)}` },
    ],
  }),
  changeOf(2, {
    by: [{ actor: 'ana@district.example', did: 'edited', at: '2026-01-31T07:00:02.000Z', reason: null }],
    run: null,
    fields: [{ pointer: '/email', before: 'a@b' }],
  }),
  changeOf(1, { action: 'create', run: { context: 'manual', method: 'runs.revert.v1', reverts: runId } }),
];

const answers: FakeAnswers = {
  'customers.list.v1': { customers: [{ customerId: 'springfield', name: 'x', timeZone: 'UTC' }], next: null },
  'integrations.list.v1': { integrations: [{ integrationId: 'sis', vendor: 'oneroster', state: 'active' }] },
  'records.history.v1': ({ after, limit }) => {
    const found = changes.filter(({ sequence }) => after === undefined || Number(sequence) < Number(after));
    const page = found.slice(0, Math.min(2, Number(limit)));
    const last = page.at(-1)?.sequence ?? null;
    return { name: 'Ann\u202e Bee', movedTo: 'u-77', changes: page, next: last === 1 ? null : last };
  },
};

describe('flotilla history', () => {
  test('tells when, by which run and rule, what it was and became, and where it goes on; harmlessly', async () => {
    const { code, out, err } = await (await openFakeControl(answers)).run('history', 'user', 'u1');

    expect(code).toBe(0);
    const lines = out.split('\n').map((line) => line.replaceAll(/\s{2,}/g, ' | '));
    expect(lines.slice(0, 3)).toEqual([
      'springfield / sis: user Ann� Bee (u1)',
      'when | run | action | field | was | became | rule',
      '2026-01-31 07:00:03Z | 51c33b78 nightly | update | /familyName | A | B | decision',
    ]);
    expect(out).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e]/);
    expect(out).toMatch(/… 9,\d\d\d more/);
    expect(lines).toContain('2026-01-31 07:00:02Z | an edit | update | /email | a@b | (none)');
    expect(out).toContain('edited by ana@district.example');
    expect(out).toContain('reverts 51c33b78');
    expect(err).toContain('history user u-77 --customer springfield --integration sis');
  });

  test('gives a program the changes page after page, and no more than it asks for', async () => {
    const control = await openFakeControl(answers);
    const all = JSON.parse((await control.run('history', 'user', 'u1', '--json')).out);
    const two = await control.run('history', 'user', 'u1', '--limit', '2');

    expect(all).toEqual({
      customerId: 'springfield',
      integrationId: 'sis',
      entityType: 'user',
      recordId: 'u1',
      name: 'Ann\u202e Bee',
      movedTo: 'u-77',
      changes,
    });
    expect(two.err).toContain('There are more');
  });

  test('says which customer or integration may be meant where that is open', async () => {
    const two = {
      ...answers,
      'integrations.list.v1': ({ customerId }) =>
        customerId === 'springfield'
          ? {
              integrations: ['sis', 'lms'].map((integrationId) => ({
                integrationId,
                vendor: 'x',
                state: 'active',
              })),
            }
          : new Error('not_found'),
    } satisfies FakeAnswers;
    const control = await openFakeControl(two);
    const open = await control.run('history', 'user', 'u1');
    const wrong = await control.run('history', 'user', 'u1', '--integration', 'sys');
    const nobody = await control.run('history', 'user', 'u1', '--customer', 'springfeld');

    expect([open.code, wrong.code, nobody.code]).toEqual([1, 1, 1]);
    expect(open.err).toContain('--integration sis');
    expect(wrong.err).toContain('Is sis meant?');
    expect(nobody.err).toContain('Is springfield meant?');
  });
});
