import { afterEach, describe, expect, test } from 'vitest';
import type { OneRosterSimulator } from '../simulator.ts';
import { startOneRosterSimulator } from './start-simulator.ts';

const opened: OneRosterSimulator[] = [];
afterEach(async () => {
  await Promise.all(opened.splice(0).map((simulator) => simulator.close()));
});

describe('the simulator for the command line', () => {
  test('takes its flags as text and tells a person how to get in', async () => {
    const { simulator, lines } = await startOneRosterSimulator({
      students: '30',
      seed: '5',
      version: '1.1',
      fault: ['GET /users: 500'],
    });
    opened.push(simulator);

    expect(simulator.version).toBe('1.1');
    expect(lines.join('\n')).toContain(
      `OneRoster 1.1 at ${simulator.baseUrl}\nconsumer key  ${simulator.credentials.kind === 'oauth1' && simulator.credentials.consumerKey}`,
    );
    expect(lines.join('\n')).toContain('30 demographics');
    expect(simulator.faults()).toHaveLength(1);
  });

  test.each([
    [{ students: 'many' }, { flag: '--students', found: 'many' }],
    [{ version: '1.3' }, { flag: '--version', found: '1.3', expected: ['1.1', '1.2'] }],
    [{ port: '70000' }, { found: 70_000 }],
    [{ data: '/tmp', seed: '1' }, { data: '/tmp' }],
  ])('refuses %j by the flag', async (flags, data) => {
    await expect(startOneRosterSimulator(flags)).rejects.toMatchObject({ code: 'config_invalid', data });
  });
});
