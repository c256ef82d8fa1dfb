import { Failure } from '@flotilla/substrate/failure';
import { textAt } from '@flotilla/substrate/json/value-at';
import { Id, mayHave, Text } from '@flotilla/substrate/lenient';
import { at, defineEntity, joinIds, metadataOf, zonedDay } from '@flotilla/substrate/vendor';
import { z } from 'zod';
import { type Connection, implied, ofAccount } from '../paths.ts';
import { shapeOf } from '../wire/record.ts';
import { cannotWrite } from '../write-back/cannot-write.ts';
import { datesOf, sisIds, sisImport } from '../write-back/sis-import.ts';

const Kind = z.literal('grading_period').optional();

const Type = Kind.transform((kind) => (kind === undefined ? 'term' : 'gradingPeriod'));

/** Terms and grading periods both count from 1, so the latter are named. */
const SessionId = z
  .object({ id: Id, kind: Kind })
  .transform(({ id, kind }) => (kind === undefined ? id : joinIds(kind, id)));

function terms(connection: Connection) {
  return ofAccount('terms', { member: 'enrollment_terms', ...implied(connection) });
}

function gradingPeriods(connection: Connection) {
  return ofAccount('grading_periods', {
    member: 'grading_periods',
    implied: { kind: 'grading_period', ...implied(connection).implied },
    // An older way to say it than the Link header.
    paging: {
      kind: 'bodyLink',
      nextIn: textAt('/meta/pagination/next'),
      sizeParameter: 'per_page',
      pageSize: 100,
    },
  });
}

/** Terms, which Canvas calls so whatever they are, and the grading periods of the account. */
export const academicSessions = defineEntity({
  ...shapeOf(at('', SessionId))('academicSession', {
    title: at('name|title', Text),
    type: at('kind', Type),
    startDate: zonedDay('start_at', 'start_date'),
    endDate: zonedDay('end_at', 'end_date'),
    metadata: metadataOf(mayHave(Text, 'sis_term_id')),
  }),
  lists: () => ['terms', 'grading_periods'],
  collection: (connection: Connection, list) =>
    list === 'grading_periods' ? gradingPeriods(connection) : terms(connection),
  one: (id, connection) => {
    if (id.startsWith('grading_period.'))
      throw new Failure('invalid_params', 'Canvas shows grading periods in lists alone', { data: { id } });
    return ofAccount(['terms', id], implied(connection));
  },
  write: sisImport<'academicSession'>({
    members: ['title', 'startDate', 'endDate'],
    columns: (session, connection) => {
      const { title: name, type, startDate, endDate } = session.value;
      if (type === 'gradingPeriod') throw cannotWrite('grading periods', 'change them in Canvas');
      const term_id = sisIds.own('academicSession', session);
      return { term_id, name, ...datesOf(session, [startDate, endDate], connection) };
    },
    where: (_, connection) => terms(connection),
    identity: ['/metadata/sis_term_id'],
  }),
});
