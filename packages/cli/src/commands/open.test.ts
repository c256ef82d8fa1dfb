import { describe, expect, test } from 'vitest';
import { openFakeControl } from '../fleet/fake-control.fixture.ts';

const url = 'http://127.0.0.1:4101/sign-in#a-code-that-works-once';
const answers = { 'signIn.createLink.v1': { url, expiresAt: '2026-01-31T07:05:00.000Z' } };

describe('open', () => {
  test('opens the dashboard for whoever sits at the machine, as admin', async () => {
    const control = await openFakeControl(answers);

    const { code, out, err } = await control.run('open');

    expect(control.calls).toEqual([['signIn.createLink.v1', { name: 'ana', role: 'admin' }]]);
    expect(control.opened).toEqual([url]);
    expect([code, out]).toEqual([0, `${url}\n`]);
    expect(err).toContain('For ana, as admin');
    expect(err).toContain('Your browser is asked to open it.');
  });

  test('opens it for somebody else, who may only look', async () => {
    const control = await openFakeControl(answers);
    await control.run('open', '--role', 'viewer', '--name', 'Ben of the district');
    expect(control.calls).toEqual([
      ['signIn.createLink.v1', { name: 'Ben of the district', role: 'viewer' }],
    ]);
  });

  test('says so where there is no screen, and leaves the link', async () => {
    const control = await openFakeControl(answers, undefined, false);
    const { code, out, err } = await control.run('open');
    expect([code, out]).toEqual([0, `${url}\n`]);
    expect(err).toContain('no screen here: open the link yourself');
  });

  test.each([
    [['--print'], `${url}\n`],
    [
      ['--json', '--role', 'viewer'],
      `${JSON.stringify({ ...answers['signIn.createLink.v1'], name: 'ana', role: 'viewer' })}\n`,
    ],
  ])('opens nothing with %j, and says the link alone', async (words, said) => {
    const control = await openFakeControl(answers);
    expect(await control.run('open', ...words)).toEqual({ code: 0, out: said, err: '' });
    expect(control.opened).toEqual([]);
  });

  test('knows no other roles, and tells what control refuses', async () => {
    const control = await openFakeControl({ 'signIn.createLink.v1': () => new Error('config_invalid') });
    expect((await control.run('open', '--role', 'orchestrator')).err).toContain('Allowed choices are');
    expect(await control.run('open')).toMatchObject({ code: 1, out: '' });
    expect(control.opened).toEqual([]);
  });
});
