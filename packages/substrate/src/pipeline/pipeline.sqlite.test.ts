import { describePipeline } from './pipeline.contract.ts';
import { createPipelineFixture } from './pipeline.fixture.ts';

describePipeline('SQLite', createPipelineFixture);
