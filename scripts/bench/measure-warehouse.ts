import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Clock } from '../../packages/substrate/src/clock/clock.ts';
import type { Change } from '../../packages/substrate/src/egress/change.ts';
import { openDuckDbWarehouse } from '../../packages/substrate/src/egress/warehouse.duckdb.ts';

const batches = 25;
const changesABatch = 2_000;

/** How many changes a second the embedded warehouse takes from one writer, in batches as large as the bus's messages. */
export async function measureWarehouse(clock: Clock): Promise<number> {
  const folder = await mkdtemp(join(tmpdir(), 'flotilla-bench-warehouse-'));
  const warehouse = await openDuckDbWarehouse({ path: join(folder, 'warehouse.duckdb'), clock });
  try {
    await warehouse.ensureTables([{ entityType: 'user', fields: [] }]);
    let ms = 0;
    for (let batch = 0; batch < batches; batch++) {
      const changes = Array.from({ length: changesABatch }, (_, index) =>
        createChange(batch * changesABatch + index + 1),
      );
      const startedAt = performance.now();
      await warehouse.append('user', changes);
      ms += performance.now() - startedAt;
    }
    return (batches * changesABatch * 1000) / ms;
  } finally {
    await warehouse.close();
    await rm(folder, { recursive: true, force: true });
  }
}

function createChange(sequence: number): Change {
  return {
    sequence,
    changeId: `00000000-0000-4000-8000-${String(sequence).padStart(12, '0')}`,
    customerId: 'bench',
    integrationId: 'oneroster',
    vendor: 'oneroster',
    entityType: 'user',
    recordId: `user-${sequence}`,
    action: 'create',
    before: null,
    after: {
      status: 'active',
      enabledUser: true,
      givenName: 'Ada',
      familyName: `Lovelace-${sequence}`,
      email: `student${sequence}@example.org`,
      roles: [{ roleType: 'primary', role: 'student', orgSourcedId: 'org-1' }],
      grades: ['07'],
    },
    runId: 'bench',
    changedAt: '2026-08-15T07:30:00.000Z',
  };
}
