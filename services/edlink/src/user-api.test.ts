import { expect, test } from 'vitest';
import { idsOf, openSchool } from './school.fixture.ts';

const user = { api: 'user', district: { students: 40, assignments: 12, seed: 7 } } as const;

test('a teacher brings their own classes with their gradebooks, and what Edlink does not list for persons is passed over', async () => {
  const school = await openSchool(user);
  const { stage, simulator } = school;

  const { run, entityTypes } = await stage.sync();

  expect(run.state).toBe('succeeded');
  const passedOver = [...entityTypes].filter(([, { stage: reached }]) => reached === 'skipped');
  expect(passedOver.map(([name]) => name).toSorted()).toEqual([
    'academicSession',
    'demographics',
    'enrollment',
    'user',
  ]);
  const own = await idsOf(school, 'class');
  expect(own.length).toBeGreaterThan(0);
  expect(own.length).toBeLessThan(simulator.counts().classes ?? 0);
  for (const id of await idsOf(school, 'lineItem')) expect(own).toContain(id.split('.')[0]);
  expect(await idsOf(school, 'result')).not.toEqual([]);
});

test('the token is had by JSON, used for an hour and then renewed, and Edlink says with 400 that it has expired', async () => {
  const { stage, simulator, asked } = await openSchool(user);
  await stage.sync();
  const tokens = () => simulator.requests('POST /api/authentication/token').map(({ status }) => status);
  expect(tokens()).toEqual([200]);
  asked();
  let isFirst = true;
  stage.tap.tamper((response, { url }) => {
    if (isFirst && url.pathname.endsWith('/my/districts')) stage.clock.skip(65 * 60_000);
    isFirst = false;
    return response;
  });

  expect((await stage.sync()).run.state).toBe('succeeded');

  expect(tokens().length).toBeGreaterThan(1);
  simulator.addFault('GET /api/v2/my/schools: expire-token');
  expect((await stage.sync()).run.state).toBe('succeeded');
  expect(asked()).toContain('GET schools 400');
});

test.each([
  ['clientSecret', 'not-the-secret'],
  ['refreshToken', 'not-the-token'],
])('a wrong %s is told as such, at once', async (member, value) => {
  const { stage, simulator } = await openSchool(user);
  await stage.replaceCredential({ ...simulator.credential, [member]: value });

  const { run } = await stage.sync();

  expect(run).toMatchObject({ state: 'failed', failure: { code: 'credentials_rejected' } });
  const { result } = await stage.call('connection.check.v1', {
    customerId: stage.customerId,
    integrationId: run.integrationId,
  });
  expect(result).toMatchObject({ ok: false, failure: { code: 'credentials_rejected' } });
});
