import { expect, type TestContext, test } from 'vitest';
import { digestJson } from '../../json/digest.ts';
import type { JsonObject } from '../../json/json-value.ts';
import { type EntityValue, entityTypeFacts } from '../../model/entity-types.ts';
import { readPage } from '../../pipeline/fetch/read-page.ts';
import { describeIssues } from '../../pipeline/record-failure.ts';
import type { Entity } from '../../vendor/define-entity.ts';
import type { Join, Said } from '../../vendor/join.ts';
import type { VendorStage } from '../vendor-stage.ts';
import { joinList } from './join-lists.ts';
import type { Suite } from './suite.ts';

/** Lists that say more of another list's records. */
export function describeJoins({ vendor, open }: Suite): void {
  function skipWithout(context: TestContext): void {
    if (vendor.entities.every(({ joins }) => joins === undefined))
      context.skip('no list says more of the records of another');
  }

  test('what other lists say is read of every record of theirs, is said of records that are there, and changes the members that it names', async (context) => {
    skipWithout(context);
    const stage = await open();
    for (const entity of stage.vendor.entities) {
      for (const [name, join] of Object.entries(entity.joins ?? {})) {
        const saidByKey = Map.groupBy(await readAll(stage, entity, join), ({ key }) => key);
        const { readings } = readPage(entity, await stage.source(entity, 'all'), digestJson);
        const changed = new Set<string>();
        for (const { id, value } of readings) {
          const before = value as EntityValue;
          const key = join.keyOf === undefined ? id : join.keyOf(id, before);
          const said = key === undefined ? undefined : saidByKey.get(key);
          if (said === undefined) continue;
          const after = join.add(
            before,
            said.toSorted((a, b) => (a.id < b.id ? -1 : 1)).map(({ says }) => says),
          );
          expect(faultOf(entity, after), `${entity.entityType} ${id} with ${name}`).toBeUndefined();
          for (const member of differing(before as JsonObject, after as JsonObject)) changed.add(member);
        }
        expect(changed.size, `members of ${entity.entityType} that ${name} changes`).toBeGreaterThan(0);
        expect(join.members, `members that ${name} names`).toEqual(expect.arrayContaining([...changed]));
      }
    }
  });
}

async function readAll(stage: VendorStage, entity: Entity, join: Join): Promise<readonly Said[]> {
  const raw = await stage.source(joinList(stage.vendor, entity, join), 'all');
  const all = raw.flatMap((record) => {
    const parsed = join.wire.safeParse(record);
    expect(parsed.error?.issues, `${entity.entityType}: ${JSON.stringify(record)}`).toBeUndefined();
    const said = parsed.data === undefined ? [] : [parsed.data];
    for (const { id } of said) expect(join.idOf(record)).toBe(id);
    return said;
  });
  const pairs = new Set(all.map(({ key, id }) => JSON.stringify([key, id])));
  expect(pairs.size, 'ids of what is said').toBe(all.length);
  for (const value of [null, 7, 'text', true, [], {}]) expect(join.idOf(value)).toBeUndefined();
  return all;
}

function faultOf({ entityType }: Entity, value: unknown): unknown {
  const parsed = entityTypeFacts(entityType).schema.safeParse(value);
  return parsed.success ? undefined : describeIssues(parsed.error);
}

function differing(before: JsonObject, after: JsonObject): readonly string[] {
  return [...new Set([...Object.keys(before), ...Object.keys(after)])].filter(
    (name) => digestJson(before[name] ?? null) !== digestJson(after[name] ?? null),
  );
}
