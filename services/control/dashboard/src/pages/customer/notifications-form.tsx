import { isFailure } from '@flotilla/substrate/failure';
import { type FormEvent, useState } from 'react';
import { Button } from '../../parts/button.tsx';
import { ChangedMeanwhile } from '../../parts/changed-meanwhile.tsx';
import { Field } from '../../parts/field.tsx';
import { faultAt, issuesOf } from '../../parts/issues.ts';
import { LastChange } from '../../parts/last-change.tsx';
import { LoadFailure } from '../../parts/load-failure.tsx';
import { newerVersion } from '../../parts/newer-version.ts';
import { useAction } from '../../rpc/use-call.ts';
import { notify } from '../../shell/notices.tsx';
import styles from './customer-page.module.css';
import { type Mode, modeNames, modes, type Notifications } from './notification-modes.ts';

interface NotificationsFormProps {
  readonly customerId: string;
  readonly stored: Notifications;
  readonly onDone: () => void;
}

interface RecipientDraft {
  readonly id: number;
  readonly address: string;
  readonly mode: Mode;
}

export function NotificationsForm({ customerId, stored, onDone }: NotificationsFormProps) {
  const [recipients, setRecipients] = useState<readonly RecipientDraft[]>(() => {
    const known = stored.recipients.map((recipient, id) => ({ ...recipient, id }));
    return known.length > 0 ? known : [{ id: 0, address: '', mode: 'problems' }];
  });
  const [digestAt, setDigestAt] = useState(stored.digestAt);
  const [seen] = useState(stored.version);
  const put = useAction('notifications.put.v1');
  const newer = newerVersion({
    seen,
    stored: stored.version,
    error: put.error,
    sending: put.isPending ? put.variables?.ifVersion : undefined,
  });
  const issues = issuesOf(put.error);
  // Each stands below its own address, where one goes on.
  const isSaidAtFields =
    issues.length > 0 && issues.every(({ pointer }) => /^\/recipients\/\d+\//.test(pointer));
  const sent = recipients.filter(({ address }) => address.trim() !== '');

  function change(id: number, part: Partial<RecipientDraft>) {
    setRecipients(recipients.map((each) => (each.id === id ? { ...each, ...part } : each)));
  }

  function add() {
    const id = Math.max(-1, ...recipients.map((each) => each.id)) + 1;
    setRecipients([...recipients, { id, address: '', mode: 'problems' }]);
  }

  function submit(event: FormEvent) {
    event.preventDefault();
    save(seen);
  }

  function save(ifVersion: number) {
    const named = sent.map(({ address, mode }) => ({ address: address.trim(), mode }));
    put.mutate(
      { customerId, recipients: named, digestAt, ifVersion },
      {
        onSuccess() {
          notify('Who is told was saved.');
          onDone();
        },
      },
    );
  }

  return (
    <>
      <form onSubmit={submit} className={styles.form}>
        <ul className={styles.blackouts}>
          {recipients.map((recipient) => {
            const { id, address, mode } = recipient;
            const place = sent.indexOf(recipient);
            return (
              <li key={id} className={styles.recipient}>
                <Field
                  label="Address"
                  fault={place === -1 ? undefined : faultAt(issues, `/recipients/${place}`)}
                >
                  {(control) => (
                    <input
                      {...control}
                      type="email"
                      maxLength={254}
                      autoComplete="off"
                      value={address}
                      onChange={({ target }) => change(id, { address: target.value })}
                    />
                  )}
                </Field>
                <Field label="Is told">
                  {(control) => (
                    <select
                      {...control}
                      value={mode}
                      onChange={({ target }) =>
                        change(id, { mode: modeNames.find((each) => each === target.value) ?? mode })
                      }
                    >
                      {modeNames.map((each) => (
                        <option key={each} value={each}>
                          {modes[each].says}
                        </option>
                      ))}
                    </select>
                  )}
                </Field>
                <Button
                  kind="quiet"
                  aria-label={`Remove ${address === '' ? 'this recipient' : address}`}
                  onClick={() => setRecipients(recipients.filter((each) => each.id !== id))}
                >
                  Remove
                </Button>
              </li>
            );
          })}
        </ul>
        <div>
          <Button onClick={add}>Add a recipient</Button>
        </div>
        <div className={styles.row}>
          <Field
            label="Digest at"
            hint={`On the customer's clock (${stored.timeZone})`}
            fault={faultAt(issues, '/digestAt')}
          >
            {(control) => (
              <input
                {...control}
                type="time"
                required
                value={digestAt}
                onChange={({ target }) => setDigestAt(target.value)}
              />
            )}
          </Field>
        </div>
        {put.error === null || isSaidAtFields || isFailure(put.error, 'stale_version') ? null : (
          <LoadFailure error={put.error} />
        )}
        <div className={styles.buttons}>
          <Button type="submit" kind="main" isBusy={put.isPending}>
            Save who is told
          </Button>
          <Button onClick={onDone}>Cancel</Button>
        </div>
      </form>
      {newer === undefined ? null : (
        <ChangedMeanwhile
          what="who is told"
          isBusy={put.isPending}
          onShow={onDone}
          onSave={() => save(newer)}
        >
          <LastChange customerId={customerId} matter="notifications" />
        </ChangedMeanwhile>
      )}
    </>
  );
}
