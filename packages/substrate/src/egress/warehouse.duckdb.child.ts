// Run by warehouse.duckdb.test.ts, to be killed: `<file> <first sequence>`. Prints the last sequence of each append that resolved.
import { systemClock } from '../clock/clock.system.ts';
import { sampleChange } from './sample-changes.fixture.ts';
import { openDuckDbWarehouse } from './warehouse.duckdb.ts';

const [path = '', from = ''] = process.argv.slice(2);
const warehouse = await openDuckDbWarehouse({ path, clock: systemClock });
await warehouse.ensureTables([{ entityType: 'user', fields: [] }]);
console.log('ready');
for (let first = Number(from); ; first += 50) {
  const changes = Array.from({ length: 50 }, (_, index) =>
    sampleChange(first + index, { after: { note: 'x'.repeat(300) } }),
  );
  await warehouse.append('user', changes);
  console.log(String(first + 49));
}
