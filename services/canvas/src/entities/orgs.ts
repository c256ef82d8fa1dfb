import { Id, mayHave, optional, Text } from '@flotilla/substrate/lenient';
import { at, defineEntity, metadataOf } from '@flotilla/substrate/vendor';
import { z } from 'zod';
import { type Connection, ofAccount, resource } from '../paths.ts';
import { shapeOf } from '../wire/record.ts';
import { cannotWrite } from '../write-back/cannot-write.ts';
import { accountIdAt, sisIds, sisImport } from '../write-back/sis-import.ts';

/** The root account is the district, those right below it its schools, all others departments: Canvas itself tells none of this. */
const Kind = z
  .object(mayHave(Id, 'parent_account_id', 'root_account_id'))
  .transform(({ parent_account_id: parent, root_account_id: root }) =>
    parent === undefined ? 'district' : parent === root ? 'school' : 'department',
  );

function accounts(_: Connection, list?: string) {
  return list === 'sub_accounts' ? ofAccount(list, { query: { recursive: true } }) : resource(['accounts']);
}

export const orgs = defineEntity({
  ...shapeOf()('org', {
    name: Text,
    type: at('', Kind),
    identifier: at('sis_account_id', optional(Text)),
    parentSourcedId: at('parent_account_id', optional(Id)),
    metadata: metadataOf(mayHave(Text, 'integration_id')),
  }),
  lists: () => ['accounts', 'sub_accounts'],
  collection: (connection: Connection, list) => accounts(connection, list),
  one: (id) => resource(['accounts', id]),
  write: sisImport<'org'>({
    members: ['name', 'parentSourcedId'],
    columns: (account) => {
      const { type, name } = account.value;
      if (type === 'district') throw cannotWrite('the root account', 'change it in Canvas');
      const parent_account_id = accountIdAt('/parentSourcedId', account);
      return { account_id: sisIds.own('org', account), parent_account_id, name };
    },
    where: (_, connection) => accounts(connection, 'sub_accounts'),
    identity: ['identifier'],
  }),
});
