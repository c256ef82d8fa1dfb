import { listOf, optional, Text } from '@flotilla/substrate/lenient';
import { at, namesIn, theOnly } from '@flotilla/substrate/vendor';
import { z } from 'zod';
import { GradeLevels, Name, toNumber, Word } from '../wire/lenient.ts';
import { defineResource } from '../wire/resources.ts';

/** A score may be a level. Of several scales there is no common range. */
function bound(name: 'minimumScore' | 'maximumScore') {
  const Scales = listOf(z.object({ [name]: optional(Text) }));
  return Scales.transform((scales) => toNumber(theOnly(scales)?.[name]));
}

export const assessments = defineResource('assessment', {
  assessments: {
    title: at('assessmentTitle', Name),
    identifier: at('assessmentIdentifier', Text),
    grades: at('assessedGradeLevels', GradeLevels),
    subjects: at('academicSubjects', namesIn('academicSubjectDescriptor', Word)),
    resultValueMin: at('scores', bound('minimumScore')),
    resultValueMax: at('scores|maxRawScore', z.union([bound('maximumScore'), Text.transform(toNumber)])),
  },
});
