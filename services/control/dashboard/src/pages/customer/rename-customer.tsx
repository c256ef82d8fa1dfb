import { isFailure } from '@flotilla/substrate/failure';
import { useState } from 'react';
import { Callout } from '../../parts/callout.tsx';
import { ConfirmDialog } from '../../parts/confirm-dialog.tsx';
import { Field } from '../../parts/field.tsx';
import { faultAt, issuesOf } from '../../parts/issues.ts';
import { LastChange } from '../../parts/last-change.tsx';
import { VendorText } from '../../parts/vendor-text.tsx';
import { useAction } from '../../rpc/use-call.ts';
import { notify } from '../../shell/notices.tsx';
import type { Customer } from './schedule-draft.ts';

interface RenameCustomerProps {
  readonly customer: Customer;
  readonly onClose: () => void;
}

/** Whoever else renames it meanwhile is told of here, so that what is replaced was always seen. */
export function RenameCustomer({ customer, onClose }: RenameCustomerProps) {
  const { customerId, nameVersion } = customer;
  const [name, setName] = useState(customer.name);
  const [seen] = useState(nameVersion);
  const put = useAction('customers.put.v1');

  function rename() {
    put.mutate(
      { customerId, name, ifNameVersion: nameVersion },
      {
        onSuccess() {
          notify('The name was changed.');
          onClose();
        },
      },
    );
  }

  // Not while its own name is being stored, which the page reads before this dialog closes.
  const isRenamed = nameVersion > seen && !put.isPending;
  return (
    <ConfirmDialog
      title="Rename the customer"
      confirm={isRenamed ? 'Rename all the same' : 'Rename'}
      isBusy={put.isPending}
      error={isFailure(put.error, 'stale_version') ? null : put.error}
      onConfirm={rename}
      onCancel={onClose}
    >
      {isRenamed ? (
        <Callout tone="warn" title="Somebody has renamed it since you opened this" isAlert>
          <p>
            Its name is <VendorText value={customer.name} isVerbatim /> now.
          </p>
          <LastChange customerId={customerId} matter="customers" isOfIt={(pointer) => pointer === '/name'} />
        </Callout>
      ) : null}
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
