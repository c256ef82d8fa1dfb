import { isFailure } from '@flotilla/substrate/failure';
import type { ReactNode } from 'react';
import { Callout } from './callout.tsx';
import { faultAt, issuesOf } from './issues.ts';
import { VendorLine } from './vendor-text.tsx';

interface NoSuchProps {
  /** The sentence that ends with what the address names, such as `No run has the id`. */
  readonly sentence: string;
  /** As the address has it. */
  readonly named: string;
  /** The way to what there is: a sentence with a link. */
  readonly children: ReactNode;
}

/** What an address names is not there: asking again would not help. */
export function NoSuch({ sentence, named, children }: NoSuchProps) {
  return (
    <Callout
      tone="bad"
      title={
        <>
          {sentence} <VendorLine text={named} />
        </>
      }
      isAlert
    >
      <p>The address may be mistyped, or of another fleet. {children}</p>
    </Callout>
  );
}

/** Pure. Whether there is none, or what stands at this pointer of the parameters can be no name of one. */
export function isNoSuch(error: unknown, pointer: string): boolean {
  return isFailure(error, 'not_found') || faultAt(issuesOf(error), pointer) !== undefined;
}
