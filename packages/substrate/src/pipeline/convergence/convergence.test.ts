import { afterEach, describe, expect, test } from 'vitest';
import { createManualClock } from '../../clock/clock.manual.ts';
import { canonicalJson } from '../../json/canonical-json.ts';
import type { JsonObject } from '../../json/json-value.ts';
import type { ChosenSettings } from '../../settings/integration-settings.ts';
import { conflicts as conflictTable, putConflicts, type StoredConflict } from '../../store/conflicts.ts';
import { records } from '../../store/records.ts';
import { editRecord } from '../edit-record.ts';
import { paperGradebook } from '../paper-school.fixture.ts';
import { createPipelineFixture, owner, type PipelineFixture } from '../pipeline.fixture.ts';
import { sweepRuns } from '../run/sweep-runs.ts';
import { type Chance, createChance, createLife, killed, type Life, mortalWorker } from './chaos.fixture.ts';
import { type Fields, meet, type Rule, type Sheet } from './reference-school.fixture.ts';

/** How our members are called on the reference sheet, and at the school. */
const names = { givenName: 'given', familyName: 'family', email: 'mail', username: 'login' } as const;
const constants = { status: 'active', enabledUser: true, roles: [] };
/** Each a history of its own; a longer list was tried by hand. */
const seeds = [1, 2];
/** Never deleted by anybody: an empty list is not believed. */
const keeper = 'u0';

interface World {
  readonly chance: Chance;
  readonly life: Life;
  readonly fixture: PipelineFixture;
  readonly sheets: Map<string, Sheet>;
  readonly rules: Readonly<Record<string, Rule>>;
  /** What a person has decided, for exactly these values. */
  readonly decisions: Map<string, { readonly rule: Rule; readonly seen: string }>;
  edits: number;
  /** Runs that were asked for, and whose task has not come yet. */
  readonly late: { readonly runId: string; readonly id: string }[];
  /** What happens between two slices of a run. */
  meanwhile: () => Promise<void>;
}

let world: World | undefined;
afterEach(() => world?.fixture.close());

async function openWorld(
  seed: number,
  settings: ChosenSettings,
  rules: World['rules'],
  share = 0.5,
): Promise<World> {
  const chance = createChance(seed);
  const life = createLife(chance, share);
  const fixture = await createPipelineFixture({
    clock: createManualClock(),
    vendor: paperGradebook,
    faults: { beforeCommit: () => life.before(), afterCommit: () => life.after() },
  });
  await fixture.choose({
    disabledEntityTypes: ['category', 'lineItem', 'result'],
    writeBack: ['user'],
    limits: {
      toOurs: { update: 'off', delete: 'off' },
      toTheirs: { create: 'off', update: 'off', delete: 'off' },
      perSchool: { toOurs: { delete: 'off' }, toTheirs: { delete: 'off' } },
    },
    ...settings,
  });
  fixture.school.data.users.splice(0, Number.POSITIVE_INFINITY, {
    id: keeper,
    given: 'Keeper',
    family: 'Oak',
  });
  const sheets = new Map<string, Sheet>([
    [keeper, { ours: undefined, theirs: { given: 'Keeper', family: 'Oak' }, common: undefined }],
  ]);
  world = {
    chance,
    life,
    fixture,
    sheets,
    rules,
    decisions: new Map(),
    edits: 0,
    late: [],
    meanwhile: async () => undefined,
  };
  return world;
}

/** Somebody at the school, or on our side, creates, changes or deletes a person. */
async function editSomewhere(where: World, side: 'ours' | 'theirs'): Promise<void> {
  const { chance, sheets } = where;
  where.edits++;
  const known = [...sheets].filter(([, sheet]) => sheet[side] !== undefined).map(([id]) => id);
  if (known.length === 0 || chance.isLucky(0.15)) {
    // Now and then both sides come upon the same new id by themselves.
    const taken = [...sheets.keys()].filter((id) => sheets.get(id)?.[side] === undefined);
    const isSameId = taken.length > 0 && chance.isLucky(0.2);
    const id = isSameId ? chance.pick(taken) : `u${where.edits}`;
    await put(where, side, id, { given: word(chance), family: word(chance) });
    return;
  }
  const id = chance.pick(known);
  if (id !== keeper && chance.isLucky(0.15)) return await put(where, side, id, undefined);
  const before = sheets.get(id)?.[side] ?? {};
  const field = chance.pick(['given', 'family', 'mail']);
  const { mail: _mail, ...withoutMail } = before;
  const after = field === 'mail' && chance.isLucky(0.3) ? withoutMail : { ...before, [field]: word(chance) };
  await put(where, side, id, after);
}

