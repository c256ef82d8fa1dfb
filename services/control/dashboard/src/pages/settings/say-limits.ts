import type { JsonObject } from '@flotilla/substrate/json/json-value';
import { defaultLimit } from '@flotilla/substrate/settings/default-limits';
import type { Action, Direction } from '@flotilla/substrate/settings/safety-limits';
import { sides, verbs } from '../../parts/exceeded-limits.tsx';
import type { ResultOf } from '../../rpc/call.ts';

export type LimitsTried = ResultOf<'settings.tryLimits.v1'>;
export type PassedLimit = LimitsTried['exceeded'][number];

/** Pure. `5 %, always 50, never more than 100`. */
export function sayLimit(limit: unknown): string {
  if (limit === undefined || limit === 'off') return 'no limit';
  if (!isSoundLimit(limit)) return 'not sound';
  const most = typeof limit['count'] === 'number' ? `, never more than ${limit['count']}` : '';
  return `${Number(limit['percent'])} %, always ${Number(limit['floor'])}${most}`;
}

/** Pure. Default limits that are others than those of most entity types, and whose they are. */
export function otherDefaults(
  entityTypes: readonly string[],
  direction: Direction,
  action: Action,
): readonly { readonly limit: string; readonly entityTypes: readonly string[] }[] {
  const limitOf = (entityType?: string) =>
    // The vendor's word for an entity type: one that is unknown here has the limits of most.
    sayLimit(defaultLimit(entityType as Parameters<typeof defaultLimit>[0], direction, action));
  const usual = limitOf();
  return [...Map.groupBy(entityTypes, (each) => limitOf(each))]
    .filter(([limit]) => limit !== usual)
    .map(([limit, which]) => ({ limit, entityTypes: which }));
}

/** Pure. */
export function isSoundLimit(limit: unknown): limit is JsonObject {
  return typeof limit === 'object' && limit !== null && 'percent' in limit && 'floor' in limit;
}

/** Pure. What limits would have made of the last runs, in a few sentences. */
export function sayTried({ runs, held, unclear }: Pick<LimitsTried, 'runs' | 'held' | 'unclear'>): string {
  if (runs === 0) return 'No run has come so far that these limits could be tried on.';
  const isSame = held.stored === held.tried;
  const first =
    runs === 1
      ? `These limits would ${notIf(held.tried === 0)}have held the only run so far`
      : `Of the last ${runs.toLocaleString()} runs these limits would have held ${sayNumber(held.tried)}`;
  const stored = runs === 1 ? `would${held.stored === 0 ? ' not' : ''}` : sayNumber(held.stored);
  return [
    `${first}${isSame ? '' : `, the stored ones ${stored}`}.`,
    ...(held.actually === 0 ? [] : [`${sayNumber(held.actually)} ${were(held.actually)} held at the time.`]),
    ...(unclear.tried === 0 ? [] : [`Of ${sayNumber(unclear.tried)} it cannot be said.`]),
  ].join(' ');
}

function sayNumber(count: number): string {
  return count === 0 ? 'none' : count.toLocaleString();
}

function notIf(isNot: boolean): string {
  return isNot ? 'not ' : '';
}

function are(count: number): string {
  return count === 1 ? 'is' : 'are';
}

function were(count: number): string {
  return count === 1 ? 'was' : 'were';
}

/** Pure. `231 of 4,010 enrollment deleted on our side (5.8 %); 200 are allowed (5 %, always 50)`. */
export function sayPassed(one: PassedLimit): string {
  const { held, limit } = one;
  const passed = held.tried ? limit.tried : limit.stored;
  const most =
    passed === null
      ? ''
      : `; ${sayNumber(passed.allowed)} ${are(passed.allowed)} allowed (${sayLimit(passed)})`;
  return `${sayChanged(one)}${most}`;
}

/** Pure. `231 of 4,010 enrollment deleted on our side (5.8 %)`. */
export function sayChanged({ count, of, entityType, action, direction }: PassedLimit): string {
  const share = of === 0 ? '' : ` (${percent.format((100 * count) / of)} %)`;
  const counted = `${count.toLocaleString()} of ${of.toLocaleString()} ${entityType}`;
  return `${counted} ${verbs[action]} ${sides[direction]}${share}`;
}

/** What the stored limits would have held and the tried ones would not, by run; of more runs than are told one by one, how many. */
interface FreedRuns {
  readonly runs: readonly (readonly PassedLimit[])[];
  readonly count: number;
}

/** Pure. */
export function freedRuns({ exceeded, held }: Pick<LimitsTried, 'exceeded' | 'held'>): FreedRuns {
  const runs = [...Map.groupBy(exceeded, ({ runId }) => runId).values()].filter(
    (passed) => !passed.some((each) => each.held.tried),
  );
  return { runs, count: Math.max(runs.length, held.stored - held.tried) };
}

const percent = new Intl.NumberFormat(undefined, { maximumFractionDigits: 1 });
