import { afterEach, describe, expect, test } from 'vitest';
import { createManualClock } from '../../clock/clock.manual.ts';
import type { DistrictSimulator, SimulatorOptions } from './create-district-simulator.ts';
import { createTownSchool } from './town-school.fixture.ts';

const opened: DistrictSimulator[] = [];
afterEach(async () => {
  await Promise.all(opened.splice(0).map((simulator) => simulator.close()));
});

async function open(options: SimulatorOptions = {}): Promise<DistrictSimulator> {
  const simulator = createTownSchool({ district: { students: 60, seed: 3 }, ...options });
  opened.push(simulator);
  await simulator.listen();
  return simulator;
}

interface Page {
  readonly data: readonly { readonly id: string; readonly of?: string; readonly op?: string }[];
  readonly links: readonly { readonly uri: string }[];
}

async function get(simulator: DistrictSimulator, path: string): Promise<Response> {
  const { token } = simulator.credential as { readonly token: string };
  return await fetch(`${simulator.origin}${path}`, { headers: { Authorization: `Bearer ${token}` } });
}

async function readAll(simulator: DistrictSimulator, path: string): Promise<readonly string[]> {
  const ids: string[] = [];
  for (let next: string | undefined = path; next !== undefined; ) {
    const page = (await (await get(simulator, next)).json()) as Page;
    ids.push(...page.data.map(({ id }) => id));
    next = page.links[0]?.uri;
  }
  return ids;
}

describe('a simulator made of the kit', () => {
  test('serves the same district to whoever asks with the same seed, page by page, and counts it', async () => {
    const [one, other] = [await open(), await open()];

    const ids = await readAll(one, '/api/people?limit=7');

    expect(ids).toEqual(await readAll(other, '/api/people?limit=1000'));
    expect(one.counts().people).toBe(new Set(ids).size);
    expect(one.requests('GET /people')).toHaveLength(Math.ceil(ids.length / 7));
    expect(one.unusedRoutes()).toContain('GET /api/events');
    expect(one.connection).toEqual({ baseUrl: one.origin });
  });

  test('gives a list below each parent from an index that follows edits', async () => {
    const simulator = await open();
    const [school = ''] = await readAll(simulator, '/api/schools');
    const members = await readAll(simulator, `/api/schools/${school}/people`);
    const [first = ''] = members;

    simulator.edit([
      {
        collection: 'people',
        op: 'put',
        id: first,
        record: { ...simulator.record('people', first), school_ids: [] },
      },
    ]);

    expect(await readAll(simulator, `/api/schools/${school}/people`)).toEqual(members.slice(1));
  });

  test('has the pages of its lists counted by what the page before said, also for faults', async () => {
    const simulator = await open({ faults: ['GET /people page=3: 503 times=1'] });

    await expect(readAll(simulator, '/api/people?limit=20')).rejects.toThrow();
    expect(simulator.requests().map(({ page, status }) => [page, status])).toEqual([
      [1, 200],
      [2, 200],
      [3, 503],
    ]);

    simulator.addFault('GET /people page=2: duplicate-page');
    const ids = await readAll(simulator, '/api/people?limit=20');
    expect(ids.slice(20, 40)).toEqual(ids.slice(0, 20));
  });

  test("refuses in the vendor's own shape, with its headers: tokens, parameters, limits, places and what is not there", async () => {
    const simulator = await open();
    const stranger = await fetch(`${simulator.origin}/api/people`, {
      headers: { Authorization: 'Bearer other' },
    });

    expect([
      stranger.status,
      stranger.headers.get('www-authenticate'),
      stranger.headers.get('x-town'),
    ]).toEqual([401, 'Bearer', 'Maple']);
    for (const [path, status, message] of [
      ['/api/people?page=2', 400, 'Unknown query parameter page; known: limit, after'],
      ['/api/people?limit=1001', 400, 'limit must be a whole number from 1 to 1000, not 1001'],
      ['/api/people?limit=2&limit=2', 400, 'Query parameter limit is given twice'],
      ['/api/people?after=nobody', 400, 'Nobody has the id after'],
      ['/api/people/nobody', 404, 'No person nobody'],
    ] as const) {
      const answer = await get(simulator, path);
      expect([path, answer.status, await answer.json()]).toEqual([path, status, { message }]);
    }
    simulator.addFault('GET /schools: expire-token');
    expect((await get(simulator, '/api/schools')).status).toBe(401);
    expect((await get(simulator, '/api/people')).status).toBe(401);
  });

  test('lives through nights whose edits are the difference of two renderings, and keeps them as changes', async () => {
    const clock = createManualClock(Date.parse('2026-01-10T00:00:00Z'));
    const simulator = await open({ clock });
    const before = simulator.counts().people ?? 0;

    const counts = simulator.nextNight({
      renamed: 2,
      enrolled: 3,
      withdrawn: 1,
      transferred: 0,
      scores: 0,
      rooms: 1,
    });

    // Rooms are nothing that this vendor shows.
    expect(counts).toEqual({ people: { created: 3, updated: 2, removed: 1 } });
    expect(simulator.counts().people).toBe(before + 2);
    const { data } = (await (await get(simulator, '/api/events')).json()) as Page;
    expect(data.map(({ id }) => id)).toEqual(['1', '2', '3', '4', '5', '6']);
    expect(data.map(({ op }) => op)).toEqual([
      ...Array.from({ length: 2 }, () => 'updated'),
      ...Array.from({ length: 3 }, () => 'created'),
      'removed',
    ]);

    await clock.advance(31 * 86_400_000);
    const { data: kept } = (await (await get(simulator, '/api/events')).json()) as Page;
    expect(kept).toEqual([]);
  });

  test('dates what is edited, unless the edit does, and has no mark of deletion that its vendor lacks', async () => {
    const clock = createManualClock(Date.parse('2026-01-10T00:00:00Z'));
    const simulator = await open({ clock });
    const [id = ''] = await readAll(simulator, '/api/people');
    const was = simulator.record('people', id) ?? {};

    simulator.edit([{ collection: 'people', op: 'put', id, record: { ...was, role: 'guest' } }]);
    expect(simulator.record('people', id)?.updated_at).toBe('2026-01-10T00:00:00.000Z');
    const dated = { ...was, updated_at: '2026-01-09' };
    simulator.edit([{ collection: 'people', op: 'put', id, record: dated }]);
    expect(simulator.record('people', id)).toEqual(dated);

    const marking = { collection: 'people', op: 'tobedeleted', id } as const;
    expect(() => simulator.edit([marking])).toThrow('no mark of deletion');
    const mistaken = { collection: 'people', op: 'put', id: 'other', record: was } as const;
    expect(() => simulator.edit([{ collection: 'people', op: 'remove', id }, mistaken])).toThrow('differs');
    expect(simulator.record('people', id)).toEqual(dated);
    expect(simulator.record('rooms', id)).toBeUndefined();
  });
});
