import type { PageCursor, PageEvidence } from '../../http/paging.ts';
import type { JsonValue } from '../../json/json-value.ts';

/** A page to be staged, wherever it was had from, and what the checkpoint is once it is. */
export interface FetchedPage {
  /** As received, decompressed. */
  readonly body: Uint8Array;
  readonly contentType: string | null;
  readonly records: readonly JsonValue[];
  /** What the page says of its list. */
  readonly evidence: PageEvidence;
  /** Where its list goes on; null after its last page. */
  readonly cursor: PageCursor | null;
  /** Which of several lists the page is of: the parent's id, or the list's name; null where there is one only. */
  readonly list: string | null;
  /** Where the checkpoint stands among several lists; null where there is one only. */
  readonly position: string | null;
  /** Whether it is the first page of its list. */
  readonly beginsList: boolean;
}
