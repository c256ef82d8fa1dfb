import { describe } from 'vitest';
import { describeBadData } from './contract/bad-data.contract.ts';
import { describeBreakdowns } from './contract/breakdowns.contract.ts';
import { describeConflicts } from './contract/conflicts.contract.ts';
import { describeDecisions } from './contract/decisions.contract.ts';
import { describeEdits } from './contract/edit-record.contract.ts';
import { describeFeed } from './contract/feed.contract.ts';
import { describeHeldRuns } from './contract/held-runs.contract.ts';
import { describeLimits } from './contract/limits.contract.ts';
import { openPipelineSeat } from './contract/pipeline-seat.contract.ts';
import { describePush } from './contract/push.contract.ts';
import { describePushChoices } from './contract/push-choices.contract.ts';
import { describePushTrouble } from './contract/push-trouble.contract.ts';
import { describeRaces } from './contract/race.contract.ts';
import { describeRealtime } from './contract/realtime.contract.ts';
import { describeRevert } from './contract/revert.contract.ts';
import { describeRevertCorners } from './contract/revert-corners.contract.ts';
import { describeStory } from './contract/story.contract.ts';
import { describeSync } from './contract/sync.contract.ts';
import { describeVerification } from './contract/verification.contract.ts';
import { paperGradebook } from './paper-school.fixture.ts';
import type { CreatePipelineFixture } from './pipeline.fixture.ts';

/** What a run does. */
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
    const seat = openPipelineSeat(bothWays(createFixture));
    describeStory(seat);
    describeEdits(seat);
    describePush(seat);
    describePushTrouble(seat);
    describeRealtime(seat);
    describePushChoices(seat);
    describeRevert(seat);
    describeRevertCorners(seat);
    describeHeldRuns(seat);
    describeLimits(seat);
    describeConflicts(seat);
    describeDecisions(seat);
    describeRaces(seat);
  });
}

/**
 * Of all that, what another database could do otherwise: every row that a run writes and reads, transactions that meet, work that is cut
 * off. What is decided before the database hears of it, and databases' own contract (orm/contract), are tried elsewhere.
 */
export function describePipelineStore(name: string, createFixture: CreatePipelineFixture): void {
  describe(`the pipeline on ${name}`, () => {
    const seat = openPipelineSeat(createFixture);
    describeSync(seat);
    describeBreakdowns(seat);
  });
  describe(`the pipeline on ${name}, both ways`, () => {
    const seat = openPipelineSeat(bothWays(createFixture));
    describeStory(seat);
    describeEdits(seat, 6);
    describeRaces(seat, { races: [1, 2], stalls: [21, 40] });
  });
}

function bothWays(createFixture: CreatePipelineFixture): CreatePipelineFixture {
  return (options) => createFixture({ vendor: paperGradebook, ...options });
}
