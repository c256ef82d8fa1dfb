import { type ReactNode, useState } from 'react';
import { Button } from './button.tsx';
import { Callout } from './callout.tsx';
import styles from './changed-meanwhile.module.css';
import { ConfirmDialog } from './confirm-dialog.tsx';

interface ChangedMeanwhileProps {
  /** Such as `the schedule`. */
  readonly what: string;
  /** Who has changed it. */
  readonly children: ReactNode;
  /** Whether anything would be lost. */
  readonly isDirty?: boolean;
  readonly isBusy: boolean;
  /** Drops what is typed. */
  readonly onShow: () => void;
  /** Puts what is typed in the place of what stands. */
  readonly onSave: () => void;
}

/** Somebody else was faster than a form: nothing typed is lost, and nothing of theirs unless it is said. Not within the form itself. */
export function ChangedMeanwhile(props: ChangedMeanwhileProps) {
  const { what, children, isDirty = true, isBusy, onShow, onSave } = props;
  const [isAsked, setIsAsked] = useState(false);
  return (
    <>
      <Callout tone="warn" title={`Somebody has changed ${what} since you opened this`} isAlert>
        {children}
        {isDirty ? <p>Yours is not saved. Look at theirs, or put yours in its place.</p> : null}
        <div className={styles.buttons}>
          <Button onClick={isDirty ? () => setIsAsked(true) : onShow}>Show what is there now</Button>
          {isDirty ? (
            <Button kind="danger" isBusy={isBusy} onClick={onSave}>
              Save mine all the same
            </Button>
          ) : null}
        </div>
      </Callout>
      {isAsked ? (
        <ConfirmDialog
          title={`Drop yours and show ${what} as of now?`}
          confirm="Drop mine"
          isDanger
          isBusy={false}
          error={null}
          onConfirm={() => {
            setIsAsked(false);
            onShow();
          }}
          onCancel={() => setIsAsked(false)}
        >
          <p>What you have changed here is lost then.</p>
        </ConfirmDialog>
      ) : null}
    </>
  );
}
