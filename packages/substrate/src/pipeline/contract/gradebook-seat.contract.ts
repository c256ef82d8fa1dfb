import type { JsonObject } from '../../json/json-value.ts';
import type { ChosenSettings } from '../../settings/integration-settings.ts';
import { type RecordedChange, readChanges } from '../../store/changes.ts';
import { conflicts, type StoredConflict } from '../../store/conflicts.ts';
import { listPushes, type Push } from '../../store/pushes.ts';
import { records, type StoredRecord } from '../../store/records.ts';
import type { SimulatedRequest } from '../../testing/simulator/exchange.ts';
import type { LoggedRequest } from '../../testing/simulator/request-log.ts';
import { type EditedRecord, editRecord } from '../edit-record.ts';
import { writtenEntityTypes } from '../paper-gradebook.fixture.ts';
import type { RunWorker } from '../parts.ts';
import { owner, type PipelineFixtureOptions } from '../pipeline.fixture.ts';
import type { PipelineSeat } from './pipeline-seat.contract.ts';

/** The gradebook that goes both ways, with what tests do to it on our side and ask of it. */
export interface GradebookSeat {
  /** Users, categories, line items and results are written back from now on; syncs once. With options: in a fresh fixture. */
  begin(settings?: ChosenSettings, options?: PipelineFixtureOptions): Promise<void>;
  /** Changes our record's members, or makes it, as control does. */
  edit(entityType: string, recordId: string, members: JsonObject): Promise<EditedRecord>;
  remove(entityType: string, recordId: string): Promise<EditedRecord>;
  ours(entityType: string): Promise<Readonly<Record<string, StoredRecord>>>;
  pushes(runId: string): Promise<readonly Push[]>;
  conflicts(): Promise<readonly StoredConflict[]>;
  changesOf(runId: string): Promise<readonly RecordedChange[]>;
  /** Requests that write, since the log was cleared. */
  writes(): readonly LoggedRequest[];
  /** A worker that has something happen around its requests to the vendor. */
  around(happen: {
    before?(request: Asked): Promise<void> | void;
    after?(request: Asked): Promise<void> | void;
  }): RunWorker;
}

/** As the pipeline asks for it. */
export type Asked = Pick<SimulatedRequest, 'method' | 'path'>;

export const category: JsonObject = { status: 'active', title: 'Homework' };
export const lineItem: JsonObject = {
  status: 'active',
  title: 'Essay',
  assignDate: '2026-09-01T00:00:00Z',
  dueDate: '2026-09-08T00:00:00Z',
  classSourcedId: 'k1',
  categorySourcedId: 'c-ours',
};
export const result: JsonObject = {
  status: 'active',
  scoreStatus: 'fully graded',
  lineItemSourcedId: 'l-ours',
  studentSourcedId: 'u1',
  score: 87.5,
  scoreDate: '2026-09-09',
};
export const user: JsonObject = {
  status: 'active',
  enabledUser: true,
  givenName: 'New',
  familyName: 'Comer',
  roles: [],
};

export function openGradebookSeat(seat: PipelineSeat): GradebookSeat {
  const { customerId } = owner;
  async function ours(entityType: string) {
    const rows = await seat.fixture.platform.store.scan(records, { prefix: { ...owner, entityType } });
    return Object.fromEntries(rows.map((row) => [row.recordId, row]));
  }
  return {
    ours,
    async begin(settings = {}, options) {
      if (options !== undefined) await seat.renew(options);
      await seat.fixture.choose({ writeBack: [...writtenEntityTypes], ...settings });
      await seat.fixture.sync();
      seat.fixture.school.clearRequests();
    },
    async edit(entityType, recordId, members) {
      const value = { ...(await ours(entityType))[recordId]?.value, ...members };
      return await editRecord(seat.fixture.worker, { ...owner, entityType, recordId, value, runId: 'edit' });
    },
    remove(entityType, recordId) {
      const edit = { ...owner, entityType, recordId, value: null, runId: 'edit' };
      return editRecord(seat.fixture.worker, edit);
    },
    pushes: (runId) => listPushes(seat.fixture.platform.store, { customerId, runId }, undefined, 1_000),
    conflicts: () => seat.fixture.platform.store.scan(conflicts, { prefix: owner }),
    async changesOf(runId) {
      const all = await readChanges(seat.fixture.platform.store, owner, 0, 1_000);
      return all.filter((change) => change.runId === runId);
    },
    writes: () => seat.fixture.school.requests().filter(({ method }) => method !== 'GET'),
    around({ before, after }) {
      const { worker } = seat.fixture;
      return {
        ...worker,
        openClient: (options) => {
          const client = worker.openClient(options);
          return {
            ...client,
            async request(request) {
              const asked = { method: request.method ?? 'GET', path: request.path };
              await before?.(asked);
              const response = await client.request(request);
              await after?.(asked);
              return response;
            },
          };
        },
      };
    },
  };
}
