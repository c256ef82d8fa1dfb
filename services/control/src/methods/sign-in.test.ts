import { openServiceStage } from '@flotilla/substrate/testing/service-stage';
import { describe, expect, onTestFinished, test } from 'vitest';
import { openControl } from '../control.fixture.ts';
import { control } from '../service.ts';

const ana = { name: 'Ana Díaz', role: 'viewer' };

describe('a link to sign in', () => {
  test('is made for whoever has the token of the fleet, and noted without its code', async () => {
    const stage = await openControl();

    const { url, expiresAt } = await stage.result('signIn.createLink.v1', ana);

    expect(url).toMatch(/^http:\/\/pages\.invalid\/sign-in#[\w-]{43}$/);
    expect(expiresAt).toBe(new Date(stage.clock.now() + 300_000).toISOString());
    const noted = stage.logged.find((line) => line.includes('A link to sign in was made'));
    expect(noted).toContain('Ana Díaz');
    expect(stage.logged.join('\n')).not.toContain((url as string).split('#')[1]);
  });

  test.each([
    [{ ...ana, role: 'orchestrator' }, '/role'],
    [{ ...ana, name: ' ' }, '/name'],
    [{ ...ana, name: 'An\u0000a' }, '/name'],
    [{ ...ana, name: 'An\u202Ea' }, '/name'],
    [{ ...ana, name: 'A'.repeat(101) }, '/name'],
    [{ role: 'admin' }, '/name'],
    [{ name: 'Ana' }, '/role'],
  ])('is not made for %j', async (params, pointer) => {
    const { error } = await (await openControl()).call('signIn.createLink.v1', params);
    expect(error?.data).toMatchObject({ code: 'invalid_params', issues: [{ pointer }] });
  });

  test('is not made for somebody who came by one, who could stay for ever by it', async () => {
    const stage = await openControl({ caller: { name: 'Ana', signedInBy: 'link' } });
    const { error } = await stage.call('signIn.createLink.v1', ana);
    expect(error?.data).toMatchObject({ code: 'forbidden', signedInBy: 'link' });
  });
});

test('nobody makes links where Identity-Aware Proxy signs people in', async () => {
  const inTheCloud = await openServiceStage({
    ...control,
    open: (parts) => control.open({ ...parts, signInLinks: undefined }),
  });
  onTestFinished(() => inTheCloud.close());
  const { error } = await inTheCloud.call('signIn.createLink.v1', ana);
  expect(error?.data).toMatchObject({
    code: 'config_invalid',
    expected: expect.stringContaining('Identity'),
  });
});

describe('session.get', () => {
  const fleet = { stack: 'local', version: '0', mail: false };

  test('tells a person who is signed in, how, and which fleet this is', async () => {
    const stage = await openControl({ caller: { name: 'Ana', signedInBy: 'iap' } });
    const answer = { name: 'Ana', role: 'viewer', signedInBy: 'iap', fleet };
    expect(await stage.result('session.get.v1', {}, 'viewer')).toEqual(answer);
  });

  test('tells a program that it has a token', async () => {
    const answer = { name: 'test', role: 'scheduler', signedInBy: 'token', fleet };
    expect(await (await openControl()).result('session.get.v1', {}, 'scheduler')).toEqual(answer);
  });
});
