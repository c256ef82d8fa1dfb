import { defineVendor } from '@flotilla/substrate/vendor';
import { api } from './api.ts';
import { orgs } from './entities/orgs.ts';
import { users } from './entities/users.ts';

export const exampleSis = defineVendor({
  id: 'example-sis',
  title: 'Example SIS',
  docs: 'https://vendor.example/docs',
  api,
  // A record may refer only to entity types above its own.
  entities: [orgs, users],
});
