import { useState } from 'react';
import { Button } from '../../parts/button.tsx';
import { ConfirmDialog } from '../../parts/confirm-dialog.tsx';
import { useAction } from '../../rpc/use-call.ts';
import { notify } from '../../shell/notices.tsx';
import type { Integration } from './integration.ts';

/** Keeps runs from an integration, or lets it have them again. */
export function PauseButton({ integration }: { readonly integration: Integration }) {
  const { customerId, integrationId, vendor, state } = integration;
  const [isAsked, setIsAsked] = useState(false);
  const put = useAction('integrations.put.v1');
  const isPaused = state === 'paused';

  async function change(): Promise<void> {
    const next = isPaused ? 'active' : 'paused';
    try {
      // Awaited, since where it stands for a sync it has gone by the time it is resumed.
      await put.mutateAsync({ customerId, integrationId, vendor, state: next });
      notify(
        next === 'active' ? 'Resumed: it can sync again.' : 'Paused: no run starts until it is resumed.',
      );
      setIsAsked(false);
    } catch {
      // The dialog shows it.
    }
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
          onConfirm={() => void change()}
          onCancel={() => setIsAsked(false)}
        >
          <p>
            {isPaused
              ? 'Runs can be started here at once, and nights have it again. Whatever has changed at the vendor meanwhile comes with the first.'
              : 'No run starts until somebody resumes it, neither at night nor by hand. A run that is under way goes on. Nothing that is stored goes away.'}
          </p>
        </ConfirmDialog>
      ) : null}
    </>
  );
}
