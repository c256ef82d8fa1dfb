import { afterEach, describe, expect, test } from 'vitest';
import {
  createOneRosterSimulator,
  type OneRosterSimulator,
  type OneRosterSimulatorOptions,
} from '../simulator.ts';

const opened: OneRosterSimulator[] = [];
afterEach(async () => {
  await Promise.all(opened.splice(0).map((simulator) => simulator.close()));
});

async function open(options: OneRosterSimulatorOptions = {}): Promise<OneRosterSimulator> {
  const simulator = await createOneRosterSimulator({ district: { students: 120, seed: 1 }, ...options });
  opened.push(simulator);
  await simulator.listen();
  return simulator;
}

describe("the vendor's own edits", () => {
  test('of a night have exactly the counts they say, by hand or through the admin endpoint', async () => {
    for (const version of ['1.1', '1.2'] as const) {
      const simulator = await open({ version });
      const before = simulator.counts();

      const response = await fetch(`${simulator.origin}/admin/night`, {
        method: 'POST',
        headers: { Authorization: `Bearer ${simulator.adminToken}` },
        body: JSON.stringify({ renamed: 2, enrolled: 1, withdrawn: 1, rooms: 1, scores: 2 }),
      });
      const { counts, night } = (await response.json()) as {
        counts: Record<string, Record<string, number>>;
        night: number;
      };

      expect(night).toBe(2);
      expect(counts.users).toEqual({ created: 1, updated: 2, removed: 1 });
      expect(counts.demographics).toEqual({ created: 1, updated: 0, removed: 1 });
      expect(counts.classes).toEqual({ created: 0, updated: 1, removed: 0 });
      const after = simulator.counts();
      for (const [name, { created = 0, removed = 0 }] of Object.entries(counts)) {
        expect([name, after[name]]).toEqual([name, (before[name] ?? 0) + created - removed]);
      }
      expect(simulator.nextNight({ withdrawn: 1, removal: 'tobedeleted' }).users?.removed).toBe(1);
    }
  });

  test('put, remove and mark records, all or none', async () => {
    const simulator = await open();
    const org = { ...simulator.record('orgs', 'org-school-001'), name: 'Renamed' };

    const counts = simulator.edit([
      { collection: 'orgs', op: 'put', id: 'org-school-001', record: org },
      { collection: 'users', op: 'remove', id: 'stu-000001' },
      { collection: 'users', op: 'tobedeleted', id: 'stu-000002' },
    ]);

    expect(counts).toEqual({
      orgs: { created: 0, updated: 1, removed: 0 },
      users: { created: 0, updated: 0, removed: 2 },
    });
    expect(simulator.record('orgs', 'org-school-001')?.name).toBe('Renamed');
    expect(simulator.record('users', 'stu-000001')).toBeUndefined();
    expect(simulator.record('users', 'stu-000002')?.status).toBe('tobedeleted');
    expect(() =>
      simulator.edit([
        { collection: 'users', op: 'remove', id: 'stu-000003' },
        { collection: 'users', op: 'remove', id: 'nobody' },
      ]),
    ).toThrow('No such record');
    expect(() => simulator.edit([{ collection: 'people', op: 'remove', id: 'x' }])).toThrow(
      'No such collection',
    );
    expect(simulator.record('users', 'stu-000003')).toBeDefined();
  });
});
