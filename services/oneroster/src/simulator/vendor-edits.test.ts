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

  test('are real, night after night: what differs, dates aside, is what the counts say', async () => {
    const simulator = await open({ district: { students: 60, seed: 9 } });
    const collections = ['users', 'demographics', 'classes', 'enrollments', 'results'] as const;
    let before = await snapshot(simulator, collections);

    for (let night = 2; night <= 10; night++) {
      const counts = simulator.nextNight({ withdrawn: 1 });
      const after = await snapshot(simulator, collections);
      for (const collection of collections) {
        const [was, is] = [before.get(collection), after.get(collection)];
        const ids = [...(is?.keys() ?? [])];
        const found = {
          created: ids.filter((id) => !was?.has(id)).length,
          updated: ids.filter((id) => was?.has(id) && was.get(id) !== is?.get(id)).length,
          removed: [...(was?.keys() ?? [])].filter((id) => !is?.has(id)).length,
        };
        expect([night, collection, found]).toEqual([
          night,
          collection,
          counts[collection] ?? { created: 0, updated: 0, removed: 0 },
        ]);
      }
      before = after;
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

/** Every record's text without its date, by collection and id, as a client gets them. */
async function snapshot(
  simulator: OneRosterSimulator,
  collections: readonly string[],
): Promise<ReadonlyMap<string, ReadonlyMap<string, string>>> {
  if (simulator.credentials.kind !== 'oauth2') throw new Error('not OAuth 2');
  const { clientId, clientSecret, scopes } = simulator.credentials;
  const basic = Buffer.from(`${encodeURIComponent(clientId)}:${encodeURIComponent(clientSecret)}`).toString(
    'base64',
  );
  const issued = await fetch(simulator.tokenUrl, {
    method: 'POST',
    headers: { Authorization: `Basic ${basic}` },
    body: new URLSearchParams({ grant_type: 'client_credentials', scope: scopes.join(' ') }),
  });
  const { access_token } = (await issued.json()) as { access_token: string };
  const taken = new Map<string, ReadonlyMap<string, string>>();
  for (const collection of collections) {
    const service = collection === 'results' ? 'gradebook' : 'rostering';
    const url = `${simulator.baseUrl}/ims/oneroster/${service}/v1p2/${collection}?limit=10000`;
    const response = await fetch(url, { headers: { Authorization: `Bearer ${access_token}` } });
    const body = (await response.json()) as Record<string, { sourcedId: string }[]>;
    const records = body[collection] ?? [];
    taken.set(
      collection,
      new Map(records.map((one) => [one.sourcedId, JSON.stringify({ ...one, dateLastModified: '' })])),
    );
  }
  return taken;
}
