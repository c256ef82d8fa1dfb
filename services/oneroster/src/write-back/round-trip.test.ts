import { isJsonObject, type JsonObject, type JsonValue } from '@flotilla/substrate/json/json-value';
import type { EntityValue } from '@flotilla/substrate/model';
import { openClient } from '@flotilla/substrate/testing/open-client';
import type { Collection, EntityWrite, Reading, WriteRequest } from '@flotilla/substrate/vendor';
import { describe, expect, onTestFinished, test } from 'vitest';
import { categories } from '../entities/categories.ts';
import { lineItems } from '../entities/line-items.ts';
import { results } from '../entities/results.ts';
import type { Connection } from '../paths.ts';
import { createOneRosterSimulator, type OneRosterSimulatorOptions } from '../simulator.ts';
import { oneroster } from '../vendor.ts';
import type { WrittenType } from './gradebook-write.ts';

const categoryWrite = categories.write ?? expect.fail();
const lineItemWrite = lineItems.write ?? expect.fail();
const resultWrite = results.write ?? expect.fail();

/** One kind of the gradebook, with how it is read and written. */
interface Kind<T extends WrittenType> {
  readonly name: string;
  readonly write: EntityWrite<T, Connection>;
  readonly one: (id: string, connection: Connection) => Collection;
  readonly read: (record: JsonObject) => Reading<T> | undefined;
}

const category: Kind<'category'> = {
  name: 'categories',
  write: categoryWrite,
  one: (id, connection) => oneIn(categories, id, connection),
  read: (record) => categories.read(categories.wire.parse(record))[0],
};
const lineItem: Kind<'lineItem'> = {
  name: 'lineItems',
  write: lineItemWrite,
  one: (id, connection) => oneIn(lineItems, id, connection),
  read: (record) => lineItems.read(lineItems.wire.parse(record))[0],
};
const result: Kind<'result'> = {
  name: 'results',
  write: resultWrite,
  one: (id, connection) => oneIn(results, id, connection),
  read: (record) => results.read(results.wire.parse(record))[0],
};

function oneIn(
  { one }: { readonly one?: (id: string, connection: Connection) => Collection },
  id: string,
  connection: Connection,
): Collection {
  if (one === undefined) throw new RangeError('its records are not read one by one');
  return one(id, connection);
}

/** What a push says besides; nothing here goes by it. */
const described = { idempotencyKey: 'k'.repeat(43), changed: [] } as const;

async function open(options: OneRosterSimulatorOptions = {}, entered: JsonObject = { gradebook: 'write' }) {
  const simulator = await createOneRosterSimulator({ district: { students: 20, seed: 1 }, ...options });
  onTestFinished(() => simulator.close());
  await simulator.listen();
  const { baseUrl, version, credentials } = simulator;
  const { client, connection: parsed } = openClient(oneroster, {
    connection: { baseUrl, version, ...entered },
    credential:
      credentials.kind === 'oauth2'
        ? { type: 'oauth2', clientId: credentials.clientId, clientSecret: credentials.clientSecret }
        : {
            type: 'oauth1',
            consumerKey: credentials.consumerKey,
            consumerSecret: credentials.consumerSecret,
          },
  });
  onTestFinished(() => client.close());
  const connection = parsed as Connection;

  async function send(request: WriteRequest | undefined): Promise<JsonValue> {
    if (request === undefined) throw new RangeError('it is not written so');
    const { method, path, json } = request;
    const answer = await client.request({ method, path, ...(json === undefined ? {} : { body: { json } }) });
    return answer.body.byteLength === 0 ? null : answer.json();
  }

  async function membersOf({ path, member = '', query }: Collection): Promise<JsonValue | undefined> {
    const asked = query === undefined ? { path } : { path, query };
    const answer = await client.request({ ...asked, tolerate: [404] });
    const json = answer.json();
    return answer.status !== 404 && isJsonObject(json) ? json[member] : undefined;
  }

  /** The vendor's own record; undefined where it has none. */
  async function latest<T extends WrittenType>(kind: Kind<T>, id: string): Promise<JsonObject | undefined> {
    const found = await membersOf(kind.one(id, connection));
    return isJsonObject(found) ? found : undefined;
  }

  /** What is read of the vendor's record, without the date that is the server's to set. */
  async function reading<T extends WrittenType>(kind: Kind<T>, id: string): Promise<object | undefined> {
    const record = await latest(kind, id);
    const found = record === undefined ? undefined : kind.read(record);
    if (found === undefined || !('value' in found)) return found;
    const { dateLastModified, ...content } = found.value;
    expect(dateLastModified).toBeDefined();
    return content;
  }

  /** Creates a record and says under which id the vendor has it. */
  async function create<T extends WrittenType>(kind: Kind<T>, id: string, value: EntityValue<T>) {
    const answer = await send(kind.write.create?.({ ...described, id, value }, connection));
    return answer === null ? id : kind.write.assignment?.idIn(answer, { id });
  }

  return { simulator, connection, send, membersOf, latest, reading, create };
}

