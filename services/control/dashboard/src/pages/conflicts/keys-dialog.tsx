import { Button } from '../../parts/button.tsx';
import { Dialog } from '../../parts/dialog.tsx';
import { Tick } from '../../parts/field.tsx';
import styles from './keys-dialog.module.css';

const storedAs = 'flotilla.conflicts.letters';

export function readHasLetters(): boolean {
  return localStorage.getItem(storedAs) !== 'off';
}

interface KeysDialogProps {
  readonly mayChange: boolean;
  readonly hasLetters: boolean;
  readonly onChange: (hasLetters: boolean) => void;
  readonly onClose: () => void;
}

/** Which keys do what; and letters can be switched off, for those whose speech or hands would press them unmeant. */
export function KeysDialog({ mayChange, hasLetters, onChange, onClose }: KeysDialogProps) {
  return (
    <Dialog title="Keys of this page" onClose={onClose}>
      <dl className={styles.keys}>
        {[...moving, ...(mayChange ? deciding : []), ...opening].map(([pressed, what]) => (
          <div key={what}>
            <dt>
              {pressed.map((key) => (
                <kbd key={key}>{key}</kbd>
              ))}
            </dt>
            <dd>{what}</dd>
          </div>
        ))}
      </dl>
      <Tick
        label="Single letters do something"
        hint="Switched off, arrows, the space bar and Enter still work."
        isChecked={hasLetters}
        onChange={(isOn) => {
          localStorage.setItem(storedAs, isOn ? 'on' : 'off');
          onChange(isOn);
        }}
      />
      <p>
        <Button onClick={onClose}>Close</Button>
      </p>
    </Dialog>
  );
}

type Key = readonly [readonly string[], string];

const moving: readonly Key[] = [
  [['j', '↓'], 'to the next conflict'],
  [['k', '↑'], 'to the one before'],
  [['Home', 'End'], 'to the first, to the last of the page'],
];
const deciding: readonly Key[] = [
  [['o'], 'take ours: of this one, or of all that are selected'],
  [['t'], 'take theirs'],
  [['x', 'Space'], 'select, or select no more'],
  [['d'], 'review and decide what is chosen'],
];
const opening: readonly Key[] = [
  [['Enter'], 'open it: in full, and what each choice does'],
  [['?'], 'these keys'],
];
