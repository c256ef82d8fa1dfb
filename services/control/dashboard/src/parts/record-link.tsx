import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { VendorLine } from './vendor-text.tsx';

interface RecordLinkProps {
  readonly customerId: string;
  readonly integrationId: string;
  readonly entityType: string;
  readonly recordId: string;
  /** In place of its id. */
  readonly children?: ReactNode;
  readonly tabIndex?: number;
}

/** A record by its id, and the way to its history. An id that no address can hold is shown without. */
export function RecordLink({ recordId, children, tabIndex, ...rest }: RecordLinkProps) {
  const shown = children ?? <VendorLine text={recordId} />;
  if (!isAddressable(recordId)) return shown;
  return (
    <Link
      to="/customers/$customerId/integrations/$integrationId/records/$entityType/$recordId"
      params={{ ...rest, recordId }}
      tabIndex={tabIndex}
    >
      {shown}
    </Link>
  );
}

/** Half a character cannot be written in an address, and browsers take one or two dots for a folder. */
function isAddressable(recordId: string): boolean {
  return recordId.isWellFormed() && recordId !== '' && recordId !== '.' && recordId !== '..';
}
