import type { ResultOf } from '../../rpc/call.ts';
import styles from './settings-page.module.css';

/** What is sound and yet may not do what was meant. */
export function Remarks({ remarks }: { readonly remarks: ResultOf<'settings.put.v1'>['remarks'] }) {
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
