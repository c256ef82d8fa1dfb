import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { type CliProcess, runCli, startCli } from '../cli-process.fixture.ts';
import { keepFreePorts } from '../fleet/keep-free-ports.fixture.ts';

let home: string;
let dev: CliProcess;

beforeAll(async () => {
  home = mkdtempSync(join(tmpdir(), 'flotilla-runs-'));
  await keepFreePorts(home);
  dev = startCli(['dev', '--home', home, '--json', '--services', 'oneroster']);
  await vi.waitUntil(() => dev.out().includes('\n'), { timeout: 30_000 });
});

afterAll(async () => {
  dev.child.kill('SIGTERM');
  await dev.ended;
  rmSync(home, { recursive: true, force: true });
});

describe('the runs of a customer', () => {
  test('who is not there are refused, with how to connect one while there is none', async () => {
    const { code, out, err } = await flotilla('runs', 'nobody');

    expect([code, out]).toEqual([1, '']);
    expect(err).toContain('No such customer');
    expect(err).toContain('connect --help');
  });

  test('who is not there are refused with those who are, and the one that may be meant', async () => {
    await addCustomers('springfield', 'shelbyville');

    const misspelt = await flotilla('runs', 'sprinfield');
    const unlike = await flotilla('runs', 'nobody', '--json');

    expect([misspelt.code, misspelt.out]).toEqual([1, '']);
    expect(misspelt.err).toContain('→ Connected: shelbyville, springfield. Is springfield meant?');
    expect([unlike.code, unlike.out]).toEqual([1, '']);
    expect(JSON.parse(unlike.err).error).toMatchObject({ code: 'not_found', message: 'No such customer' });
    expect(unlike.err).not.toContain('meant?');
  });

  test('who has none yet are none, which is no error', async () => {
    await addCustomers('springfield');

    const { code, out } = await flotilla('runs', 'springfield');

    expect(code).toBe(0);
    expect(out).toContain('No runs yet');
  });
});

async function addCustomers(...customerIds: readonly string[]): Promise<void> {
  for (const customerId of customerIds) {
    const params = JSON.stringify({ customerId, name: customerId });
    expect((await flotilla('call', 'control', 'customers.put.v1', params)).code).toBe(0);
  }
}

function flotilla(...words: readonly string[]) {
  return runCli([...words, '--home', home]);
}
