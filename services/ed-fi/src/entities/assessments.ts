import { optional, Text } from '@flotilla/substrate/lenient';
import { z } from 'zod';
import { at } from '../wire/field.ts';
import { GradeLevels } from '../wire/grade-levels.ts';
import { listOf, toNumber, Word } from '../wire/lenient.ts';
import { defineResource } from '../wire/resource.ts';

/** A score may be a level. Of several scales there is no common range. */
function bound(name: 'minimumScore' | 'maximumScore') {
  return z
    .array(z.object({ [name]: optional(Text) }))
    .transform(([scale, ...others]) => (others.length > 0 ? undefined : toNumber(scale?.[name])));
}

export const assessments = defineResource('assessment', {
  assessments: {
    title: at('assessmentTitle', Text),
    identifier: at('assessmentIdentifier', Text),
    grades: at('assessedGradeLevels?', GradeLevels),
    subjects: at('academicSubjects?', listOf('academicSubjectDescriptor', Word)),
    resultValueMin: at('scores?', bound('minimumScore')),
    resultValueMax: at('scores|maxRawScore?', z.union([bound('maximumScore'), Text.transform(toNumber)])),
  },
});