/** Few words, so that both sides often say the same. */
function word(chance: Chance): string {
  return chance.pick(['Ash', 'Birch', 'Cedar', 'Elm']);
}

async function put(
  { fixture, sheets }: World,
  side: 'ours' | 'theirs',
  id: string,
  fields: Fields | undefined,
): Promise<void> {
  const sheet = sheets.get(id) ?? { ours: undefined, theirs: undefined, common: undefined };
  sheets.set(id, { ...sheet, [side]: fields });
  if (side === 'theirs') {
    const { users } = fixture.school.data;
    const at = users.findIndex((user) => user.id === id);
    if (fields === undefined) users.splice(at, 1);
    else if (at < 0) users.push({ id, ...fields });
    else users[at] = { id, ...fields };
    return;
  }
  const value = fields === undefined ? null : { ...constants, ...toMembers(fields) };
  await editRecord(fixture.worker, {
    ...owner,
    entityType: 'user',
    recordId: id,
    value,
    runId: crypto.randomUUID(),
  });
}

function toMembers(fields: Fields): JsonObject {
  const pairs = Object.entries(names).map(([member, field]) => [member, fields[field]] as const);
  return Object.fromEntries(pairs.filter(([, value]) => value !== undefined)) as JsonObject;
}

function toFields(value: JsonObject | null | undefined): Fields | undefined {
  if (value == null) return undefined;
  const pairs = Object.entries(names).map(([member, field]) => [field, value[member]] as const);
  return Object.fromEntries(pairs.filter(([, found]) => found !== undefined)) as Fields;
}

/** Runs a sync to its end through deaths, double deliveries and late ones. */
async function live(where: World, runId: string): Promise<void> {
  const { chance, life, fixture } = where;
  const worker = mortalWorker(fixture.worker, life);
  for (let deliveries = 0; ; deliveries++) {
    if (deliveries > 60) throw new Error(`A run does not end: ${fixture.logged.slice(-3).join('\n')}`);
    life.begin();
    const sliced = chance.isLucky(0.3) && deliveries < 10 ? { ...worker, sliceMs: 0 } : worker;
    try {
      await sweepRuns(worker, 'paper-school');
      const twice = chance.isLucky(0.15);
      await Promise.all([
        fixture.deliver(runId, { worker: sliced }),
        ...(twice ? [fixture.deliver(runId, { worker })] : []),
      ]);
    } catch (thrown) {
      if (thrown !== killed && (thrown as Error).cause !== killed) throw thrown;
    } finally {
      life.end();
    }
    if ((await fixture.outcome(runId)).run.finishedAt !== null) return;
    await where.meanwhile();
  }
}

async function syncAll(where: World): Promise<void> {
  await live(where, await where.fixture.start());
  for (const id of where.sheets.keys()) meetOn(where, id);
}

/** The run of one record, now or when its task comes late. */
async function syncOne(where: World, id: string): Promise<void> {
  const { chance, fixture, late } = where;
  const runId = await fixture.start({ context: 'realtime', entityTypes: ['user'], recordIds: [id] });
  late.push({ runId, id });
  if (chance.isLucky(0.3)) return;
  for (const run of late.splice(0)) {
    await live(where, run.runId);
    meetOn(where, run.id);
  }
}