const score: EntityValue<'result'> = {
  status: 'active',
  lineItemSourcedId: 'asg-000001',
  studentSourcedId: 'stu-000001',
  scoreStatus: 'fully graded',
  score: 7.5,
  scoreDate: '2026-01-12',
  comment: 'Neat',
};
const newerScore: EntityValue<'result'> = {
  ...score,
  classSourcedId: 'cls-000001',
  textScore: 'B',
  late: true,
  missing: false,
  metadata: { 'sis.color': 'blue' },
};
const essay: EntityValue<'lineItem'> = {
  status: 'active',
  title: 'Essay',
  description: 'Two pages',
  assignDate: '2026-01-05T16:00:00.000Z',
  dueDate: '2026-01-09T23:59:00.000Z',
  classSourcedId: 'cls-000001',
  categorySourcedId: 'cat-tests',
  gradingPeriodSourcedId: 'ses-2026-q1-gp',
  resultValueMin: 0,
  resultValueMax: 10.5,
};
const newerEssay: EntityValue<'lineItem'> = {
  ...essay,
  schoolSourcedId: 'org-school-001',
  academicSessionSourcedId: 'ses-2026-q1',
};
const extra: EntityValue<'category'> = { status: 'active', title: 'Extra credit' };

describe.each(['1.1', '1.2'] as const)('what is written to a provider of %s', (version) => {
  const isNewer = version === '1.2';

  async function goRound<T extends WrittenType>(
    kind: Kind<T>,
    first: EntityValue<T>,
    second: EntityValue<T>,
  ): Promise<string | undefined> {
    const { simulator, connection, send, latest, reading, create } = await open({ version });
    const before = simulator.counts()[kind.name] ?? 0;

    const id = (await create(kind, 'ours-1', first)) ?? '';
    expect(await reading(kind, id)).toEqual(first);

    const found = await latest(kind, id);
    await send(
      kind.write.update?.(
        { ...described, id, value: second, ...(found === undefined ? {} : { latest: found }) },
        connection,
      ),
    );
    expect(await reading(kind, id)).toEqual(second);
    expect(simulator.counts()[kind.name]).toBe(before + 1);

    await send(kind.write.remove?.({ ...described, id, value: second }, connection));
    expect(await reading(kind, id)).toBeUndefined();
    expect(simulator.counts()[kind.name]).toBe(before);
    return id;
  }

  test('reads back equal: a result, created, changed and deleted', async () => {
    const { comment: _, ...silent } = isNewer ? newerScore : score;
    const id = await goRound(result, isNewer ? newerScore : score, { ...silent, score: 0 });
    expect(id === 'ours-1').toBe(!isNewer);
  });

  test('reads back equal: a line item, created, changed and deleted', async () => {
    const { description: _, ...terse } = isNewer ? newerEssay : essay;
    const id = await goRound(lineItem, isNewer ? newerEssay : essay, { ...terse, resultValueMax: 20 });
    expect(id === 'ours-1').toBe(!isNewer);
  });

  test('reads back equal: a category, created under our id, changed and deleted', async () => {
    const first = isNewer ? { ...extra, weight: 5 } : extra;
    expect(await goRound(category, first, { ...first, title: 'Bonus' })).toBe('ours-1');
  });
});

