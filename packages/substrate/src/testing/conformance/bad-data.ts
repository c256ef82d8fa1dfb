import { expect, test } from 'vitest';
import type { JsonObject, JsonValue } from '../../json/json-value.ts';
import type { Entity } from '../../vendor/define-entity.ts';
import type { VendorStage } from '../vendor-stage.ts';
import { withIdOf } from './id-member.ts';
import { parentLists } from './parent-lists.ts';
import { alterRecord, breakRecord, objectsIn, otherReadings } from './specimen.ts';
import type { Suite } from './suite.ts';
import type { Tamper } from './wire-tap.ts';
import { tamperRecords } from './wire-tap.ts';

/** Records that are not as they should be: one of them must never cost the others. */
export function describeBadData(suite: Suite): void {
  const { open, subject } = suite;
  const only = { entityTypes: [subject.entityType] };

  test('unknown members are ignored, in every entity type', async () => {
    const stage = await open('long');
    await stage.sync();
    stage.tap.tamper(
      await inEveryEntityType(stage, (record) => ({ ...record, flotillaUnknown: { deep: [1, 'x', null] } })),
    );

    const { run, changes, quarantined } = await stage.sync();

    expect(run.state).toBe('succeeded');
    expect(quarantined).toEqual([]);
    expect(changes).toEqual([]);
  });

  test('a record that lacks what it needs is quarantined alone and named, in every entity type; what is stored of it stays', async () => {
    const stage = await open('long');
    await stage.sync();
    const before = await stage.stored();
    const connection = stage.vendor.api.connection.parse(stage.connection);
    const broken = new Map<string, { readonly id: string | undefined; readonly member: string }>();
    // One that is read from another's list is broken along with it, or not at all.
    const listed = stage.vendor.entities.filter(({ from }) => from === undefined);
    const lists = await Promise.all(listed.map((entity) => parentLists(stage, entity)));
    const tampers = listed.map((entity, at) => {
      return tamperRecords(
        stage.collection(entity),
        (records, page) => {
          const [first, ...rest] = objectsIn(records);
          const others = otherReadings(stage.vendor, entity, connection);
          const attempt = first === undefined || page > 1 ? undefined : breakRecord(entity, first, others);
          if (attempt === undefined) return records;
          broken.set(entity.entityType, { id: entity.idOf(attempt.record), member: attempt.member });
          return [attempt.record, ...rest];
        },
        lists[at],
      );
    });
    stage.tap.tamper(inTurn(tampers));

    const { run, quarantined, entityTypes, changes } = await stage.sync();

    // Those whose records say nothing but their ids have nothing that could be broken.
    const unbroken = listed.filter(
      ({ entityType }) => !broken.has(entityType) && suite.unalterable[entityType] === undefined,
    );
    expect(
      unbroken.map(({ entityType }) => entityType),
      'entity types without a record that `wire` refuses for a member while what is read `from` it stays as it is',
    ).toEqual([]);
    expect(run.state).toBe('succeeded');
    expect(changes).toEqual([]);
    expect(await stage.stored()).toEqual(before);
    for (const { entityType, recordId, failure } of quarantined) {
      const { id, member } = broken.get(entityType) ?? {};
      expect(recordId, entityType).toBe(id);
      expect(failure.code).toBe('record_quarantined');
      expect(JSON.stringify(failure.data), `${entityType}: the failure names the member`).toContain(
        `"/${member}`,
      );
    }
    expect(quarantined).toHaveLength(broken.size);
    for (const [entityType, { counts }] of entityTypes)
      expect(counts).toMatchObject({ quarantined: broken.has(entityType) ? 1 : 0, deleted: 0 });
  });

  test('the others of a bad record go on: created, updated, and stored', async () => {
    const stage = await open();
    await stage.sync(only);
    const source = await stage.source(subject);
    const [, second] = source;
    const altered = second === undefined ? undefined : alterRecord(subject, second, source);
    stage.tap.tamper(
      tamperRecords(stage.collection(subject), (records, page) => {
        const [first, , ...rest] = objectsIn(records);
        if (page > 1 || first === undefined || altered === undefined) return records;
        return [breakRecord(subject, first)?.record ?? first, altered, ...rest];
      }),
    );

    const { changes } = await stage.sync(only);

    expect(changes.map(({ action, recordId }) => [action, recordId])).toEqual([
      ['update', subject.idOf(second)],
    ]);
  });

  test('a record whose id cannot be made out stops deletions, since it may be any of the stored ones', async () => {
    const stage = await open();
    await stage.sync(only);
    const before = await stage.stored();
    stage.tap.tamper(
      tamperRecords(stage.collection(subject), (records, page) =>
        page === 1 ? [{}, ...records.slice(1)] : records,
      ),
    );

    const { run, entityTypes, quarantined } = await stage.sync(only);

    expect(run.state).toBe('partial');
    expect(entityTypes.get(subject.entityType)).toMatchObject({
      stage: 'done',
      counts: { deleted: 0, quarantined: 1 },
      failure: { code: 'incomplete_fetch' },
    });
    expect(quarantined).toMatchObject([{ recordId: null, page: 0, ordinal: 0 }]);
    expect(await stage.stored()).toEqual(before);
  });

  test('records that are no objects are quarantined like any other bad one', async () => {
    const stage = await open();
    const { length } = await stage.source(subject);
    const strange = [null, 'text', 7, []];
    stage.tap.tamper(
      tamperRecords(stage.collection(subject), (records, page) =>
        page === 1 ? [...records, ...strange] : records,
      ),
    );

    const { run, entityTypes } = await stage.sync(only);

    expect(run.failure).toBeNull();
    expect(entityTypes.get(subject.entityType)?.counts).toMatchObject({
      created: length,
      quarantined: strange.length,
    });
  });

  test('strange texts are stored exactly or quarantined, and cost no other record', async () => {
    const stage = await open();
    const source = await stage.source(subject);
    const member = source[0] === undefined ? undefined : textMemberOf(subject, source[0]);
    if (member === undefined) throw new RangeError('The subject has no member of plain text');
    const left = [...strangeTexts];
    stage.tap.tamper(
      tamperRecords(stage.collection(subject), (records) =>
        objectsIn(records).map((record) => ({ ...record, [member]: left.shift() ?? record[member] ?? null })),
      ),
    );

    const { entityTypes, quarantined } = await stage.sync(only);

    expect(left, 'texts that no page was read for').toEqual([]);
    expect(entityTypes.get(subject.entityType)).toMatchObject({ stage: 'done', failure: null });
    const stored = await stage.stored();
    expect(stored.length + quarantined.length).toBe(source.length);
    strangeTexts.forEach((text, index) => {
      const id = subject.idOf(source[index]);
      const row = stored.find(({ recordId }) => recordId === id);
      if (row === undefined) expect(quarantined.map(({ recordId }) => recordId)).toContain(id);
      else expect(textsIn(row.value)).toContain(text);
    });
  });

  test('an id that cannot be stored is quarantined, and costs no other record', async () => {
    const stage = await open();
    const { length } = await stage.source(subject);
    const ids = ['', 'x'.repeat(300), 'half \ud800'];
    stage.tap.tamper(
      tamperRecords(stage.collection(subject), (records, page) =>
        page > 1
          ? records
          : objectsIn(records).map((record, at) => {
              const id = ids[at];
              return id === undefined ? record : (withIdOf(subject, record, id) ?? record);
            }),
      ),
    );

    const { entityTypes } = await stage.sync(only);

    expect(entityTypes.get(subject.entityType)).toMatchObject({
      stage: 'done',
      counts: { created: length - ids.length, quarantined: ids.length },
    });
  });
}

