import { startBigQuery } from '@flotilla/stand-ins/bigquery';
import { systemClock } from '../clock/clock.system.ts';
import { openBigQueryWarehouse } from './warehouse.bigquery.ts';
import { testWarehouse } from './warehouse.contract.ts';

testWarehouse('bigquery', async () => {
  const bigquery = await startBigQuery();
  const warehouse = await openBigQueryWarehouse({
    projectId: 'springfield-1',
    dataset: 'rosters',
    location: 'europe-west1',
    clock: systemClock,
    endpoint: bigquery.endpoint,
  });
  return {
    warehouse,
    close: async () => {
      await warehouse.close();
      await bigquery.close();
    },
  };
});
