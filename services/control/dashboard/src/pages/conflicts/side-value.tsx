import { isJsonObject, type JsonObject } from '@flotilla/substrate/json/json-value';
import { diffFields } from '@flotilla/substrate/report/diff-fields';
import { VendorText } from '../../parts/vendor-text.tsx';
import { type Conflict, sayAbsent } from './conflict.ts';
import styles from './side-value.module.css';

interface SideValueProps {
  readonly conflict: Conflict;
  readonly side: 'base' | 'ours' | 'theirs';
  /** Of what opens. */
  readonly tabIndex?: number;
}

/** What a side has. Of a whole record, what it has changed: the rest is folded. */
export function SideValue({ conflict, side, tabIndex }: SideValueProps) {
  const { pointer, sides } = conflict;
  const value = sides[side];
  if (pointer === '' && isJsonObject(value)) {
    const base = side !== 'base' && isJsonObject(sides.base) ? sides.base : undefined;
    return <WholeRecord value={value} base={base} tabIndex={tabIndex} />;
  }
  return <VendorText value={value} absent={side === 'base' ? 'not there' : sayAbsent(conflict)} most={160} />;
}

interface WholeRecordProps {
  readonly value: JsonObject;
  readonly base: JsonObject | undefined;
  readonly tabIndex: number | undefined;
}

function WholeRecord({ value, base, tabIndex }: WholeRecordProps) {
  const changed = base === undefined ? [] : diffFields(base, value);
  return (
    <>
      {changed.map(({ pointer, before, after }) => (
        <div key={pointer}>
          <VendorText value={pointer} />: <VendorText value={before} absent="not there" most={80} /> became{' '}
          <VendorText value={after} absent="not there" most={80} />
        </div>
      ))}
      <details className={styles.whole}>
        <summary tabIndex={tabIndex}>The whole record</summary>
        <dl>
          {Object.entries(value).map(([name, member]) => (
            <div key={name}>
              <dt>
                <VendorText value={name} />
              </dt>
              <dd>
                <VendorText value={member} />
              </dd>
            </div>
          ))}
        </dl>
      </details>
    </>
  );
}
