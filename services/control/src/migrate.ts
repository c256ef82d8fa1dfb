import { migrateStore } from '@flotilla/substrate/service/migrate';

await migrateStore();
