import type { JsonObject, JsonValue } from '@flotilla/substrate/json/json-value';
import type { EntityValue } from '@flotilla/substrate/model';
import type { EntityWrite } from '@flotilla/substrate/vendor';
import type { Connection } from '../connection.ts';
import { listOf, sectionsOf } from '../representation.ts';
import { demand, idIn, objectsOf, post, put, referenceTo } from './write-request.ts';

/**
 * Pure. Sections are written in their own representation. Where they are read in the maximum one, which is for reading only, what is sent is
 * what we map: ERPs take over what is sent and keep the rest.
 */
export const sectionWrite: EntityWrite<'class', Connection> = {
  members: [
    'title',
    'classCode',
    'courseSourcedId',
    'schoolSourcedId',
    'termSourcedIds',
    'beginDate',
    'endDate',
  ],
  create: ({ value }, connection) => {
    const method = demand(connection.instructionalMethod, 'instructionalMethod, in the connection');
    const members = { ...membersOf(value, {}, connection), instructionalMethods: [{ id: method }] };
    return post('sections', members, connection);
  },
  update: ({ id, value, latest = {}, changed }, connection) => {
    const isMaximum = sectionsOf(connection) === 'sections-maximum';
    const { titles, ...members } = membersOf(value, latest, connection, changed.includes('title'));
    const written = titles === undefined ? members : { ...members, titles };
    return put('sections', id, isMaximum ? {} : latest, written, connection);
  },
  assignment: {
    idIn,
    where: ({ value }, connection) => {
      const id = demand(value.courseSourcedId, 'courseSourcedId');
      const name = sectionsOf(connection);
      return listOf(name, connection, {
        course: name === 'sections' ? { id } : { detail: { id } },
      });
    },
    identity: ['title', 'courseSourcedId', 'beginDate'],
  },
};

function membersOf(
  {
    title,
    classCode,
    courseSourcedId,
    schoolSourcedId,
    termSourcedIds,
    beginDate,
    endDate,
  }: EntityValue<'class'>,
  latest: JsonObject,
  connection: Connection,
  isTitled = true,
) {
  return {
    titles: isTitled ? titlesOf(title, latest, connection) : undefined,
    code: classCode,
    course: { id: demand(courseSourcedId, 'courseSourcedId') },
    site: referenceTo(schoolSourcedId),
    academicPeriod: referenceTo(termSourcedIds.length === 1 ? termSourcedIds[0] : undefined),
    startOn: demand(beginDate, 'beginDate'),
    endOn: endDate,
  };
}

/** In the place of the one that was read: the longest. */
function titlesOf(title: string, { titles }: JsonObject, { sectionTitleType }: Connection): JsonValue {
  const list = objectsOf(titles);
  const longest = list.toSorted((a, b) => lengthOf(b) - lengthOf(a))[0];
  if (longest !== undefined) return list.map((each) => (each === longest ? { ...each, value: title } : each));
  const type = { id: demand(sectionTitleType, 'sectionTitleType, in the connection') };
  return [{ type, value: title }];
}

function lengthOf({ value }: JsonObject): number {
  return typeof value === 'string' ? value.length : 0;
}
