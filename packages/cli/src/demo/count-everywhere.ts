import { canonicalJson } from '@flotilla/substrate/json/canonical-json';
import { digestText } from '@flotilla/substrate/json/digest';
import type { JsonValue } from '@flotilla/substrate/json/json-value';
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

/** Says the same of two warehouses whose records of a customer are the same, whatever they are kept in: a digest for each entity type. */
export async function digestCurrent(
  fleet: Fleet,
  customerId: string,
  entityTypes: readonly string[],
): Promise<Readonly<Record<string, string>>> {
  const digests = entityTypes.map(async (entityType) => {
    const lines: string[] = [];
    for await (const row of currentRows(fleet, customerId, entityType)) lines.push(canonicalJson(row));
    return [entityType, digestText(lines.join('\n'))] as const;
  });
  return Object.fromEntries(await Promise.all(digests));
}

const rowsAtOnce = 1000;

/** What another demo has otherwise: by which run, as the how-manieth change and when a record came, and when somebody edited it. */
const ofThisDemo = ['run_id', 'change_id', 'sequence', 'changed_at', 'date_last_modified'];

/** In order of their ids. */
async function* currentRows(
  fleet: Fleet,
  customerId: string,
  entityType: string,
): AsyncGenerator<Record<string, JsonValue>> {
  let after = '';
  for (;;) {
    const { rows } = await ask(
      fleet,
      `SELECT * FROM ${toSnakeCase(entityType)}_current WHERE customer_id = '${customerId}' AND id > '${after}' ORDER BY id LIMIT ${rowsAtOnce}`,
    );
    for (const row of rows)
      yield Object.fromEntries(Object.entries(row).filter(([name]) => !ofThisDemo.includes(name)));
    const last = rows.at(-1)?.['id'];
    if (rows.length < rowsAtOnce || typeof last !== 'string') return;
    after = last.replaceAll("'", "''");
  }
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
