import { isJsonObject, type JsonValue } from '@flotilla/substrate/json/json-value';
import { DateTime, Id, mayHave, Text } from '@flotilla/substrate/lenient';
import { defineEntity, present } from '@flotilla/substrate/vendor';
import { z } from 'zod';
import { at, type Connection, zoneOf } from '../paths.ts';
import { commonOf, idOf, joinIds } from '../wire/record.ts';
import { dayIn, zoned } from '../wire/zone.ts';

/** Terms, which Canvas calls so whatever they are, and the grading periods of the account. Both count from 1, so the latter are named. */
export const academicSessions = defineEntity({
  entityType: 'academicSession',
  lists: () => ['terms', 'grading_periods'],
  collection: (connection: Connection, list) =>
    list === 'grading_periods'
      ? at(['accounts', 'self', 'grading_periods'], {
          member: 'grading_periods',
          implied: { kind: 'grading_period', ...zoneOf(connection) },
          // An older way to say it than the Link header.
          paging: { kind: 'bodyLink', nextIn, sizeParameter: 'per_page', pageSize: 100 },
        })
      : at(['accounts', 'self', 'terms'], { member: 'enrollment_terms', implied: zoneOf(connection) }),
  one: (id, connection) => at(['accounts', 'self', 'terms', id], { implied: zoneOf(connection) }),
  wire: z
    .object({
      id: Id,
      kind: z.literal('grading_period').optional(),
      ...mayHave(Text, 'name', 'title', 'sis_term_id'),
      ...mayHave(DateTime, 'start_at', 'end_at', 'start_date', 'end_date'),
      ...zoned,
    })
    .refine(({ name, title }) => (name ?? title) !== undefined, {
      path: ['name'],
      message: 'a session needs a name',
    }),
  idOf: (record) =>
    nameOf(idOf(record), isJsonObject(record as JsonValue) ? (record as { kind?: unknown }).kind : ''),
  read: ({ id, kind, name, title, time_zone: zone, ...session }) => [
    {
      id: nameOf(id, kind) ?? id,
      value: {
        ...commonOf({}, { sis_term_id: session.sis_term_id }),
        title: name ?? title ?? '',
        type: kind === undefined ? 'term' : 'gradingPeriod',
        ...present({
          startDate: dayIn(session.start_at ?? session.start_date, zone),
          endDate: dayIn(session.end_at ?? session.end_date, zone),
        }),
      },
    },
  ],
});

function nameOf(id: string | undefined, kind: unknown): string | undefined {
  return id !== undefined && kind === 'grading_period' ? joinIds(kind, id) : id;
}

function nextIn(json: JsonValue): string | undefined {
  const meta = isJsonObject(json) && isJsonObject(json.meta ?? null) ? json.meta : null;
  const pagination = isJsonObject(meta) && isJsonObject(meta.pagination ?? null) ? meta.pagination : null;
  const next = isJsonObject(pagination) ? pagination.next : undefined;
  return typeof next === 'string' ? next : undefined;
}
