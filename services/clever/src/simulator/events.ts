import { isDeepStrictEqual } from 'node:util';
import type { JsonObject } from '@flotilla/substrate/json/json-value';
import type { LoggedChange } from '@flotilla/substrate/testing/simulator/change-log';
import { type CollectionName, underVersion, type Version } from './collections.ts';

const endings = { created: 'created', updated: 'updated', removed: 'deleted' };

/** Pure. A change as the Events API tells it: the whole object, and of an update what was there before. */
export function changeToEvent(change: LoggedChange<CollectionName>, version: Version): JsonObject {
  const { collection, op, number, at, before, after } = change;
  const render = (record: JsonObject | undefined) => underVersion(record ?? {}, collection, version);
  const event = {
    id:
      Math.floor(at / 1000)
        .toString(16)
        .padStart(8, '0') + number.toString(16).padStart(16, '0'),
    type: `${collection}.${endings[op]}`,
    created: new Date(at).toISOString(),
    data: { object: render(after ?? before) },
  };
  return op === 'updated'
    ? { ...event, previous_attributes: differing(render(before), render(after)) }
    : event;
}

function differing(before: JsonObject, after: JsonObject): JsonObject {
  const names = new Set([...Object.keys(before), ...Object.keys(after)]);
  return Object.fromEntries(
    [...names]
      .filter((name) => !isDeepStrictEqual(before[name], after[name]))
      .map((name) => [name, before[name] ?? null]),
  );
}

/** Pure. Whether the event is about a school: the school itself, or what is at it. */
export function concernsSchool(
  { collection, id, before, after }: LoggedChange<CollectionName>,
  school: string,
): boolean {
  if (collection === 'schools') return id === school;
  return JSON.stringify(after ?? before ?? {}).includes(`"${school}"`);
}
