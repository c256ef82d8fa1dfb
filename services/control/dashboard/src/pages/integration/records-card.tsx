import { Link } from '@tanstack/react-router';
import { ButtonLink } from '../../parts/button-link.tsx';
import { Card } from '../../parts/card.tsx';
import { strategyWords as says } from '../../parts/strategy-words.ts';
import type { Integration, Vendor } from './integration.ts';
import styles from './integration-page.module.css';

interface RecordsCardProps {
  readonly integration: Integration;
  readonly vendor: Vendor;
}

/** What is synced, with the ways to the records and to how they merge. */
export function RecordsCard({ integration, vendor }: RecordsCardProps) {
  const { customerId, integrationId, settings } = integration;
  const isOff = (name: string) => settings.disabledEntityTypes.some((each) => each === name);
  const written = settings.writeBack.filter((name) => !isOff(name));
  return (
    <Card
      title="Records"
      actions={
        <ButtonLink
          to="/customers/$customerId/integrations/$integrationId/settings"
          params={{ customerId, integrationId }}
        >
          Settings: how they merge
        </ButtonLink>
      }
    >
      <ul className={styles.entityTypes}>
        {vendor.entityTypes.map((entityType) => (
          <li key={entityType}>
            <Link
              to="/customers/$customerId/integrations/$integrationId/records/$entityType"
              params={{ customerId, integrationId, entityType }}
            >
              {entityType}
            </Link>
            {isOff(entityType) ? <span className={styles.soft}> (not synced)</span> : null}
          </li>
        ))}
      </ul>
      <p className={styles.soft}>
        {written.length === 0
          ? 'Nothing is written back to the vendor.'
          : `Our changes are written back to the vendor: ${written.join(', ')}.`}{' '}
        Where both sides change a field, {says[settings.merge.default ?? 'manual']}, unless the settings say
        otherwise.
      </p>
    </Card>
  );
}
