import { Link } from '@tanstack/react-router';
import { LoadFailure } from '../../parts/load-failure.tsx';
import { Loading } from '../../parts/loading.tsx';
import { useCall } from '../../rpc/use-call.ts';
import styles from './connect-page.module.css';

/** Which vendor the system is of: those that the fleet has a service of. */
export function VendorChoice({ customerId }: { readonly customerId: string }) {
  const { data, error, refetch } = useCall('vendors.list.v1', {});
  if (error !== null) return <LoadFailure error={error} onRetry={() => void refetch()} />;
  if (data === undefined) return <Loading what="vendors" />;
  return (
    <>
      <p>Which system is it? The next page asks for its address and a credential.</p>
      <ul className={styles.vendors}>
        {data.vendors.map(({ vendor, title, failure }) => (
          <li key={vendor}>
            {failure === null ? (
              <Link to="/customers/$customerId/connect" params={{ customerId }} search={{ vendor }}>
                {title}
              </Link>
            ) : (
              <>
                <strong>{title}</strong>
                <p className={styles.soft}>Its service says nothing at this moment: {failure}</p>
              </>
            )}
          </li>
        ))}
      </ul>
    </>
  );
}
