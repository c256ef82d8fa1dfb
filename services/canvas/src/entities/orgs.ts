import { Id, mayHave, Text } from '@flotilla/substrate/lenient';
import { defineEntity, present } from '@flotilla/substrate/vendor';
import { z } from 'zod';
import { at, type Connection } from '../paths.ts';
import { commonOf, idOf } from '../wire/record.ts';

/** The root account is the district, those right below it its schools, all others departments: Canvas itself tells none of this. */
export const orgs = defineEntity({
  entityType: 'org',
  lists: () => ['accounts', 'sub_accounts'],
  collection: (_: Connection, list) =>
    list === 'sub_accounts'
      ? at(['accounts', 'self', 'sub_accounts'], { query: { recursive: true } })
      : at(['accounts']),
  one: (id) => at(['accounts', id]),
  wire: z.object({
    id: Id,
    name: Text,
    ...mayHave(Id, 'parent_account_id', 'root_account_id'),
    ...mayHave(Text, 'sis_account_id', 'integration_id'),
  }),
  idOf,
  read: ({ id, name, parent_account_id: parent, root_account_id: root, ...account }) => [
    {
      id,
      value: {
        ...commonOf({}, { integration_id: account.integration_id }),
        name,
        type: parent === undefined ? 'district' : parent === root ? 'school' : 'department',
        ...present({ identifier: account.sis_account_id, parentSourcedId: parent }),
      },
    },
  ],
});
