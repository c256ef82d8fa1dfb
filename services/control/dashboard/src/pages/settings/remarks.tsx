import type { ResultOf } from '../../rpc/call.ts';
import styles from './settings-page.module.css';

type Remark = ResultOf<'settings.put.v1'>['remarks'][number];

/** Pure. Without the one that says where to look what the vendor takes: the page shows it. */
export function remarksForPeople(remarks: readonly Remark[]): readonly Remark[] {
  return remarks.filter(({ pointer }) => pointer !== '/writeBack');
}

/** What is sound and yet may not do what was meant. */
export function Remarks({ remarks }: { readonly remarks: readonly Remark[] }) {
  if (remarks.length === 0) return null;
  return (
    <ul className={styles.remarks}>
      {remarks.map(({ pointer, message }) => (
        <li key={`${pointer} ${message}`}>
          <code>{pointer}</code>: {message}
        </li>
      ))}
    </ul>
  );
}
