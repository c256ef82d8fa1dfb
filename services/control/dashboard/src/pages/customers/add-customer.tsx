import { isFailure } from '@flotilla/substrate/failure';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { ConfirmDialog } from '../../parts/confirm-dialog.tsx';
import { Field } from '../../parts/field.tsx';
import { faultAt, issuesOf } from '../../parts/issues.ts';
import { TimeZoneField } from '../../parts/time-zone-field.tsx';
import { useAction } from '../../rpc/use-call.ts';
import { notify } from '../../shell/notices.tsx';

/** Letters, digits, dots, dashes and underscores, beginning with one of the first two: as control takes ids. */
const idPattern = '[a-zA-Z0-9][a-zA-Z0-9._\\-]{0,62}';

/** Asks for what a customer needs, and goes to the new one. */
export function AddCustomer({ onClose }: { readonly onClose: () => void }) {
  const navigate = useNavigate();
  const put = useAction('customers.put.v1');
  const [name, setName] = useState('');
  const [chosenId, setChosenId] = useState<string>();
  const [timeZone, setTimeZone] = useState(Intl.DateTimeFormat().resolvedOptions().timeZone);
  const customerId = chosenId ?? suggestId(name);
  const issues = issuesOf(put.error);
  const isTaken = isFailure(put.error, 'already_exists') && put.variables?.customerId === customerId;

  function add() {
    put.mutate(
      { customerId, name, timeZone, isNew: true },
      {
        onSuccess() {
          notify(`${name} was added.`);
          void navigate({ to: '/customers/$customerId', params: { customerId } });
        },
      },
    );
  }

  return (
    <ConfirmDialog
      title="Add a customer"
      confirm="Add"
      isBusy={put.isPending}
      error={isTaken ? null : put.error}
      onConfirm={add}
      onCancel={onClose}
    >
      <Field
        label="Name"
        hint="As people know it: Springfield Unified School District"
        fault={faultAt(issues, '/name')}
      >
        {(control) => (
          <input
            {...control}
            value={name}
            required
            maxLength={200}
            autoComplete="off"
            onChange={({ target }) => setName(target.value)}
          />
        )}
      </Field>
      <Field
        label="Id"
        hint="Stands in addresses and at the command line, and cannot be changed: letters, digits, dots, dashes, underscores"
        fault={
          isTaken ? 'There is a customer of this id already; choose another.' : faultAt(issues, '/customerId')
        }
      >
        {(control) => (
          <input
            {...control}
            value={customerId}
            required
            pattern={idPattern}
            maxLength={63}
            autoComplete="off"
            spellCheck={false}
            onChange={({ target }) => setChosenId(target.value)}
          />
        )}
      </Field>
      <TimeZoneField value={timeZone} fault={faultAt(issues, '/timeZone')} onChange={setTimeZone} />
    </ConfirmDialog>
  );
}

function suggestId(name: string): string {
  return name
    .normalize('NFKD')
    .toLowerCase()
    .replaceAll(/\p{M}/gu, '')
    .replaceAll(/[^a-z0-9]+/g, '-')
    .slice(0, 63)
    .replaceAll(/^-|-$/g, '');
}