/** The same on the reference sheet. */
function meetOn({ sheets, rules, decisions }: World, id: string): void {
  const before = sheets.get(id) as Sheet;
  const { sheet, isHeld } = meet(before, (field) => {
    const decision = decisions.get(`${id} ${field}`);
    return decision?.seen === seen(before, field)
      ? decision.rule
      : (rules[field ?? ''] ?? rules[''] ?? 'manual');
  });
  if (isHeld || sheet.theirs === undefined) {
    sheets.set(id, sheet);
    return;
  }
  const { login: _ours, ...taken } = sheet.theirs;
  if (before.theirs === undefined) {
    // The school gives a login to whom it gets from us; by reading it again we have it too.
    const both = { ...taken, login: `${taken.given}.${taken.family}`.toLowerCase() };
    sheets.set(id, { ours: both, theirs: both, common: both });
    return;
  }
  // It takes no login from anybody: what we do with ours stays ours.
  const { login } = before.theirs;
  const theirs: Fields = login === undefined ? taken : { ...taken, login };
  sheets.set(id, { ours: sheet.ours, theirs, common: theirs });
}

function seen({ ours, theirs, common }: Sheet, field: string | null): string {
  const of = (fields: Fields | undefined) => (field === null ? fields : fields?.[field]);
  return JSON.stringify([of(ours), of(theirs), of(common)].map((value) => value ?? null));
}

/** A person decides on some of the conflicts that wait. */
async function decideSome({ fixture, chance, decisions, sheets }: World): Promise<void> {
  const { store } = fixture.platform;
  const open = (await store.scan(conflictTable)).filter(({ state }) => state === 'open');
  for (const conflict of open.filter(() => chance.isLucky(0.6))) {
    const choice = chance.pick(['ours', 'theirs'] as const);
    const field = fieldAt(conflict);
    const sheet = sheets.get(conflict.recordId) as Sheet;
    // On what the person saw: not on what has become of it since.
    if (!isAsFound(conflict, sheet, field)) continue;
    decisions.set(`${conflict.recordId} ${field}`, { rule: choice, seen: seen(sheet, field) });
    const decision = { choice, reason: null, decidedBy: 'test', decidedAt: '2026-01-01T00:00:00.000Z' };
    await store.transaction(async (transaction) =>
      putConflicts(transaction, [{ ...conflict, state: 'decided', decision, version: conflict.version + 1 }]),
    );
  }
}

function fieldAt({ pointer }: StoredConflict): string | null {
  if (pointer === '') return null;
  return names[pointer.slice(1) as keyof typeof names];
}

function isAsFound({ sides }: StoredConflict, sheet: Sheet, field: string | null): boolean {
  const of = (fields: Fields | undefined) => (field === null ? fields : fields?.[field]) ?? null;
  const found = (value: JsonObject | string | undefined) =>
    (typeof value === 'object' ? toFields(value) : value) ?? null;
  return (['ours', 'theirs'] as const).every(
    (side) => canonical(of(sheet[side])) === canonical(found(sides[side] as JsonObject | string | undefined)),
  );
}

function canonical(value: Fields | string | null): string {
  return typeof value === 'object' && value !== null ? canonicalJson(value) : JSON.stringify(value);
}

/** What both sides have, person by person. */
async function lookAround({ fixture, sheets }: World) {
  const rows = await fixture.platform.store.scan(records, { prefix: { ...owner, entityType: 'user' } });
  const ours = new Map(rows.map(({ recordId, value }) => [recordId, toFields(value)]));
  const theirs = new Map(
    fixture.school.data.users.map(({ id, ...fields }) => [id as string, fields as Fields]),
  );
  const ids = [...new Set([...ours.keys(), ...theirs.keys(), ...sheets.keys()])].toSorted();
  return ids.map((id) => ({ id, ours: ours.get(id), theirs: theirs.get(id) }));
}

function asWritten({ sheets }: World) {
  const ids = [...sheets.keys()].toSorted();
  return ids.map((id) => ({ id, ours: sheets.get(id)?.ours, theirs: sheets.get(id)?.theirs }));
}

