import { isFailure } from '../../failure/failure.ts';
import { isJsonObject, type JsonObject, type JsonValue } from '../../json/json-value.ts';
import type { RecordMerge } from '../merge-record.ts';
import { MergeSettings } from '../merge-settings.ts';
import { type Chooser, createChooser } from './chooser.fixture.ts';
import { pickName, pickScalar } from './hostile-json.fixture.ts';
import { demand, demandSame, type Law, law } from './law.fixture.ts';
import { withOnly } from './map-settings.fixture.ts';
import { chosen, type MergeCase, mergeCases, randomCase, shuffleMembers } from './merge-case.fixture.ts';
import type { MergeUnderTest } from './merge-under-test.fixture.ts';
import { meaningOf } from './normal-form.fixture.ts';
import { cloneJson, isList, objectOf, withMember } from './own-members.fixture.ts';
import { readSettings } from './paths.fixture.ts';
import { editRecord } from './random-record.fixture.ts';
import { shrinkCase } from './shrink-case.fixture.ts';

/** Laws 23, 24: what counts as the same value, and what is no value at all. */
export const jsonLaws: readonly Law[] = [
  law(
    23,
    'two records have one hash exactly when the merge sees no change between them; what JSON cannot say has none',
    mergeCases,
    checkHash,
  ),
  law(
    24,
    'any JSON gives a plan or a failure that names what was wrong, never a crash',
    chosen(randomInput, shrinkInput),
    checkAnyJson,
  ),
];

/**
 * Modulo what is declared not to count: volatile fields, null members where null is absent, and the order of sets. The order of a list
 * counts, of a keyed one too: the merge writes it.
 */
function checkHash(
  subject: MergeUnderTest,
  { base, ours, theirs, settings, vocabulary, seed }: MergeCase,
): void {
  const chooser = createChooser(seed);
  const neutral = withOnly(settings, 'manual');
  const x = base ?? ours ?? theirs ?? {};
  const y = chooser.chance(30) ? editRecord(chooser, vocabulary, x) : (theirs ?? ours ?? {});
  const isOneHash = subject.hash(x, neutral) === subject.hash(y, neutral);
  const { isHeld, isAgreed, toTheirs, toOurs } = subject.merge({ base: x, ours: y, theirs: x }, neutral);
  const isNoChange = !isHeld && !isAgreed && toTheirs.length === 0 && toOurs.length === 0;
  demandSame(String(isOneHash), String(isNoChange), 'one hash exactly where there is no change');
  const sets = Object.entries(neutral.lists ?? {}).filter(([, spec]) => spec === 'set');
  const { volatile, nullIsAbsent } = neutral;
  const reading = readSettings({ volatile, nullIsAbsent, lists: Object.fromEntries(sets) });
  // With keys undeclared; a volatile pattern that names an element by its key cannot be read without them.
  if (neutral.volatile === undefined)
    demandSame(
      String(isOneHash),
      String(meaningOf(reading, x) === meaningOf(reading, y)),
      'one hash exactly where the JSON is equal',
    );
  demandSame(
    subject.hash(shuffleMembers(chooser, x), neutral),
    subject.hash(x, neutral),
    'the order of members is not hashed',
  );
  demandRefusal(subject, withMember(x, chooser.pick(vocabulary.names), chooser.pick(unsayable) as JsonValue));
}

const unsayable: readonly unknown[] = [
  undefined,
  Number.NaN,
  Number.POSITIVE_INFINITY,
  '\ud800',
  ['\udc00 and more'],
  { '\ud83d': 1 },
  () => 1,
  1n,
  new Date(0),
  [Number.NaN],
];

function demandRefusal(subject: MergeUnderTest, record: JsonObject): void {
  const outcome = attempt(() => subject.hash(record, {}));
  demand(isFailure(outcome) && outcome.code === 'invalid_params', 'what JSON cannot say is refused', () =>
    String(outcome),
  );
}

function attempt<T>(act: () => T): T | Error {
  try {
    return act();
  } catch (error) {
    if (error instanceof Error) return error;
    throw error;
  }
}

/** JSON as a vendor may send it and nobody expects it: half characters, towers of lists, settings that are none. */
interface Input extends MergeCase {
  readonly depth: number;
  readonly proposal: JsonValue;
}

