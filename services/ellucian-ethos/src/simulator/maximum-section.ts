import { isJsonObject, type JsonObject, type JsonValue } from '@flotilla/substrate/json/json-value';
import { plainId, type RecordStore } from '@flotilla/substrate/testing/simulator/record-store';
import type { ResourceName } from './resources.ts';

/** The sections with what they point to. */
export function toMaximum(
  sections: readonly JsonObject[],
  store: RecordStore<ResourceName>,
): readonly JsonObject[] {
  const events = Map.groupBy(store.list('instructional-events'), ({ section }) => idIn(section));

  function find(name: ResourceName, reference: JsonValue | undefined): JsonObject {
    return store.get(name, idIn(reference)) ?? {};
  }

  function detailed(name: ResourceName, reference: JsonValue | undefined, ...members: readonly string[]) {
    const record = find(name, reference);
    const shown = members.flatMap((member) =>
      record[member] === undefined ? [] : [[member, record[member]]],
    );
    return { detail: { id: idIn(reference) }, ...Object.fromEntries(shown) } as JsonObject;
  }

  function locationOf({ location }: JsonObject): JsonObject {
    if (!isJsonObject(location) || location.type !== 'room') return { location: location ?? null };
    const { building } = find('rooms', location.room);
    const room = detailed('rooms', location.room, 'title', 'number');
    return {
      location: { type: 'room', ...room, building: detailed('buildings', building, 'code', 'title') },
    };
  }

  return sections.map((section) => {
    const { titles, academicPeriod, course, site, academicLevels, instructionalMethods, ...rest } = section;
    const subject = find('courses', course).subject;
    const own = (events.get(idIn(section)) ?? []).map(
      ({ id, recurrence, locations, instructionalMethod }) => ({
        detail: { id: id ?? '' },
        instructionalMethod: detailed('instructional-methods', instructionalMethod, 'abbreviation', 'title'),
        recurrence: recurrence ?? null,
        locations: objectsIn(locations).map(locationOf),
      }),
    );
    return {
      ...rest,
      title: objectsIn(titles).at(-1)?.value ?? '',
      ...(academicPeriod === undefined
        ? {}
        : {
            academicPeriod: detailed('academic-periods', academicPeriod, 'code', 'title', 'startOn', 'endOn'),
          }),
      course: {
        ...detailed('courses', course, 'number'),
        title: objectsIn(find('courses', course).titles).at(-1)?.value ?? '',
        subject: detailed('subjects', subject, 'abbreviation', 'title'),
      },
      ...(site === undefined ? {} : { site: detailed('sites', site, 'code', 'title') }),
      academicLevels: objectsIn(academicLevels).map((one) =>
        detailed('academic-levels', one, 'code', 'title'),
      ),
      instructionalMethodDetails: instructionalMethods ?? [],
      ...(own.length === 0 ? {} : { instructionalEvents: own }),
    };
  });
}

function idIn(reference: JsonValue | undefined): string {
  return isJsonObject(reference ?? null) ? plainId(reference as JsonObject) : '';
}

function objectsIn(list: JsonValue | undefined): readonly JsonObject[] {
  return Array.isArray(list) ? (list as readonly JsonValue[]).filter(isJsonObject) : [];
}
