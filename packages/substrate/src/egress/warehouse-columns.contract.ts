import { describe, expect, test } from 'vitest';
import { sampleChange } from './sample-changes.fixture.ts';
import { type CreateWarehouse, openWarehouseSeat } from './warehouse-seat.contract.ts';

/** What the columns of a warehouse's views hold, whatever lands. The queries keep to what BigQuery and DuckDB both understand. */
export function testWarehouseColumns(name: string, createAdapter: CreateWarehouse): void {
  describe(`columns of the warehouse: ${name}`, () => {
    const { arrange } = openWarehouseSeat(createAdapter);

    test('the current view has a typed column for every field', async () => {
      const { append, current } = await arrange();
      const after = {
        givenName: 'Ada',
        enabled: true,
        grade: 7,
        score: 1.5,
        birthDate: '2012-02-29',
        seenAt: '2026-03-01T02:00:00+02:00',
        roles: ['a', { b: null }],
      };

      await append([sampleChange(1, { after })]);

      expect(await current('given_name, enabled, grade, score, birth_date, seen_at, roles')).toEqual([
        {
          given_name: 'Ada',
          enabled: true,
          grade: 7,
          score: 1.5,
          birth_date: '2012-02-29',
          seen_at: '2026-03-01T00:00:00.000Z',
          roles: ['a', { b: null }],
        },
      ]);
    });

    test.each([
      ['absent', {}],
      [
        'null',
        {
          givenName: null,
          enabled: null,
          grade: null,
          score: null,
          birthDate: null,
          seenAt: null,
          roles: null,
        },
      ],
      [
        'not of its type',
        {
          givenName: { first: 'Ada' },
          enabled: 'perhaps',
          grade: 1.5,
          score: 'x',
          birthDate: '2026-02-30',
          seenAt: 'noon',
        },
      ],
      [
        'more than its type',
        {
          givenName: ['Ada'],
          enabled: 'TRUE',
          grade: '0x1F',
          score: '1,5',
          birthDate: '2026-03-01T00:00:00Z',
          seenAt: '2026-03-01T24:61:00Z',
        },
      ],
    ])('a value that is %s is null, and the view stays readable', async (_name, after) => {
      const { append, current } = await arrange();

      await append([sampleChange(1, { after })]);

      expect(await current('given_name, enabled, grade, score, birth_date, seen_at, roles')).toEqual([
        {
          given_name: null,
          enabled: null,
          grade: null,
          score: null,
          birth_date: null,
          seen_at: null,
          roles: null,
        },
      ]);
    });

    const hostile = [
      `'; DROP TABLE user_changes_raw; --`,
      `"`,
      '\\',
      '\\ud800',
      'a\u0000b',
      '\u{1F600}',
      '𝒳\u202e',
      'Ж漢字',
      '',
      ' ',
      '\n\r\t',
      '$1 @customer {{x}}',
      '%s',
      '</script>',
      'x'.repeat(100_000),
    ];

    test.each(hostile.map((text) => [JSON.stringify(text).slice(0, 40), text]))(
      'text comes back as it was: %s',
      async (_shown, text) => {
        const { append, current, select } = await arrange();

        await append([sampleChange(1, { after: { givenName: text, roles: { [`k${text}`]: text } } })]);

        expect(await current('given_name, roles')).toEqual([
          { given_name: text, roles: { [`k${text}`]: text } },
        ]);
        expect(await select('SELECT after FROM user_changes WHERE customer_id = @customer')).toHaveLength(1);
      },
    );

    test('half a surrogate pair does not make the views unreadable', async () => {
      const { append, current } = await arrange();

      await append([sampleChange(1, { after: { givenName: 'a\ud800b', roles: { '\udc00': ['\ud83d'] } } })]);

      expect(await current('given_name')).toEqual([{ given_name: 'a\ufffdb' }]);
    });
  });
}
