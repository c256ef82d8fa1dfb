import { useNavigate } from '@tanstack/react-router';
import { Button } from '../../parts/button.tsx';
import { LoadFailure } from '../../parts/load-failure.tsx';
import { useAction } from '../../rpc/use-call.ts';
import { notify } from '../../shell/notices.tsx';

interface SyncNowProps {
  readonly customerId: string;
  readonly integrationId: string;
}

/** Starts a run of everything, as at night, and goes to its report, which shows it live. */
export function SyncNow({ customerId, integrationId }: SyncNowProps) {
  const navigate = useNavigate();
  const start = useAction('runs.start.v1');

  async function sync(): Promise<void> {
    try {
      const { runId } = await start.mutateAsync({ customerId, integrationId, dryRun: false, full: false });
      notify('A run has begun.');
      await navigate({ to: '/customers/$customerId/runs/$runId', params: { customerId, runId } });
    } catch {
      // It is shown below.
    }
  }

  return (
    <>
      <Button kind="main" isBusy={start.isPending} onClick={() => void sync()}>
        Sync with it now
      </Button>
      {start.error === null ? null : <LoadFailure error={start.error} />}
    </>
  );
}