function randomInput(chooser: Chooser): Input {
  const plain = randomCase(chooser);
  // Now and then as deep as is allowed, or beyond, or so deep that recursion without a limit would end the process.
  const depth = chooser.chance(90) ? 0 : chooser.pick([150, 199, 200, 201, 250, 250, 5_000]);
  const isObjects = chooser.chance(50);
  const name = chooser.pick(plain.vocabulary.names);
  const deep = (core: JsonValue) => {
    let tower = core;
    for (let level = 1; level < depth; level++)
      tower = isObjects ? { [name === '__proto__' ? 'x' : name]: tower } : [tower];
    return tower;
  };
  const put = (side: JsonObject | undefined): JsonObject | undefined => {
    if (side === undefined || chooser.chance(20)) return side;
    const core = chooser.chance(50) ? 'x' : chooser.pick(['\ud800', 'y', null, 1]);
    return withMember(
      side,
      depth > 0 ? name : pickName(chooser),
      depth > 0 ? deep(core) : anyJson(chooser, 0),
    );
  };
  const sides = { base: put(plain.base), ours: put(plain.ours), theirs: put(plain.theirs) };
  return { ...plain, ...sides, depth, proposal: anySettings(chooser, plain.settings) };
}

function anyJson(chooser: Chooser, depth: number): JsonValue {
  const count = chooser.below(4);
  if (depth < 4 && chooser.chance(35))
    return objectOf(
      Array.from({ length: count }, () => [pickName(chooser), anyJson(chooser, depth + 1)] as const),
    );
  if (depth < 4 && chooser.chance(25))
    return Array.from({ length: count }, () => anyJson(chooser, depth + 1));
  return chooser.chance(10) ? '\ud83d half' : pickScalar(chooser);
}

/** Settings with one part replaced by anything at all. */
function anySettings(chooser: Chooser, settings: MergeSettings): JsonValue {
  const part = chooser.pick([
    'default',
    'fields',
    'records',
    'lists',
    'nullIsAbsent',
    'volatile',
    pickName(chooser),
  ]);
  const table = objectOf([[chooser.pick(['/a', 'a', '/~9', '/*', '']), anyJson(chooser, 1)]]);
  const whole = JSON.parse(JSON.stringify(settings)) as JsonObject;
  return chooser.chance(5)
    ? anyJson(chooser, 0)
    : withMember(whole, part, chooser.chance(60) ? table : anyJson(chooser, 0));
}

function* shrinkInput(input: Input): Generator<Input> {
  if (input.depth > 0) return;
  for (const simpler of shrinkCase(input)) yield { ...input, ...simpler };
}

function checkAnyJson(subject: MergeUnderTest, { base, ours, theirs, settings, proposal }: Input): void {
  const { success, data } = MergeSettings.safeParse(cloneJson(proposal));
  for (const tried of success ? [settings, data] : [settings]) {
    const outcome = attempt(() => subject.merge({ base, ours, theirs }, tried));
    if (outcome instanceof Error) demandFailure(outcome, 'the merge');
    else demandWhole(outcome);
    for (const side of [base, ours, theirs]) {
      const hash = side && attempt(() => subject.hash(side, tried));
      if (hash instanceof Error) demandFailure(hash, 'the hash');
    }
  }
}

function demandFailure(error: Error, what: string): void {
  demand(isFailure(error) && error.code === 'invalid_params', `${what} fails with a typed failure`, () =>
    String(error),
  );
  demand('pointer' in error.data || 'side' in error.data, `${what} says where it failed`, () => error.data);
}

function demandWhole({
  isHeld,
  result,
  conflicts,
  toOurs,
  toTheirs,
  isAgreed,
  remarks,
  stale,
}: RecordMerge): void {
  const lists = [conflicts, toOurs, toTheirs, remarks, stale];
  demand(
    lists.every((list) => isList(list as JsonValue)),
    'a merge says all that it should',
  );
  demand(typeof isHeld === 'boolean' && typeof isAgreed === 'boolean', 'a merge says all that it should');
  demand(result === undefined || isJsonObject(result), 'a result is a record, or none');
}
