import { Link } from '@tanstack/react-router';
import styles from './customer-link.module.css';
import { VendorLine } from './vendor-text.tsx';

interface CustomerLinkProps {
  readonly customerId: string;
  readonly customerName: string;
  /** Where it leads; left out: to the customer's page. */
  readonly to?: '/customers/$customerId' | '/customers/$customerId/audit';
}

/** A customer in a table: its name, which others may have too, and below it the id that the command line takes. */
export function CustomerLink({ customerId, customerName, to = '/customers/$customerId' }: CustomerLinkProps) {
  return (
    <span className={styles.customer}>
      <Link to={to} params={{ customerId }}>
        <VendorLine text={customerName} />
      </Link>
      {customerName === customerId ? null : <code className={styles.id}>{customerId}</code>}
    </span>
  );
}
