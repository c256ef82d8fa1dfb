import { afterEach, beforeEach } from 'vitest';
import type { ManualClock } from '../../clock/clock.manual.ts';
import type { Change } from '../../egress/change.ts';
import { createChangeSource, readChanges } from '../../store/changes.ts';
import { records, type StoredRecord } from '../../store/records.ts';
import type { RunWorker } from '../parts.ts';
import {
  type CreatePipelineFixture,
  owner,
  type PipelineFixture,
  type PipelineFixtureOptions,
} from '../pipeline.fixture.ts';

/** A fresh fixture for each test, and what the tests ask of it. */
export interface PipelineSeat {
  readonly fixture: PipelineFixture;
  /** Puts another fixture in the place of this one. */
  renew(options: PipelineFixtureOptions): Promise<void>;
  storedUsers(): Promise<readonly StoredRecord[]>;
  allChanges(): Promise<readonly Change[]>;
  /** How far the changes have been published. */
  readCursor(): Promise<number>;
  /** A client whose nth page takes longer than a slice may. */
  exhaustAfter(pages: number, clock: ManualClock): RunWorker['openClient'];
}

export function openPipelineSeat(createFixture: CreatePipelineFixture): PipelineSeat {
  let fixture: PipelineFixture;
  beforeEach(async () => {
    fixture = await createFixture();
  });
  afterEach(() => fixture.close());

  return {
    get fixture() {
      return fixture;
    },
    async renew(options) {
      await fixture.close();
      fixture = await createFixture(options);
    },
    storedUsers: () => fixture.platform.store.scan(records, { prefix: { ...owner, entityType: 'user' } }),
    allChanges: () => readChanges(fixture.platform.store, owner, 0, 1000),
    readCursor: () => createChangeSource(fixture.platform.store).readCursor(owner),
    exhaustAfter(pages, clock) {
      let fetched = 0;
      return (options) => {
        const client = fixture.worker.openClient(options);
        return {
          ...client,
          async fetchPage(request) {
            const page = await client.fetchPage(request);
            if (++fetched === pages) await clock.advance(fixture.worker.sliceMs);
            return page;
          },
        };
      };
    },
  };
}
