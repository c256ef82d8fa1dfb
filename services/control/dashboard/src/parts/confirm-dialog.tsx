import { type FormEvent, type ReactNode, useState } from 'react';
import { Button } from './button.tsx';
import styles from './confirm-dialog.module.css';
import { Dialog } from './dialog.tsx';
import { LoadFailure } from './load-failure.tsx';

interface ConfirmDialogProps {
  readonly title: string;
  /** What will happen. */
  readonly children: ReactNode;
  /** On the button that does it: a verb. */
  readonly confirm: string;
  readonly isDanger?: boolean;
  /** Whether the person is asked why; the answer stands in the audit log. */
  readonly reason?: 'none' | 'optional' | 'required';
  readonly isBusy: boolean;
  readonly error: unknown;
  readonly onConfirm: (reason: string | undefined) => void;
  readonly onCancel: () => void;
}

/** Asks once before something is done. */
export function ConfirmDialog({
  title,
  children,
  confirm,
  isDanger = false,
  reason = 'none',
  isBusy,
  error,
  onConfirm,
  onCancel,
}: ConfirmDialogProps) {
  const [said, setSaid] = useState('');

  function submit(event: FormEvent) {
    event.preventDefault();
    onConfirm(said.trim() === '' ? undefined : said.trim());
  }

  return (
    <Dialog title={title} onClose={onCancel}>
      <form onSubmit={submit} className={styles.form}>
        {children}
        {reason === 'none' ? null : (
          <label className={styles.reason}>
            Reason{reason === 'optional' ? ' (may be left out)' : ''}
            <textarea
              value={said}
              maxLength={1000}
              rows={3}
              required={reason === 'required'}
              onChange={({ target }) => setSaid(target.value)}
            />
          </label>
        )}
        {error == null ? null : <LoadFailure error={error} />}
        <div className={styles.buttons}>
          <Button onClick={onCancel}>Cancel</Button>
          <Button type="submit" kind={isDanger ? 'danger' : 'main'} isBusy={isBusy}>
            {confirm}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