/** A history of edits on both sides and syncs between them, compared with the reference sheet after every sync. */
async function liveThrough(where: World, steps: number): Promise<void> {
  const { chance } = where;
  for (let step = 0; step < steps; step++) {
    const fate = chance.draw(20);
    if (fate < 9) await editSomewhere(where, 'theirs');
    else if (fate < 17) await editSomewhere(where, 'ours');
    else if (fate < 18) await decideSome(where);
    else {
      if (fate === 18) await syncAll(where);
      else await syncOne(where, chance.pick([...where.sheets.keys()]));
      expect(await lookAround(where), `after step ${step}`).toEqual(asWritten(where));
    }
  }
  await syncAll(where);
  expect(await lookAround(where), 'at the end').toEqual(asWritten(where));
}

describe('edits on both sides, and syncs that die, come twice and come late, end as on the reference sheet', () => {
  const worlds: readonly [string, ChosenSettings, World['rules']][] = [
    ['ours first', { merge: { default: 'resolveOurs' } }, { '': 'ours' }],
    ['theirs first', { merge: { default: 'resolveTheirs' } }, { '': 'theirs' }],
    [
      'one field the other way round',
      { merge: { default: 'resolveOurs', fields: { '/familyName': 'resolveTheirs' } } },
      { '': 'ours', family: 'theirs' },
    ],
    ['by people', { merge: { default: 'manual' } }, { '': 'manual' }],
    [
      'by people, and one field by rule',
      { merge: { fields: { '/email': 'resolveOurs' } } },
      { '': 'manual', mail: 'ours' },
    ],
  ];

  test.each(worlds)(
    '%s',
    async (_name, settings, rules) => {
      let kills = 0;
      for (const seed of seeds) {
        const where = await openWorld(seed, settings, rules);
        await liveThrough(where, 250);
        kills += where.life.kills;
        await where.fixture.close();
        world = undefined;
      }
      expect(kills).toBeGreaterThan(5);
    },
    120_000,
  );
});

test('edits that fall between the slices of a run lose nothing, and two quiet syncs later both sides are the same', async () => {
  const where = await openWorld(11, { merge: { default: 'resolveOurs' } }, {}, 0.6);
  const { chance, fixture } = where;
  const people = { given: 'Pat', family: 'Oak' };
  /** What anybody ever wrote into a field last, by record and field. */
  const written = new Map<string, Set<string | undefined>>();
  async function edit(): Promise<void> {
    await readSheets(where);
    const side = chance.pick(['ours', 'theirs'] as const);
    const before = new Map([...where.sheets].map(([id, sheet]) => [id, sheet[side]]));
    await editSomewhere(where, side);
    for (const [id, sheet] of where.sheets) {
      for (const field of ['given', 'family', 'mail']) {
        if (sheet[side]?.[field] === before.get(id)?.[field]) continue;
        const values = written.get(`${id} ${field}`) ?? new Set();
        written.set(`${id} ${field}`, values.add(sheet[side]?.[field]));
      }
    }
  }
  where.meanwhile = async () => {
    for (let count = chance.draw(3); count > 0; count--) await edit();
  };
  for (let person = 1; person <= 12; person++) await put(where, 'theirs', `p${person}`, people);
  for (let round = 0; round < 25; round++) {
    for (let count = chance.draw(6); count > 0; count--) await edit();
    await live(where, await fixture.start());
  }
  where.meanwhile = async () => undefined;
  await live(where, await fixture.start());
  await live(where, await fixture.start());

  const found = await lookAround(where);
  expect(found.length).toBeGreaterThan(5);
  for (const { id, ours, theirs } of found) {
    const { login: _ours, ...our } = ours ?? {};
    const { login: _theirs, ...their } = theirs ?? {};
    expect(our, id).toEqual(their);
    for (const [field, value] of Object.entries(our)) {
      if (id !== keeper)
        expect([...(written.get(`${id} ${field}`) ?? [])], `${id} ${field}`).toContain(value);
    }
  }
}, 120_000);

/** What both sides have, as a sheet to edit on. */
async function readSheets(where: World): Promise<void> {
  where.sheets.clear();
  for (const { id, ours, theirs } of await lookAround(where)) {
    where.sheets.set(id, { ours, theirs, common: undefined });
  }
}
