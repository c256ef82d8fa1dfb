import { canonicalJson } from '@flotilla/substrate/json/canonical-json';
import type { JsonObject } from '@flotilla/substrate/json/json-value';
import type { EntityType } from '@flotilla/substrate/model';
import type { ComparableRow, ComparableRows } from './comparable-rows.fixture.ts';

/** Where two vendors' rows are not alike: an entity type whose rows are others, or a member; with an example of each side. */
export type Differences = Readonly<Record<string, { readonly these?: string; readonly those?: string }>>;

/** Of these all are shown wherever the entity type is; of others some vendors show few (a learning platform knows no guardians). */
const shownByAll: Readonly<Partial<Record<EntityType, (members: JsonObject) => boolean>>> = {
  org: ({ type }) => type === 'school',
  user: ({ roles }) => rolesIn(roles).some((role) => role === 'student' || role === 'teacher'),
  enrollment: ({ role }) => role === 'student' || role === 'teacher',
  class: () => true,
  lineItem: () => true,
  result: () => true,
};

/** Pure. Every member that both show of an entity type is compared, row by row; one that only one of them knows is not. */
export function compareRows(these: ComparableRows, those: ComparableRows): Differences {
  const differences: Record<string, Differences[string]> = {};
  for (const [entityType, list] of these) {
    const others = those.get(entityType);
    if (others === undefined) continue;
    const isCounted = shownByAll[entityType];
    const names = namesOf(others, isCounted);
    // A vendor that does not tell who of its people is a teacher shows them all the same.
    const rows = list.filter(({ name, members }) => isCounted?.(members) === true || names.has(name));
    const ownNames = namesOf(rows, undefined);
    const otherRows = others.filter(({ name, members }) => isCounted?.(members) ?? ownNames.has(name));
    const count = isCounted === undefined ? onlyOnce : asOften;
    const isUnlike = note(entityType, count(linesOf(rows, [])), count(linesOf(otherRows, [])));
    // Of rows that only one of them has, no member needs to be told.
    const common = isUnlike ? rows.filter(({ name }) => names.has(name)) : rows;
    const otherCommon = isUnlike ? otherRows.filter(({ name }) => ownNames.has(name)) : otherRows;
    const countMembers = isUnlike ? onlyOnce : count;
    const known = membersOf(otherCommon);
    for (const member of [...membersOf(common)].filter((one) => known.has(one)).toSorted()) {
      note(
        `${entityType}.${member}`,
        countMembers(linesOf(common, [member])),
        countMembers(linesOf(otherCommon, [member])),
      );
    }
  }
  return differences;

  function note(place: string, lines: readonly string[], others: readonly string[]): boolean {
    const only = firstOnly(lines, others);
    const missing = firstOnly(others, lines);
    if (only === undefined && missing === undefined) return false;
    differences[place] = {
      ...(only === undefined ? {} : { these: only }),
      ...(missing === undefined ? {} : { those: missing }),
    };
    return true;
  }
}

function namesOf(
  rows: readonly ComparableRow[],
  isCounted: ((members: JsonObject) => boolean) | undefined,
): ReadonlySet<string> {
  return new Set(rows.filter(({ members }) => isCounted?.(members) ?? true).map(({ name }) => name));
}

/** Some vendors show one for each class of what others show once: categories. */
function onlyOnce(lines: readonly string[]): readonly string[] {
  return [...new Set(lines)];
}

function asOften(lines: readonly string[]): readonly string[] {
  return lines;
}

/** Equal lines count as often as they come. */
function firstOnly(lines: readonly string[], others: readonly string[]): string | undefined {
  const left = new Map<string, number>();
  for (const line of others) left.set(line, (left.get(line) ?? 0) + 1);
  return lines.find((line) => {
    const count = left.get(line) ?? 0;
    left.set(line, count - 1);
    return count === 0;
  });
}

function linesOf(rows: readonly ComparableRow[], members: readonly string[]): readonly string[] {
  return rows.map(({ name, members: all }) =>
    [name, ...members.map((member) => canonicalJson(all[member] ?? null))].join(': '),
  );
}

function membersOf(rows: readonly ComparableRow[]): ReadonlySet<string> {
  return new Set(rows.flatMap(({ members }) => Object.keys(members)));
}

function rolesIn(roles: unknown): readonly unknown[] {
  return Array.isArray(roles) ? roles.map((one: JsonObject) => one['role']) : [];
}
