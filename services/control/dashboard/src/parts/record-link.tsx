import { toPlainText } from '@flotilla/substrate/report/plain-text';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import styles from './record-link.module.css';
import { VendorLine } from './vendor-text.tsx';

interface RecordLinkProps {
  readonly customerId: string;
  readonly integrationId: string;
  readonly entityType: string;
  readonly recordId: string;
  /** What people call it, where that is known: then its id stands small beside it. */
  readonly name?: string | null | undefined;
  /** In place of its name and id. */
  readonly children?: ReactNode;
  readonly tabIndex?: number;
}

/** A record by its name and id, and the way to its history. An id that no address can hold is shown without. */
export function RecordLink({ recordId, name, children, tabIndex, ...rest }: RecordLinkProps) {
  const shown = children ?? <NamedRecord recordId={recordId} name={name} />;
  if (!isAddressable(recordId)) return shown;
  return (
    <Link
      to="/customers/$customerId/integrations/$integrationId/records/$entityType/$recordId"
      params={{ ...rest, recordId }}
      tabIndex={tabIndex}
      className={styles.link}
    >
      {shown}
    </Link>
  );
}

/** A record by its name, its id small beside it and on one line; by its id alone where it has no name. */
export function NamedRecord({ recordId, name }: Pick<RecordLinkProps, 'recordId' | 'name'>) {
  if (name === undefined || name === null || name === '') return <VendorLine text={recordId} />;
  return (
    <>
      <VendorLine text={name} most={120} />{' '}
      <small className={styles.id} title={toPlainText(recordId)}>
        <bdi>{toPlainText(recordId)}</bdi>
      </small>
    </>
  );
}

/** Half a character cannot be written in an address, and browsers take one or two dots for a folder. */
function isAddressable(recordId: string): boolean {
  return recordId.isWellFormed() && recordId !== '' && recordId !== '.' && recordId !== '..';
}