describe('a change of a known record', () => {
  test('leaves alone what only the vendor has', async () => {
    const { simulator, connection, send, latest } = await open();
    const id = 'scr-000001-stu-000001';
    const learningObjectiveSet = [
      { source: 'case', learningObjectiveResults: [{ learningObjectiveId: 'o-1', score: 3 }] },
    ];
    const before: JsonObject = { ...simulator.record('results', id), learningObjectiveSet };
    simulator.edit([{ collection: 'results', op: 'put', id, record: before }]);

    const found = (await latest(result, id)) ?? {};
    const read = result.read(found);
    if (read === undefined || !('value' in read)) throw new RangeError('not read');
    await send(
      resultWrite.update?.(
        { ...described, id, value: { ...read.value, comment: 'Ours' }, latest: found },
        connection,
      ),
    );

    const { dateLastModified: was, ...rest } = before;
    const { dateLastModified: is, ...after } = simulator.record('results', id) ?? {};
    expect(after).toEqual({ ...rest, comment: 'Ours' });
    expect(is).not.toBe(was);
  });
});

describe('a write that does not go well', () => {
  test('is refused with the words of the provider, which are kept', async () => {
    const { simulator, connection, send } = await open();
    const wrong = resultWrite.create?.(
      { ...described, id: 'x', value: { ...score, studentSourcedId: 'nobody' } },
      connection,
    );
    await expect(send(wrong)).rejects.toMatchObject({
      code: 'push_rejected',
      data: { status: 422, excerpt: expect.stringContaining('student: no user nobody') },
    });

    simulator.addFault('PUT /results/r1: 422');
    const refused = resultWrite.update?.({ ...described, id: 'r1', value: score }, connection);
    await expect(send(refused)).rejects.toMatchObject({
      code: 'push_rejected',
      data: { status: 422, excerpt: expect.stringContaining('invaliddata') },
    });
    await send(refused);
    expect(simulator.record('results', 'r1')).toMatchObject({ score: 7.5 });
  });

  test('is forbidden to a token that was asked for to read only', async () => {
    const { connection, send, reading } = await open({}, {});
    for (const request of [
      resultWrite.create?.({ ...described, id: 'x', value: score }, connection),
      resultWrite.update?.({ ...described, id: 'x', value: score }, connection),
      resultWrite.remove?.({ ...described, id: 'x', value: score }, connection),
    ]) {
      await expect(send(request)).rejects.toMatchObject({ code: 'push_rejected', data: { status: 403 } });
    }
    expect(await reading(result, 'x')).toBeUndefined();
  });

  test('is accepted and not kept by a provider that rounds: what is read again says so', async () => {
    const { reading, create } = await open({ quirks: ['round-scores'] });
    const id = (await create(result, 'ours-1', score)) ?? '';
    expect(await reading(result, id)).toEqual({ ...score, score: 8 });
  });

  test('is a deletion although the provider keeps the record, marked', async () => {
    const { connection, send, latest, reading, create } = await open({ quirks: ['delete-marks'] });
    const id = (await create(result, 'ours-1', score)) ?? '';
    await send(resultWrite.remove?.({ ...described, id, value: score }, connection));
    expect(await latest(result, id)).toMatchObject({ status: 'tobedeleted', score: 7.5 });
    expect(await reading(result, id)).toEqual({ id, deleted: true });
  });

  test('and was done all the same under our id is there when it is read', async () => {
    const { simulator, connection, send, reading } = await open();
    simulator.addFault('PUT /categories/ours-1: cut');
    simulator.addFault('DELETE /categories/ours-1: cut');
    const record = { ...described, id: 'ours-1', value: extra };

    const lost = { code: 'gateway_unavailable', data: { isSent: true } };
    await expect(send(categoryWrite.create?.(record, connection))).rejects.toMatchObject(lost);
    expect(await reading(category, 'ours-1')).toEqual(extra);
    await expect(send(categoryWrite.remove?.(record, connection))).rejects.toMatchObject(lost);
    expect(await reading(category, 'ours-1')).toBeUndefined();
  });

  test('and was done all the same is found in the list where it would be, once', async () => {
    for (const [value, kind] of [
      [newerScore, 'with its class'],
      [score, 'without'],
    ] as const) {
      const { simulator, connection, send, membersOf } = await open();
      simulator.addFault('POST /lineItems/asg-000001/results: cut');
      const record = { ...described, id: 'ours-1', value: { ...value, comment: 'Only here' } };

      await expect(send(resultWrite.create?.(record, connection)), kind).rejects.toMatchObject({
        code: 'gateway_unavailable',
      });

      const list = resultWrite.assignment?.where(record, connection);
      const listed =
        list === undefined ? [] : await membersOf({ ...list, query: { ...list.query, limit: '1000' } });
      const found = (listed as readonly JsonObject[]).filter(({ comment }) => comment === 'Only here');
      expect(found, kind).toHaveLength(1);
    }
  });
});
