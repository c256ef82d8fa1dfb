import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { NoSuch } from '../parts/no-such.tsx';
import { useCustomer } from '../parts/use-customer.ts';
import { VendorLine } from '../parts/vendor-text.tsx';
import { Page } from './page.tsx';
import styles from './page-of-customer.module.css';

interface PageOfCustomerProps {
  readonly customerId: string;
  /** What the page is about; left out: the customer itself, and its name is the title. */
  readonly title?: string;
  /** What follows on the customer in the way here. */
  readonly trail?: ReactNode;
  readonly actions?: ReactNode;
  readonly children: ReactNode;
}

/** A page about a customer or something of it: the way here names the customer as people do, and so does the window. */
export function PageOfCustomer({ customerId, title, trail, actions, children }: PageOfCustomerProps) {
  const { name, isMissing } = useCustomer(customerId);
  if (isMissing) {
    return (
      <Page title="There is no such customer" trail={<Link to="/customers">Customers</Link>}>
        <NoSuch sentence="No customer has the id" named={customerId}>
          <Link to="/customers">All customers</Link> are listed by name and id.
        </NoSuch>
      </Page>
    );
  }
  return (
    <Page
      title={title ?? name}
      of={name}
      trail={
        <>
          <Link to="/customers">Customers</Link>
          {title === undefined ? (
            <span>{customerId}</span>
          ) : (
            <Link
              className={styles.customer}
              to="/customers/$customerId"
              params={{ customerId }}
              title={customerId}
            >
              <span className={styles.name}>
                <VendorLine text={name} />
              </span>
            </Link>
          )}
          {trail}
        </>
      }
      actions={actions}
    >
      {children}
    </Page>
  );
}
