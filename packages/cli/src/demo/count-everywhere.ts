import type { Fleet } from '../fleet/connect-fleet.ts';
import { QueryAnswer } from '../rpc/answers.ts';

/** Records of a customer that the warehouse has now, by entity type. */
export async function countCurrent(
  fleet: Fleet,
  customerId: string,
  entityTypes: readonly string[],
): Promise<Readonly<Record<string, number>>> {
  const counts = entityTypes.map(
    (entityType) =>
      `SELECT '${entityType}' AS entity_type, count(*) AS records FROM ${toSnakeCase(entityType)}_current WHERE customer_id = '${customerId}'`,
  );
  const { rows } = await ask(fleet, counts.join(' UNION ALL '));
  return Object.fromEntries(
    rows.map(({ entity_type: name, records }) => [typeof name === 'string' ? name : '', Number(records)]),
  );
}

/** All changes that ever landed in the warehouse. */
export async function countLanded(fleet: Fleet, entityTypes: readonly string[]): Promise<number> {
  const counts = entityTypes.map(
    (entityType) => `(SELECT count(*) FROM ${toSnakeCase(entityType)}_changes_raw)`,
  );
  const { rows } = await ask(fleet, `SELECT ${counts.join(' + ')} AS changes`);
  return Number(rows[0]?.changes);
}

function ask(fleet: Fleet, sql: string): Promise<QueryAnswer> {
  return fleet.service('warehouse').call('warehouse.query.v1', { sql, maxRows: 1000 }, QueryAnswer);
}

/** As the warehouse names its tables. */
function toSnakeCase(entityType: string): string {
  return entityType.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
