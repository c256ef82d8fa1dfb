import { Failure } from '../failure/failure.ts';
import {
  type Call,
  type CallContext,
  describe,
  exchange,
  type FailedAnswer,
  type ReadAnswer,
} from './exchange.ts';
import { retry } from './retry.ts';

/** Makes a call until `read` could read its answer. */
export function performCall<Result>(
  call: Call,
  context: CallContext,
  read: ReadAnswer<Result>,
): Promise<Result> {
  return retry((number) => attempt(number, call, context, read), {
    limits: context.retryLimits,
    clock: context.clock,
    signal: call.signal,
    isWorthRetrying: (failure) => isWorthRetrying(failure, call),
  });
}

/** A token request was repeated already, and a write may be only if the vendor cannot have acted on it. */
function isWorthRetrying({ code, data }: Failure, { isIdempotent }: Call): boolean {
  if (data.step === 'token') return false;
  if (code === 'rate_limited') return true;
  if (code !== 'vendor_unavailable' && code !== 'gateway_unavailable') return false;
  return isIdempotent || data.isSent === false;
}

/** Redirects on the origin are followed, and one refusal of the token is answered with a fresh one; neither counts as an attempt. */
async function attempt<Result>(
  number: number,
  call: Call,
  context: CallContext,
  read: ReadAnswer<Result>,
): Promise<Result> {
  let { url } = call;
  let redirects = 0;
  let isRenewed = false;
  for (;;) {
    const sign = await context.authorizer.ready();
    const answer = await exchange(number, { ...call, url }, sign, context, read);
    if (answer.kind === 'read') return answer.result;
    if (answer.kind === 'redirected') {
      if (++redirects > maximumRedirects) throw describe(circleOfRedirects(), call);
      url = answer.url;
    } else {
      const { authorization, failure } = answer;
      const canRenew = !isRenewed && isTokenRefusal(answer) && authorization !== undefined;
      if (!canRenew || !context.authorizer.renew(authorization)) throw failure;
      isRenewed = true;
    }
  }
}

const maximumRedirects = 3;

function circleOfRedirects(): Failure {
  return new Failure('vendor_answer_invalid', 'The vendor redirects in circles', {
    data: { problem: 'too_many_redirects' },
  });
}

/** 403 is about rights, which a new token of the same client does not have either. */
function isTokenRefusal({ failure, status }: FailedAnswer): boolean {
  return failure.code === 'credentials_rejected' && status !== 403;
}
