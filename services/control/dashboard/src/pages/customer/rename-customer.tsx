import { useState } from 'react';
import { ConfirmDialog } from '../../parts/confirm-dialog.tsx';
import { Field } from '../../parts/field.tsx';
import { faultAt, issuesOf } from '../../parts/issues.ts';
import { useAction } from '../../rpc/use-call.ts';
import { notify } from '../../shell/notices.tsx';
import type { Customer } from './schedule-draft.ts';

interface RenameCustomerProps {
  readonly customer: Customer;
  readonly onClose: () => void;
}

export function RenameCustomer({ customer: { customerId, name: before }, onClose }: RenameCustomerProps) {
  const [name, setName] = useState(before);
  const put = useAction('customers.put.v1');

  function rename() {
    put.mutate(
      { customerId, name },
      {
        onSuccess() {
          notify('The name was changed.');
          onClose();
        },
      },
    );
  }

  return (
    <ConfirmDialog
      title="Rename the customer"
      confirm="Rename"
      isBusy={put.isPending}
      error={put.error}
      onConfirm={rename}
      onCancel={onClose}
    >
      <Field label="Name" hint="Its id stays as it is." fault={faultAt(issuesOf(put.error), '/name')}>
        {(control) => (
          <input
            {...control}
            value={name}
            required
            maxLength={200}
            onChange={({ target }) => setName(target.value)}
          />
        )}
      </Field>
    </ConfirmDialog>
  );
}
