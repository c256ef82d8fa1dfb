// The process of a vendor's service, for tests of what a process does: the vendor is the pipeline's Paper School.
import { paperSchool } from '../pipeline/paper-school.fixture.ts';
import { serve } from './serve.ts';

await serve(paperSchool);
