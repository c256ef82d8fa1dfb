import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { BusMessage, ChangeBus } from '../egress/change-bus.ts';
import type { VendorClient } from '../http/vendor-client.ts';
import type { RunWorker } from './parts.ts';
import { createPipelineFixture, type PipelineFixture } from './pipeline.fixture.ts';

/** What holds however large a district is, told without a clock or a scale. */
let fixture: PipelineFixture;

beforeEach(async () => {
  fixture = await createPipelineFixture();
  fixture.school.data.users.push(
    ...Array.from({ length: 36 }, (_, n) => ({ id: `more-${n}`, given: 'Given', family: `Family ${n}` })),
  );
});
afterEach(() => fixture.close());

describe('an unchanged second sync', () => {
  test('commits no row of a record, a change or staging, and publishes no message', async () => {
    const published: BusMessage[] = [];
    const bus: ChangeBus = {
      ...fixture.worker.bus,
      publish(topic, messages) {
        published.push(...messages);
        return fixture.worker.bus.publish(topic, messages);
      },
    };
    await fixture.sync({ bus });
    const messages = published.length;
    const before = await countRows();

    const { user } = await fixture.sync({ bus });

    expect(messages).toBeGreaterThan(0);
    expect(user?.counts).toMatchObject({ received: 41, unchanged: 41 });
    expect(published).toHaveLength(messages);
    expect(await countRows()).toEqual(before);
    expect(before).toMatchObject({ records: 42, changes: 42, staged: 0 });
  });
});

describe('what a sync holds of the vendor', () => {
  test('is never more than two pages: the next one is asked for when the one before the last is committed', async () => {
    const held: number[] = [];

    const { user } = await fixture.sync({ openClient: watchPages(held) });

    expect(user).toMatchObject({ pages: 21, counts: { received: 41 } });
    expect(held).toHaveLength(22);
    expect(Math.max(...held)).toBe(2);
  });
});

/** Notes, at each request for a page, how many were asked for and are not committed yet, this one included. */
function watchPages(held: number[]): RunWorker['openClient'] {
  let asked = 0;
  return (options) => {
    const client = fixture.worker.openClient(options);
    const watched: VendorClient = {
      ...client,
      async fetchPage(request) {
        asked++;
        held.push(asked - (await countPages()));
        return await client.fetchPage(request);
      },
    };
    return watched;
  };
}

async function countPages(): Promise<number> {
  const [row] = await fixture.platform.store.query((database) =>
    database.selectFrom('pages').select(({ fn }) => fn.countAll().as('count')),
  );
  return Number(row?.count);
}

/** `touched` is the last commit that wrote a record. */
async function countRows() {
  const { store } = fixture.platform;
  const [records] = await store.query((database) =>
    database
      .selectFrom('records')
      .select(({ fn }) => [fn.countAll().as('count'), fn.max('updatedAt').as('touched')]),
  );
  const [changes] = await store.query((database) =>
    database.selectFrom('changes').select(({ fn }) => fn.countAll().as('count')),
  );
  const [staged] = await store.query((database) =>
    database.selectFrom('staged_records').select(({ fn }) => fn.countAll().as('count')),
  );
  return {
    records: Number(records?.count),
    touched: records?.touched,
    changes: Number(changes?.count),
    staged: Number(staged?.count),
  };
}
