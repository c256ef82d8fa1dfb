import { isFailure } from '@flotilla/substrate/failure';
import { type FormEvent, useRef } from 'react';
import { Button } from '../../parts/button.tsx';
import { ButtonLink } from '../../parts/button-link.tsx';
import { Callout } from '../../parts/callout.tsx';
import { Card } from '../../parts/card.tsx';
import { CheckOutcome } from '../../parts/check-outcome.tsx';
import { Field } from '../../parts/field.tsx';
import { faultAt, issuesBelow } from '../../parts/issues.ts';
import { LoadFailure } from '../../parts/load-failure.tsx';
import styles from './connect-page.module.css';
import { CredentialFields } from './credential-fields.tsx';
import { FormFields } from './form-fields.tsx';
import { SyncNow } from './sync-now.tsx';
import { type ConnectTarget, useConnect } from './use-connect.ts';

/** Asks for what a vendor needs, stores it, and asks the vendor whether it is right. */
export function ConnectForm(target: ConnectTarget) {
  const { customerId, vendor, existing } = target;
  const form = useRef<HTMLFormElement>(null);
  const { draft, setDraft, forms, issues, verdict, error, isBusy, isNamed, isStored, connect } =
    useConnect(target);
  const { integrationId } = draft;

  async function submit(event: FormEvent) {
    event.preventDefault();
    await connect();
    // What is wrong is where one goes on.
    requestAnimationFrame(() => form.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus());
  }

  if (verdict?.ok === true) {
    const params = { customerId, integrationId };
    return (
      <CheckOutcome
        verdict={verdict}
        next={
          <div className={styles.buttons}>
            {existing === undefined ? (
              <ButtonLink
                kind="main"
                to="/customers/$customerId/integrations/$integrationId"
                params={params}
                hash="sync"
              >
                Go on to the first sync
              </ButtonLink>
            ) : existing.state === 'active' ? (
              <SyncNow {...params} />
            ) : (
              <ButtonLink kind="main" to="/customers/$customerId/integrations/$integrationId" params={params}>
                Go to the integration: it is paused
              </ButtonLink>
            )}
            <ButtonLink to="/customers/$customerId/integrations/$integrationId/settings" params={params}>
              Choose how changes merge
            </ButtonLink>
          </div>
        }
      />
    );
  }

  return (
    <form ref={form} noValidate onSubmit={(event) => void submit(event)} className={styles.form}>
      {verdict === undefined ? null : (
        <>
          <CheckOutcome verdict={verdict} />
          <p>All of it is stored. Correct what is wrong below, and check again.</p>
        </>
      )}
      {error === null || (isFailure(error, 'invalid_params') && issues.length > 0) ? null : (
        <LoadFailure error={error} />
      )}
      {issues.length === 0 || verdict !== undefined ? null : (
        <Callout tone="bad" title="Something is missing or wrong: see the fields below" isAlert />
      )}
      <Card title="Where it is">
        {existing === undefined ? (
          <Field
            label="Name of this integration"
            hint="Unique for this customer; it stands in addresses and cannot be changed."
            fault={faultAt(issues, '/integrationId')}
          >
            {(control) => (
              <input
                {...control}
                value={integrationId}
                readOnly={isNamed}
                maxLength={63}
                autoComplete="off"
                spellCheck={false}
                onChange={({ target: { value } }) => setDraft({ ...draft, integrationId: value })}
              />
            )}
          </Field>
        ) : null}
        <FormFields
          choice={forms.connection}
          entered={draft.connection}
          issues={issuesBelow(issues, '/connection')}
          onChange={(connection) => setDraft({ ...draft, connection })}
        />
        {vendor.docs === '' ? null : (
          <p className={styles.soft}>
            What these are:{' '}
            <a href={vendor.docs} target="_blank" rel="noreferrer">
              {vendor.title}, documentation (opens a new tab)
            </a>
          </p>
        )}
      </Card>
      <Card title="Credential">
        <CredentialFields
          choices={forms.credentials}
          draft={draft.credential}
          issues={issuesBelow(issues, '/credential')}
          isStored={isStored}
          onChange={(credential) => setDraft({ ...draft, credential })}
        />
      </Card>
      <div className={styles.buttons}>
        <Button type="submit" kind="main" isBusy={isBusy}>
          {isBusy ? 'Asking the vendor …' : 'Store and check'}
        </Button>
      </div>
    </form>
  );
}
