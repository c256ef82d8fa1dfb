import { paperJournal, paperQueue } from '../../pipeline/paper-school.fixture.ts';
import type { Vendor } from '../../vendor/define-vendor.ts';
import { describeVendor } from '../describe-vendor.ts';
import { createPaperStage, paperOptions } from '../paper-stage.fixture.ts';

// What the kit proves of vendors that tell what changed, on one that can be asked again and on one that forgets.
for (const [variant, vendor] of Object.entries({ journal: paperJournal, queue: paperQueue }))
  describeVendor(alone(vendor), createPaperStage, { ...paperOptions, variant, topics: ['deltas'] });

/** Without what is fetched whole beside it, and points to users: then users may be deleted. */
function alone(vendor: Vendor): Vendor {
  return { ...vendor, entities: vendor.entities.filter(({ entityType }) => entityType !== 'demographics') };
}
