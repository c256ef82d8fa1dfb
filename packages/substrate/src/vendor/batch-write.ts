import type { JsonObject, JsonValue } from '../json/json-value.ts';
import type { EntityType, EntityValue } from '../model/entity-types.ts';
import type { Action } from '../settings/safety-limits.ts';
import type { Collection, WriteRequest, WrittenRecord } from './define-entity.ts';

/**
 * For vendors that take many records in one upload and work on it by themselves (an import of files): one request, then a job that is asked
 * for until it is done; the worker does not wait for it. Afterwards each record is read again, as after a single write.
 *
 * The upload has to be an upsert. Where a process dies after it was sent and before the job's id is known, records that did not arrive are
 * sent once more.
 */
export interface BatchWrite<T extends EntityType = EntityType, N = unknown> {
  /** What an upload can do; default everything. All else is written one by one, where the vendor describes it. */
  readonly actions?: readonly Action[];
  /** Records in one upload at most; default 200, never more than 250. */
  readonly size?: number;
  /** Between two looks at the job; default 15, at most 300. */
  readonly pollSeconds?: number;
  /**
   * Pure. What the upload says of one record. A failure that it throws refuses that record alone (`push_rejected`: what to do about it stands
   * in its data), and the others go.
   */
  readonly row: (record: BatchedRecord<T>, connection: N) => JsonObject;
  /** Pure. All of these in one request, in this order. An answer other than 2xx refuses them all. */
  readonly request: (rows: readonly JsonObject[], connection: N) => WriteRequest;
  readonly job: {
    /** Pure. The job's id in the answer to the request; undefined where the answer is not the promised one. */
    readonly idIn: (answer: JsonValue) => string | undefined;
    /** What is asked to learn how far the job is. 404: the vendor has forgotten it, so it is done. */
    readonly at: (jobId: string, connection: N) => Pick<Collection, 'path' | 'query' | 'headers' | 'accept'>;
    /** Pure. Undefined where the answer is not the promised one: then what is read again decides. */
    readonly read: (answer: JsonValue) => JobState | undefined;
  };
}

/** A record as it is to be written, and how. For a deletion `value` is what the vendor has. */
export interface BatchedRecord<T extends EntityType = EntityType> extends WrittenRecord<T> {
  readonly action: Action;
  /** As the vendor has it; absent where it does not. What it is known by there stands in this one, whatever was edited since. */
  readonly before?: EntityValue<T>;
  /**
   * The records that `value` refers to, by JSON Pointer of the member that names them (`/classSourcedId`): vendors' files name them by ids
   * that stand in there. Those that neither side has are left out.
   */
  readonly refersTo: ReadonlyMap<string, ReferredRecord>;
}

export interface ReferredRecord {
  readonly entityType: EntityType;
  readonly id: string;
  /** As the vendor was last known to have it; where it does not have it, as we do. */
  readonly value: JsonObject;
}

export type JobState =
  | {
      readonly state: 'running';
      /** In percent, where the vendor says. */
      readonly progress?: number;
    }
  | {
      readonly state: 'done';
      /** What the vendor says it did not like, each in its own words. A record that arrived all the same counts as written. */
      readonly failures: readonly JobFailure[];
    };

export interface JobFailure {
  /**
   * Of which record: its place among the rows of the request, from 0; its id as it was given to `row`; absent: of the job as a whole,
   * such as that it was aborted.
   */
  readonly of?: number | string;
  /** The vendor's exact words. */
  readonly message: string;
}
