import { VendorText } from '../../parts/vendor-text.tsx';
import { type Conflict, type Foretold, sayAbsent } from './conflict.ts';

interface ForetoldSideProps {
  readonly conflict: Conflict;
  readonly side: Foretold['ours'];
}

/** What becomes of the field on one side, in a sentence, and which setting keeps it from the other value. */
export function ForetoldSide({ conflict, side: { outcome, before, after, kept } }: ForetoldSideProps) {
  const absent = sayAbsent(conflict);
  return (
    <span>
      {outcome === 'stays' ? (
        <>
          stays <VendorText value={before} absent={absent} />
        </>
      ) : null}
      {outcome === 'changes' ? (
        <>
          <VendorText value={before} /> becomes <VendorText value={after} />
        </>
      ) : null}
      {outcome === 'appears' ? (
        <>
          {conflict.pointer === '' ? 'the record is created: ' : 'becomes '}
          <VendorText value={after} />
        </>
      ) : null}
      {outcome === 'removed' ? (
        <>
          {conflict.pointer === '' ? 'the record is deleted: ' : 'is removed: '}
          <VendorText value={before} />
        </>
      ) : null}
      {kept === null ? null : <>, since by the settings {kept.message}</>}
    </span>
  );
}
