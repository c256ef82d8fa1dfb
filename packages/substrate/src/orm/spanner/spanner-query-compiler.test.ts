import { sql } from 'kysely';
import { describe, expect, test } from 'vitest';
import { commitTime } from '../columns.ts';
import { fixtureSchema } from '../contract/fixture-tables.ts';
import { createKysely } from '../kysely/kysely-over.ts';
import { toParameters } from './query-parameters.ts';
import { createSpannerDialect } from './spanner-dialect.ts';

const q = createKysely(
  fixtureSchema,
  createSpannerDialect(fixtureSchema, async () => []),
);
const school = { district: 'd', school: 's', name: 'n' };

describe('queries as GoogleSQL', () => {
  test("identifiers are in backticks, parameters are named and have their columns' types", () => {
    const query = q
      .selectFrom('events as e')
      .innerJoin('schools as s', 's.school', 'e.school')
      .select(['e.kind', 's.opened'])
      .where('e.at', '>', '2026-01-01T01:00:00+01:00')
      .where('s.opened', '=', null)
      .where('e.grade', 'in', [1, 2])
      .limit(5)
      .compile();

    expect(query.sql).toBe(
      'select `e`.`kind`, `s`.`opened` from `events` as `e` inner join `schools` as `s` on `s`.`school` = `e`.`school` where `e`.`at` > @p1 and `s`.`opened` = @p2 and `e`.`grade` in (@p3, @p4) limit @p5',
    );
    expect(toParameters(query.parameters)).toEqual({
      params: {
        fields: {
          p1: { stringValue: '2026-01-01T00:00:00.000000000Z' },
          p2: { nullValue: 'NULL_VALUE' },
          p3: { stringValue: '1' },
          p4: { stringValue: '2' },
          p5: { stringValue: '5' },
        },
      },
      paramTypes: {
        p1: { code: 'TIMESTAMP' },
        p2: { code: 'DATE' },
        p3: { code: 'INT64' },
        p4: { code: 'INT64' },
        p5: { code: 'INT64' },
      },
    });
  });

  test('an identifier or text cannot break out of its quotes', () => {
    const query = q
      .selectFrom('schools')
      .select([sql.ref<string>('a`b\\').as('c`d'), sql.lit("it's \\ here").as('e')])
      .compile();

    expect(query.sql).toBe("select `a\\`b\\\\` as `c\\`d`, 'it\\'s \\\\ here' as `e` from `schools`");
  });

  test('an update and a delete have a WHERE, and give back rows by THEN RETURN', () => {
    expect(q.deleteFrom('visits').returning('visit').compile().sql).toBe(
      'delete from `visits` where true then return `visit`',
    );
    expect(q.updateTable('visits').set({ expiresAt: null }).compile().sql).toBe(
      'update `visits` set `expiresAt` = @p1 where true',
    );
  });

  test('nothing is in an empty list', () => {
    expect(
      q.selectFrom('visits').select('visit').where('visit', 'in', []).where('visit', 'not in', []).compile()
        .sql,
    ).toBe('select `visit` from `visits` where false and true');
  });

  test('the time of the commit is a function', () => {
    const query = q
      .insertInto('teachers')
      .values({ district: 'd', teacher: 't', lessons: 1, changedAt: commitTime })
      .compile();

    expect(query.sql).toBe(
      'insert into `teachers` (`district`, `teacher`, `lessons`, `changedAt`) values (@p1, @p2, @p3, PENDING_COMMIT_TIMESTAMP())',
    );
    expect(query.parameters).toHaveLength(3);
  });

  test('ON CONFLICT becomes INSERT OR IGNORE or INSERT OR UPDATE where that means the same', () => {
    const ignore = q
      .insertInto('schools')
      .values(school)
      .onConflict((conflict) => conflict.columns(['district', 'school']).doNothing());
    const update = q
      .insertInto('schools')
      .values(school)
      .onConflict((conflict) =>
        conflict.columns(['school', 'district']).doUpdateSet((eb) => ({ name: eb.ref('excluded.name') })),
      );

    expect(ignore.compile().sql).toBe(
      'insert or ignore into `schools` (`district`, `school`, `name`) values (@p1, @p2, @p3)',
    );
    expect(update.compile().sql).toBe(
      'insert or update into `schools` (`district`, `school`, `name`) values (@p1, @p2, @p3)',
    );
  });

  test.each([
    [
      'another column',
      q
        .insertInto('schools')
        .values(school)
        .onConflict((conflict) => conflict.column('name').doNothing()),
    ],
    [
      'a value of its own',
      q
        .insertInto('schools')
        .values(school)
        .onConflict((conflict) => conflict.columns(['district', 'school']).doUpdateSet({ name: 'x' })),
    ],
    [
      'too few columns',
      q
        .insertInto('schools')
        .values({ ...school, opened: null })
        .onConflict((conflict) =>
          conflict.columns(['district', 'school']).doUpdateSet((eb) => ({ name: eb.ref('excluded.name') })),
        ),
    ],
    [
      'a condition',
      q
        .insertInto('schools')
        .values(school)
        .onConflict((conflict) =>
          conflict
            .columns(['district', 'school'])
            .doUpdateSet((eb) => ({ name: eb.ref('excluded.name') }))
            .where('name', '=', 'x'),
        ),
    ],
  ])('ON CONFLICT with %s is refused', (_, query) => {
    expect(() => query.compile()).toThrow(expect.objectContaining({ code: 'invalid_params' }));
  });
});
