import { ConfirmDialog } from '../../parts/confirm-dialog.tsx';
import { Moment } from '../../parts/moment.tsx';
import { VendorLine } from '../../parts/vendor-text.tsx';
import { freedRuns, type LimitsTried, sayChanged } from './say-limits.ts';
import styles from './settings-page.module.css';

interface LoosenedDialogProps {
  readonly tried: LimitsTried;
  readonly onConfirm: () => void;
  readonly onCancel: () => void;
}

const shownRuns = 3;
const shownLimits = 4;

/** Asks before limits are saved that would have let through what the stored ones would have held. */
export function LoosenedDialog({ tried, onConfirm, onCancel }: LoosenedDialogProps) {
  const freed = freedRuns(tried);
  const shown = freed.runs.slice(0, shownRuns);
  return (
    <ConfirmDialog
      title="Let through what would be held now?"
      confirm="Save these limits"
      isDanger
      isBusy={false}
      error={null}
      onConfirm={onConfirm}
      onCancel={onCancel}
    >
      {shown.map((passed) => (
        <div key={passed[0]?.runId}>
          <p>
            The run of <Moment at={passed[0]?.at ?? ''} /> would not have been held:
          </p>
          <ul className={styles.runs}>
            {passed.slice(0, shownLimits).map((each) => (
              <li key={[each.entityType, each.direction, each.action, each.school].join(' ')}>
                {each.school === undefined ? null : (
                  <>
                    School <VendorLine text={each.school} />:{' '}
                  </>
                )}
                {sayChanged(each)}
              </li>
            ))}
            {passed.length > shownLimits ? (
              <li>and {(passed.length - shownLimits).toLocaleString()} more</li>
            ) : null}
          </ul>
        </div>
      ))}
      {freed.count > shown.length ? (
        <p>
          {shown.length === 0
            ? `Of the last ${tried.runs.toLocaleString()} runs ${freed.count.toLocaleString()} fewer would have been held.`
            : `Neither would ${(freed.count - shown.length).toLocaleString()} more of the last ${tried.runs.toLocaleString()} runs.`}
        </p>
      ) : null}
      <p>The next run may do so without asking.</p>
    </ConfirmDialog>
  );
}
