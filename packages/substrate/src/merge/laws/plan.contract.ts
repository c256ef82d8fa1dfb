import type { JsonObject } from '../../json/json-value.ts';
import type { PlanLine } from '../merge-record.ts';
import type { MergeSettings } from '../merge-settings.ts';
import { putAt } from './fields-of.fixture.ts';
import { demand, demandSame, type Law, law } from './law.fixture.ts';
import { type MergeCase, mergeCases } from './merge-case.fixture.ts';
import { type MergeUnderTest, settle } from './merge-under-test.fixture.ts';
import { meaningOf } from './normal-form.fixture.ts';
import { isWithin, type Path, pathIn, readSettings, valueAt } from './paths.fixture.ts';

/** What the design says of a plan beside its numbered laws. */
export const planLaw: Law = law(
  25,
  'a plan carried out makes each side the result, and says each difference once, with the rule that decided it',
  mergeCases,
  checkPlan,
);

function checkPlan(subject: MergeUnderTest, { base, ours, theirs, settings }: MergeCase): void {
  const { result, toOurs, toTheirs, isAgreed } = settle(subject, { base, ours, theirs }, settings);
  const pathAt = (pointer: string) => pathIn(readSettings(settings), { base, ours, theirs }, pointer);
  demandCarriesOut(settings, ours, toOurs, result, pathAt);
  demandCarriesOut(settings, theirs, toTheirs, result, pathAt);
  const isIdle = toOurs.length === 0 && toTheirs.length === 0;
  demand(!isAgreed || isIdle, 'only base moves where nothing is written');
  const isBaseRight =
    base === undefined || result === undefined
      ? base === result
      : subject.hash(base, settings) === subject.hash(result, settings);
  demandSame(
    String(isAgreed),
    String(isIdle && !isBaseRight),
    'base moves alone exactly where it is all that is wrong',
  );
}

function demandCarriesOut(
  settings: MergeSettings,
  side: JsonObject | undefined,
  lines: readonly PlanLine[],
  result: JsonObject | undefined,
  pathAt: (pointer: string) => Path,
): void {
  const reading = readSettings(settings);
  let carriedOut = side;
  for (const { pointer, before, after, action, rule } of lines) {
    const path = pathAt(pointer);
    const isWhole = path.length === 0;
    demandSame(
      action,
      !isWhole ? 'update' : before === undefined ? 'create' : 'delete',
      'the action is what is done',
    );
    demand(rule.length > 0, 'a line has a rule');
    demandSame(
      meaningOf(reading, before, path),
      meaningOf(reading, nullsAside(settings, valueAt(reading, side, path)), path),
      `before is what ${pointer} is`,
    );
    carriedOut = isWhole
      ? (after as JsonObject | undefined)
      : carriedOut && (putAt(reading, carriedOut, path, after) as JsonObject);
  }
  const paths = lines.map(({ pointer }) => pathAt(pointer));
  demand(
    paths.every((path, at) => paths.every((other, index) => index === at || !isWithin(path, other))),
    'no difference is said twice',
    () => lines,
  );
  demandSame(
    meaningOf(reading, carriedOut),
    meaningOf(reading, result),
    'carried out, the plan makes the side the result',
  );
}

function nullsAside<T>(settings: MergeSettings, value: T): T | undefined {
  return settings.nullIsAbsent === true && value === null ? undefined : value;
}
