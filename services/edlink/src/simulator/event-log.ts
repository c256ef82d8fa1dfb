import type { JsonObject } from '@flotilla/substrate/json/json-value';
import type { LoggedChange } from '@flotilla/substrate/testing/simulator/change-log';
import { type CollectionName, orgKind } from './district-records.ts';
import { edlinkId } from './edlink-id.ts';

/** What Edlink logs: rosters only. Gradebooks are asked of the school's system at each request, and nobody logs them. */
const targets: Readonly<Partial<Record<CollectionName, string>>> = {
  sessions: 'session',
  courses: 'course',
  classes: 'class',
  sections: 'section',
  people: 'person',
  enrollments: 'enrollment',
  agents: 'agent',
};

/** Pure. The events of the changes, oldest first. */
export function eventsOf(
  changes: readonly LoggedChange<CollectionName>[],
  integrationId: string,
  show: (record: JsonObject) => JsonObject,
): readonly JsonObject[] {
  return changes.flatMap(({ number, at, collection, op, before, after }) => {
    const record = after ?? before ?? {};
    const target = collection === 'orgs' ? orgKind(record) : targets[collection];
    if (target === undefined) return [];
    return [
      {
        id: edlinkId('event', String(number)),
        date: new Date(at).toISOString(),
        type: op === 'removed' ? 'deleted' : op,
        target,
        target_id: record.id ?? null,
        integration_id: integrationId,
        materialization_id: edlinkId('materialization', String(at)),
        data: after === undefined ? {} : show(after),
      },
    ];
  });
}
