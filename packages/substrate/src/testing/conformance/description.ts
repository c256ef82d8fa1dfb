import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, test } from 'vitest';
import { digestJson } from '../../json/digest.ts';
import { isJsonObject, type JsonValue } from '../../json/json-value.ts';
import { entityTypeFacts } from '../../model/entity-types.ts';
import { readPage } from '../../pipeline/fetch/read-page.ts';
import { describeIssues } from '../../pipeline/record-failure.ts';
import { vendorMethods } from '../../service/vendor-service.ts';
import { recordsIn } from '../../vendor/collection-request.ts';
import type { Entity } from '../../vendor/define-entity.ts';
import { alterRecord } from './specimen.ts';
import type { Suite } from './suite.ts';

/** The description against its own files, and its mapping against everything that the simulator has. */
export function describeDescription({ vendor, folder, open, unalterable }: Suite): void {
  test('lists every file under entities/ and methods/', async () => {
    const entities = await exportsOf(join(folder, 'entities'));
    const methods = await exportsOf(join(folder, 'methods'));

    const listed: readonly unknown[] = vendor.entities;
    const served: readonly unknown[] = vendorMethods(vendor);
    expect(entities.filter((file) => !file.values.some((value) => listed.includes(value)))).toEqual([]);
    expect(methods.filter((file) => !file.values.some((value) => served.includes(value)))).toEqual([]);
    expect(entities.length).toBe(vendor.entities.length);
  });

  test('has entities that come after what they refer to, each entity type once', () => {
    const order = vendor.entities.map(({ entityType }) => entityType);
    expect(new Set(order).size).toBe(order.length);
    vendor.entities.forEach(({ entityType }, index) => {
      const referred = entityTypeFacts(entityType).refersTo.filter((name) =>
        order.some((each) => each === name),
      );
      expect(order.slice(0, index), `${entityType} refers to them`).toEqual(expect.arrayContaining(referred));
    });
  });

  test('reads every record of the vendor to sound canonical ones, with ids that are unique and references that lead somewhere', async () => {
    const stage = await open('long');
    const ids = new Map<string, ReadonlySet<string>>();
    const dangling: string[] = [];
    for (const entity of stage.vendor.entities) {
      const { entityType } = entity;
      const raw = await stage.source(entity, 'all');
      const { readings, refusals } = readPage(entity, raw, digestJson);
      expect(refusals, `${entityType} refused`).toEqual([]);
      const unsound = readings.flatMap(({ id, value }) => {
        const parsed = entityTypeFacts(entityType).schema.safeParse(value);
        if (!parsed.success) return [{ id, fault: describeIssues(parsed.error) as unknown }];
        // What the model spells in one way only (moments), it is to be spelled in: any other spelling would count as a change.
        return digestJson(parsed.data) === digestJson(value)
          ? []
          : [{ id, fault: { respelled: parsed.data } }];
      });
      expect(unsound, `${entityType} does not fit the canonical schema`).toEqual([]);
      const own = new Set(readings.map(({ id }) => id));
      expect(own.size, `${entityType} ids`).toBe(readings.length);
      ids.set(entityType, own);
      for (const { id, value } of readings) {
        const targets = [...entityTypeFacts(entityType).refersTo, entityType].map((name) => ids.get(name));
        for (const reference of referencesIn(value)) {
          if (!targets.some((known) => known?.has(reference)))
            dangling.push(`${entityType} ${id} -> ${reference}`);
        }
      }
    }
    expect(dangling).toEqual([]);
  });

  test('finds the id of a record without its mapping, and none in what is no record', async () => {
    const stage = await open('long');
    for (const entity of stage.vendor.entities) {
      for (const record of await stage.source(entity, 'all')) {
        const [reading] = readPage(entity, [record], digestJson).readings;
        const id = entity.idOf(record);
        // A record of another entity type's list may make many of these, or none, and then has no id as one.
        if (entity.from === undefined || id !== undefined) expect(id).toBe(reading?.id);
      }
      const strange = [null, 7, 'text', true, [], {}, [{}]];
      expect(strange.map((value) => entity.idOf(value))).toEqual(strange.map(() => undefined));
    }
  });

  test.each(Object.entries(unalterable))('has records of %s that cannot change: %s', async (entityType) => {
    const stage = await open('long');
    const entity = stage.entity(entityType as Entity['entityType']);
    const records = await stage.source(entity, 'all');
    expect(records.length).toBeGreaterThan(0);
    for (const record of records) expect(alterRecord(entity, record, records)).toBeUndefined();
  });

  test('maps without changing what it is given, and the same each time', async () => {
    const stage = await open('long');
    for (const entity of stage.vendor.entities) {
      const [record] = await stage.source(entity);
      if (record === undefined) continue;
      const frozen = freeze(entity.wire.parse(freeze(record)) as JsonValue);
      expect(entity.read(frozen)).toEqual(entity.read(frozen));
    }
  });

  test('reads every response under fixtures/responses, named after the file in entities/ that reads it', async () => {
    const stage = await open('long');
    const fixtures = join(folder, '../fixtures/responses');
    const files = existsSync(fixtures) ? readdirSync(fixtures).filter((name) => name.endsWith('.json')) : [];
    const modules = new Map(
      (await exportsOf(join(folder, 'entities'))).map(({ name, values }) => [name, values]),
    );
    const read = files.map((file) => {
      const values = modules.get(file.split('.')[0] ?? '') ?? [];
      const entity = vendor.entities.find((each) => values.includes(each));
      expect(entity, `${file} begins with the name of a file in entities/`).toBeDefined();
      const collection = stage.collection(entity as Entity);
      const json = JSON.parse(readFileSync(join(fixtures, file), 'utf8')) as JsonValue;
      const { readings, refusals } = readPage(entity as Entity, recordsIn(json, collection), digestJson);
      expect(refusals, file).toEqual([]);
      for (const { value } of readings) {
        if (value !== null)
          expect(() => entityTypeFacts((entity as Entity).entityType).schema.parse(value)).not.toThrow();
      }
      return (entity as Entity).entityType;
    });
    const missing = vendor.entities
      .map(({ entityType }) => entityType)
      .filter((name) => !read.includes(name));
    expect(missing, 'entity types without a response in fixtures/responses').toEqual([]);
  });
}

interface SourceFile {
  readonly name: string;
  readonly values: readonly unknown[];
}

async function exportsOf(folder: string): Promise<readonly SourceFile[]> {
  if (!existsSync(folder)) return [];
  const files = readdirSync(folder).filter(
    (name) => name.endsWith('.ts') && !/\.(test|fixture)\.ts$/.test(name),
  );
  return await Promise.all(
    files.map(async (file) => ({
      name: basename(file, '.ts'),
      values: Object.values((await import(pathToFileURL(join(folder, file)).href)) as object),
    })),
  );
}

/** The ids under members that end in `SourcedId` or `SourcedIds`, at any depth. */
function referencesIn(value: JsonValue | null): readonly string[] {
  if (Array.isArray(value)) return value.flatMap(referencesIn);
  if (!isJsonObject(value)) return [];
  return Object.entries(value).flatMap(([name, member]) => {
    if (name === 'metadata') return [];
    if (!/SourcedIds?$/.test(name)) return referencesIn(member);
    return (Array.isArray(member) ? member : [member]).filter((id) => typeof id === 'string');
  });
}

function freeze<T extends JsonValue>(value: T): T {
  if (typeof value === 'object' && value !== null) {
    for (const member of Object.values(value)) freeze(member as JsonValue);
    Object.freeze(value);
  }
  return value;
}
