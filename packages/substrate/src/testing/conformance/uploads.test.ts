import { paperImport } from '../../pipeline/paper-school.fixture.ts';
import { describeVendor } from '../describe-vendor.ts';
import { createPaperStage, paperOptions } from '../paper-stage.fixture.ts';

describeVendor(paperImport, createPaperStage, { ...paperOptions, topics: ['uploads'] });
