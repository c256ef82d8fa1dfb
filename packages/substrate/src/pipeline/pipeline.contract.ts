import { describe } from 'vitest';
import { describeBadData } from './contract/bad-data.contract.ts';
import { describeBreakdowns } from './contract/breakdowns.contract.ts';
import { describeConflicts } from './contract/conflicts.contract.ts';
import { describeEdits } from './contract/edit-record.contract.ts';
import { describeFeed } from './contract/feed.contract.ts';
import { describeLimits } from './contract/limits.contract.ts';
import { openPipelineSeat } from './contract/pipeline-seat.contract.ts';
import { describePush } from './contract/push.contract.ts';
import { describePushChoices } from './contract/push-choices.contract.ts';
import { describeRaces } from './contract/race.contract.ts';
import { describeRealtime } from './contract/realtime.contract.ts';
import { describeRevert } from './contract/revert.contract.ts';
import { describeRevertCorners } from './contract/revert-corners.contract.ts';
import { describeSync } from './contract/sync.contract.ts';
import { describeVerification } from './contract/verification.contract.ts';
import { paperGradebook } from './paper-school.fixture.ts';
import type { CreatePipelineFixture } from './pipeline.fixture.ts';

/** What a run does, on whatever database the store is. */
export function describePipeline(name: string, createFixture: CreatePipelineFixture): void {
  describe(`the pipeline on ${name}`, () => {
    const seat = openPipelineSeat(createFixture);
    describeSync(seat);
    describeBadData(seat);
    describeBreakdowns(seat);
    describeVerification(seat);
    describeFeed(seat);
  });
  describe(`the pipeline on ${name}, both ways`, () => {
    const seat = openPipelineSeat((options) => createFixture({ vendor: paperGradebook, ...options }));
    describeEdits(seat);
    describePush(seat);
    describeRealtime(seat);
    describePushChoices(seat);
    describeRevert(seat);
    describeRevertCorners(seat);
    describeLimits(seat);
    describeConflicts(seat);
    describeRaces(seat);
  });
}
