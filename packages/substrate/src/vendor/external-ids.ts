import { Failure } from '../failure/failure.ts';
import type { JsonObject } from '../json/json-value.ts';
import { textAt } from '../json/value-at.ts';
import type { EntityType } from '../model/entity-types.ts';
import type { BatchedRecord } from './batch-write.ts';

/** Where the id stands in canonical records, as JSON Pointers: `{ org: '/identifier', course: '/metadata/sis_course_id' }`. */
type Places = Readonly<Partial<Record<EntityType, `/${string}`>>>;

type Uploaded = Pick<BatchedRecord, 'value' | 'before' | 'refersTo'>;

export interface ExternalIds {
  /** That of the record itself: as the vendor has it, or, of a new one, as it is to be. */
  readonly own: (entityType: EntityType, record: Uploaded) => string;
  /** That of the record which is named at this pointer of it (`/classSourcedId`). */
  readonly at: (pointer: string, record: Uploaded) => string;
}

/**
 * Pure. For vendors whose uploads know records by other ids than their interfaces do, such as those of the school's SIS. A record without one
 * cannot be told: each function throws `push_rejected`, with what to do.
 */
export function externalIds(places: Places): ExternalIds {
  function idIn(entityType: EntityType, value: JsonObject): string | undefined {
    const place = places[entityType];
    return place && textAt(place)(value);
  }

  return {
    own: (entityType, { before, value }) => {
      const id = idIn(entityType, (before ?? value) as JsonObject);
      if (id !== undefined) return id;
      const change = before === undefined ? 'say it in that member' : 'give it one at the vendor';
      throw new Failure('push_rejected', 'Uploads know a record by an id that this one lacks', {
        data: { member: places[entityType] ?? null, change },
      });
    },
    at: (pointer, { refersTo }) => {
      const { entityType, id: recordId, value } = refersTo.get(pointer) ?? {};
      const id = entityType && value && idIn(entityType, value);
      if (id !== undefined) return id;
      throw new Failure('push_rejected', 'Uploads name other records by an id that one of them lacks', {
        data: { pointer, entityType, recordId, change: 'give that one such an id at the vendor' },
      });
    },
  };
}
