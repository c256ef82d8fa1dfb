import { DateOnly } from '@flotilla/substrate/lenient';
import { at, to } from '../wire/field.ts';
import { Word, wordIn } from '../wire/lenient.ts';
import { defineResource } from '../wire/resource.ts';

const positions = {
  teacher: /^(teacher of record|(support|substitute|co-?) ?teacher)$/i,
  aide: /^(assistant teacher|teacher assistant|paraprofessional|aide)$/i,
};
const common = {
  classSourcedId: to('sectionReference', 'sections'),
  schoolSourcedId: to('sectionReference', 'schools'),
  beginDate: at('beginDate?', DateOnly),
  endDate: at('endDate?', DateOnly),
};

export const enrollments = defineResource('enrollment', {
  studentSectionAssociations: {
    ...common,
    userSourcedId: to('studentReference', 'students'),
    role: 'student',
  },
  staffSectionAssociations: {
    ...common,
    userSourcedId: to('staffReference', 'staffs'),
    role: at(
      'classroomPositionDescriptor',
      Word.transform((word) => wordIn(positions, word) ?? (`ext:${word}` as const)),
    ),
    primary: at(
      'classroomPositionDescriptor',
      Word.transform((word) => /^teacher of record$/i.test(word)),
    ),
  },
});
