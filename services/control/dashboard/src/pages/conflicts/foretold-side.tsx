import { VendorText } from '../../parts/vendor-text.tsx';
import { type Conflict, type Foretold, sayAbsent } from './conflict.ts';

interface ForetoldSideProps {
  readonly conflict: Conflict;
  readonly side: Foretold['ours'];
}

/** What becomes of the field on one side, in a sentence, and which setting keeps it from the other value. */
export function ForetoldSide({ conflict, side }: ForetoldSideProps) {
  const { outcome, kept } = side;
  return (
    <span>
      {conflict.pointer === '' ? wholeRecord[outcome] : <Outcome conflict={conflict} side={side} />}
      {kept === null ? null : <>, since by the settings {kept.message}</>}
    </span>
  );
}

/** What it holds is seen beside it. */
const wholeRecord: Readonly<Record<Foretold['ours']['outcome'], string>> = {
  stays: 'stays as it is',
  appears: 'the record is created',
  changes: 'the record becomes what was chosen',
  removed: 'the record is deleted',
};

function Outcome({ conflict, side: { outcome, before, after } }: ForetoldSideProps) {
  const absent = sayAbsent(conflict);
  if (outcome === 'stays') {
    return (
      <>
        stays <VendorText value={before} absent={absent} most={160} />
      </>
    );
  }
  if (outcome === 'removed') {
    return (
      <>
        is removed: <VendorText value={before} most={160} />
      </>
    );
  }
  return (
    <>
      {outcome === 'appears' ? null : <VendorText value={before} most={160} />} becomes{' '}
      <VendorText value={after} most={160} />
    </>
  );
}
