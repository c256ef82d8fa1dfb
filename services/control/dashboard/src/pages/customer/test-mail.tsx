import { Button } from '../../parts/button.tsx';
import { LoadFailure } from '../../parts/load-failure.tsx';
import { VendorText } from '../../parts/vendor-text.tsx';
import { useAction } from '../../rpc/use-call.ts';

interface TestMailProps {
  readonly customerId: string;
  readonly address: string;
}

/** Sends one mail at once, and says whether the mail server took it. */
export function TestMail({ customerId, address }: TestMailProps) {
  const test = useAction('notifications.test.v1');
  return (
    <>
      <Button
        isBusy={test.isPending}
        aria-label={`Send a test mail to ${address}`}
        onClick={() => test.mutate({ customerId, address })}
      >
        Send a test mail
      </Button>
      {test.error === null ? null : <LoadFailure error={test.error} />}
      <span role="status">
        {test.data?.mails.map(({ address: to, failure }) =>
          failure === null ? (
            <span key={to}> The mail server took it.</span>
          ) : (
            <span key={to}>
              {' '}
              It was not taken: <VendorText value={failure.message} />
              {failure.answer === null ? null : (
                <>
                  {' '}
                  (<VendorText value={failure.answer} />)
                </>
              )}
            </span>
          ),
        )}
      </span>
    </>
  );
}