/** What has broken importers before: control characters, halves of characters, names of members, long and quoted texts. */
const strangeTexts = [
  'nul \u0000 inside',
  'half a character \ud800',
  'right to left \u202e mark',
  '👩🏽‍🏫 e\u0301 ﬁ 日本語',
  '__proto__',
  "Robert'); DROP TABLE records;--",
  '<script>alert(1)</script>',
  'long '.repeat(2_000),
];

/** A member of plain text that the mapping reads. */
function textMemberOf(entity: Entity, record: JsonObject): string | undefined {
  const altered = alterRecord(entity, record) ?? {};
  return Object.keys(altered).find((member) => {
    const { [member]: value } = altered;
    return typeof value === 'string' && value !== record[member] && value.endsWith(' (edited)');
  });
}

async function inEveryEntityType(
  stage: VendorStage,
  edit: (record: JsonObject) => JsonObject,
): Promise<Tamper> {
  const { entities } = stage.vendor;
  const lists = await Promise.all(entities.map((entity) => parentLists(stage, entity)));
  return inTurn(
    entities.map((entity, at) =>
      tamperRecords(stage.collection(entity), (records) => objectsIn(records).map(edit), lists[at]),
    ),
  );
}

function inTurn(tampers: readonly Tamper[]): Tamper {
  return (response, request) => tampers.reduce((changed, tamper) => tamper(changed, request), response);
}

function textsIn(value: JsonValue): readonly string[] {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsIn) : [];
}
