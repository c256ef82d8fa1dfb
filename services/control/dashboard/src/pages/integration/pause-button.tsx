import { useState } from 'react';
import { Button } from '../../parts/button.tsx';
import { ConfirmDialog } from '../../parts/confirm-dialog.tsx';
import { useAction } from '../../rpc/use-call.ts';
import { notify } from '../../shell/notices.tsx';
import type { Integration } from './integration.ts';

/** Keeps nights from an integration, or lets them have it again. */
export function PauseButton({ integration }: { readonly integration: Integration }) {
  const { customerId, integrationId, vendor, state } = integration;
  const [isAsked, setIsAsked] = useState(false);
  const put = useAction('integrations.put.v1');
  const isPaused = state === 'paused';

  function change() {
    const next = isPaused ? 'active' : 'paused';
    put.mutate(
      { customerId, integrationId, vendor, state: next },
      {
        onSuccess() {
          notify(
            next === 'active' ? 'Resumed: the next night has it again.' : 'Paused: nights pass it over.',
          );
          setIsAsked(false);
        },
      },
    );
  }

  return (
    <>
      <Button onClick={() => setIsAsked(true)}>{isPaused ? 'Resume' : 'Pause'}</Button>
      {isAsked ? (
        <ConfirmDialog
          title={isPaused ? `Resume ${integrationId}?` : `Pause ${integrationId}?`}
          confirm={isPaused ? 'Resume' : 'Pause'}
          isBusy={put.isPending}
          error={put.error}
          onConfirm={change}
          onCancel={() => setIsAsked(false)}
        >
          <p>
            {isPaused
              ? 'From the next night on it gets runs again. Whatever has changed at the vendor meanwhile comes with the first.'
              : 'Nights pass it over until somebody resumes it. A run that is under way goes on, and you can still start runs here. Nothing that is stored goes away.'}
          </p>
        </ConfirmDialog>
      ) : null}
    </>
  );
}
