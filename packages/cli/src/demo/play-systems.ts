import { Failure } from '@flotilla/substrate/failure';
import { connectCustomer } from '../fleet/connect-customer.ts';
import type { Fleet } from '../fleet/connect-fleet.ts';
import { countOf, formatCount } from '../output/plain-text.ts';
import { renderTable } from '../output/table.ts';
import { QueryAnswer } from '../rpc/answers.ts';
import { type DemoSystem, severalSystems } from './demo-systems.ts';
import { syncOnce } from './run-once.ts';
import type { Stage } from './stage.ts';

const { customerId, name, students } = severalSystems;

/** Connects one more district to all of its systems, syncs them side by side, and shows that they speak of the same people. */
export async function playSystems(stage: Stage, fleet: Fleet): Promise<Readonly<Record<string, number>>> {
  const { host, narrator, demo } = stage;
  const { colors } = host.terminal;
  narrator.chapter(`One district, ${countOf(demo.systems.length, 'system')}`);
  for (const system of demo.systems) await connectSystem(fleet, system);
  narrator.confirm(`${name}: connected to ${demo.systems.map(({ title }) => title).join(', ')}`);
  await Promise.all(demo.systems.map((system) => syncSystem(stage, fleet, system)));

  const counts = await countAll(stage, fleet);
  narrator.tell();
  narrator.tell(
    renderTable(
      ['system', 'people', 'classes', 'enrollments', 'scores'].map((title, at) => ({
        title,
        align: at === 0 ? ('left' as const) : ('right' as const),
      })),
      demo.systems.map(({ vendor, title }) => [
        colors.bold(title),
        ...(counts.get(vendor) ?? []).map(formatCount),
      ]),
      colors,
    ),
  );
  narrator.tell();
  const shared = await countShared(fleet, demo.systems.length);
  if (shared < students) {
    throw new Failure('internal', 'The systems of one district do not speak of the same people', {
      data: { inAllSystems: shared, students },
    });
  }
  narrator.confirm(
    `${countOf(shared, 'person').replace('persons', 'people')} are in every one of them, all ${students} students among them: the same names, told by as many vendors`,
  );
  return Object.fromEntries(demo.systems.map(({ vendor }) => [vendor, counts.get(vendor)?.[0] ?? 0]));
}

async function connectSystem(fleet: Fleet, { vendor, provider }: DemoSystem): Promise<void> {
  const { check } = await connectCustomer(fleet, {
    customerId,
    name,
    vendor,
    integrationId: undefined,
    timeZone: 'America/Chicago',
    connection: provider.connection,
    credential: provider.credential,
  });
  if (!check.ok)
    throw new Failure('internal', 'A simulated system refuses us', { data: { vendor, ...check } });
}

async function syncSystem({ host }: Stage, fleet: Fleet, { vendor, use }: DemoSystem): Promise<void> {
  await syncOnce(host, fleet, vendor, 'rosters');
  if (use === 'grades') await syncOnce(host, fleet, vendor, 'grades');
}

/** By system: people, classes, enrollments, scores. */
async function countAll({ demo }: Stage, fleet: Fleet): Promise<ReadonlyMap<string, readonly number[]>> {
  const tables = ['user', 'class', 'enrollment', 'result'];
  const rows = await Promise.all(
    tables.map(async (table) => {
      const sql = `SELECT integration_id, count(*) AS records FROM ${table}_current WHERE customer_id = '${customerId}' GROUP BY 1`;
      return new Map(
        (await ask(fleet, sql)).map((row) => [JSON.stringify(row.integration_id), Number(row.records)]),
      );
    }),
  );
  return new Map(
    demo.systems.map(({ vendor }) => [vendor, rows.map((counts) => counts.get(JSON.stringify(vendor)) ?? 0)]),
  );
}

/** People whom every system has under the same name and address. */
async function countShared(fleet: Fleet, systems: number): Promise<number> {
  const people = `SELECT lower(email) AS address, given_name, family_name FROM user_current WHERE customer_id = '${customerId}' GROUP BY address, given_name, family_name HAVING count(DISTINCT integration_id) = ${systems}`;
  const [row] = await ask(fleet, `SELECT count(*) AS people FROM (${people})`);
  return Number(row?.people);
}

async function ask(fleet: Fleet, sql: string) {
  const { rows } = await fleet
    .service('warehouse')
    .call('warehouse.query.v1', { sql, maxRows: 100 }, QueryAnswer);
  return rows;
}
