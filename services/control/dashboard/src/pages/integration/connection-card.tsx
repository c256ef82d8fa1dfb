import { Button } from '../../parts/button.tsx';
import { ButtonLink } from '../../parts/button-link.tsx';
import { Card } from '../../parts/card.tsx';
import { CheckOutcome } from '../../parts/check-outcome.tsx';
import { LoadFailure } from '../../parts/load-failure.tsx';
import { toLabel } from '../../parts/to-label.ts';
import { VendorText } from '../../parts/vendor-text.tsx';
import { useAction } from '../../rpc/use-call.ts';
import type { Integration, Vendor } from './integration.ts';
import styles from './integration-page.module.css';

interface ConnectionCardProps {
  readonly integration: Integration;
  readonly vendor: Vendor | undefined;
  readonly mayChange: boolean;
}

/** Where the vendor is, whether it answers, and the way to another credential. */
export function ConnectionCard({ integration, vendor, mayChange }: ConnectionCardProps) {
  const { customerId, integrationId, connection } = integration;
  const check = useAction('integrations.check.v1');
  const members = Object.entries(connection);
  return (
    <Card
      title="Connection"
      actions={
        <div className={styles.buttons}>
          <Button
            isBusy={check.isPending}
            onClick={() => {
              check.reset();
              check.mutate({ customerId, integrationId });
            }}
          >
            {check.isPending ? 'Asking the vendor …' : 'Check the connection'}
          </Button>
          {mayChange ? (
            <ButtonLink
              to="/customers/$customerId/connect"
              params={{ customerId }}
              search={{ integrationId }}
            >
              Change it, or enter a new credential
            </ButtonLink>
          ) : null}
        </div>
      }
    >
      {check.data === undefined ? null : <CheckOutcome verdict={check.data} />}
      {check.error === null ? null : <LoadFailure error={check.error} />}
      <dl className={styles.facts}>
        <div>
          <dt>Vendor</dt>
          <dd>{vendor?.title ?? integration.vendor}</dd>
        </div>
        {members.map(([name, value]) => (
          <div key={name}>
            <dt>{toLabel(name)}</dt>
            <dd>
              <VendorText value={value} isVerbatim />
            </dd>
          </div>
        ))}
        <div>
          <dt>Credential</dt>
          <dd className={styles.soft}>kept encrypted, and never shown</dd>
        </div>
      </dl>
    </Card>
  );
}
