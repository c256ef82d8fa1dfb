/** Where something is still asked for. Silent for a moment, so that quick answers do not flicker. */
import styles from './loading.module.css';

export function Loading({ what }: { readonly what: string }) {
  return (
    <p role="status" className={styles.loading}>
      Loading {what} …
    </p>
  );
}
