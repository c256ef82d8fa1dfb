import type { JsonObject } from '../../json/json-value.ts';
import type { Entity } from '../../vendor/define-entity.ts';

/** Pure. The record with another id in the member that has it, or has the last part of it; undefined where no plain member does. */
export function withIdOf(
  entity: Pick<Entity, 'idOf'>,
  record: JsonObject,
  id: string,
): JsonObject | undefined {
  const known = entity.idOf(record);
  const members = Object.entries(record).flatMap(([name, value]) =>
    typeof value === 'string' || typeof value === 'number' ? [{ name, value }] : [],
  );
  // The id itself, or the part of it that a natural key has in one member.
  const member =
    members.find(({ value }) => String(value) === known) ??
    members.find(({ name, value }) => isLastPart(entity, record, name, value));
  return member === undefined ? undefined : { ...record, [member.name]: id };
}

/** Whether the id changes at its end as the member does. */
function isLastPart(
  { idOf }: Pick<Entity, 'idOf'>,
  record: JsonObject,
  name: string,
  value: string | number,
): boolean {
  const known = idOf(record) ?? '';
  if (!known.endsWith(String(value))) return false;
  const other = typeof value === 'number' ? value + 1 : `${value}-new`;
  const expected = `${known.slice(0, -String(value).length)}${other}`;
  return idOf({ ...record, [name]: other }) === expected;
}
