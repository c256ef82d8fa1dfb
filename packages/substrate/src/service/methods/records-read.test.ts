import { describe, expect, onTestFinished, test } from 'vitest';
import type { JsonObject } from '../../json/json-value.ts';
import { createPaperSchool, paperCredential, paperGradebook } from '../../pipeline/paper-school.fixture.ts';
import { firstIntegration, openVendorStage } from '../../testing/vendor-stage.ts';
import { defineRecordsRead } from './records-read.ts';

const vendor = { ...paperGradebook, methods: defineRecordsRead };
const which = { customerId: 'springfield', integrationId: firstIntegration, entityType: 'user' };

async function openStage() {
  const school = createPaperSchool();
  const stage = await openVendorStage({
    vendor,
    createSimulator: () => Object.assign(school, { edit: () => undefined }),
    connection: ({ origin }) => ({ baseUrl: origin }),
    credential: () => paperCredential,
  });
  onTestFinished(() => stage.close());
  return { school, ...stage };
}

const user = (n: number) => ({
  status: 'active',
  enabledUser: true,
  givenName: `Given ${n}`,
  familyName: 'Oakley',
  roles: [],
});

describe('records.read', () => {
  test('v2 answers per id, in the order asked, with what the vendor has now', async () => {
    const { call, school, stored } = await openStage();
    school.data.users[1] = { id: 'u2', given: 'Given 2' };

    const { result } = await call('records.read.v2', { ...which, recordIds: ['u3', 'nobody', 'u2', 'u1'] });

    expect(result).toEqual({
      records: [
        { recordId: 'u3', state: 'found', value: user(3) },
        { recordId: 'nobody', state: 'absent' },
        {
          recordId: 'u2',
          state: 'unreadable',
          failure: {
            code: 'record_quarantined',
            message: expect.any(String),
            data: { issues: [expect.objectContaining({ pointer: '/family' })] },
          },
        },
        { recordId: 'u1', state: 'found', value: user(1) },
      ],
    });
    expect(await stored()).toEqual([]);
  });

  test('v1 answers of one what v2 answers of it', async () => {
    const { call, school } = await openStage();
    school.data.users[1] = { id: 'u2', given: 'Given 2' };

    const answers = await Promise.all(
      ['u1', 'nobody', 'u2'].map(async (recordId) => {
        const { result } = await call('records.read.v1', { ...which, recordId });
        return result;
      }),
    );

    expect(answers).toEqual([
      { recordId: 'u1', value: user(1), failure: null },
      { recordId: 'nobody', value: null, failure: null },
      { recordId: 'u2', value: null, failure: expect.objectContaining({ code: 'record_quarantined' }) },
    ]);
  });

  test('fails as a whole where it is not about one record', async () => {
    const { call, replaceCredential, school } = await openStage();
    school.addFault('GET /users/*: 429 retry-after=3600');
    const limited = await call('records.read.v2', { ...which, recordIds: ['u1', 'u2'] });
    await replaceCredential({ username: 'office', password: 'wrong' });
    const refused = await call('records.read.v2', { ...which, recordIds: ['u1', 'u2'] });

    expect(limited.error?.data).toMatchObject({ code: 'rate_limited' });
    expect(refused.error?.data).toMatchObject({ code: 'credentials_rejected' });
  });

  test.each<[string, JsonObject, string]>([
    [
      'an entity type of which it shows no single record',
      { entityType: 'org', recordIds: ['o1'] },
      '/entityType',
    ],
    ['no id', { recordIds: [] }, '/recordIds'],
    [
      'more ids than one call may ask',
      { recordIds: Array.from({ length: 51 }, (_, n) => `u${n}`) },
      '/recordIds',
    ],
  ])('refuses %s', async (_what, wrong, pointer) => {
    const { call } = await openStage();

    const { error } = await call('records.read.v2', { ...which, ...wrong });

    expect(error?.data).toMatchObject({ code: 'invalid_params', issues: [{ pointer }] });
  });

  test('is not for a vendor that shows no single record', () => {
    const entities = vendor.entities.filter(({ one }) => one === undefined);

    expect(() => defineRecordsRead({ ...vendor, entities })).toThrow('shows no single record');
  });
});
