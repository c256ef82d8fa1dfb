import { DateOnly, optional, vocabulary } from '@flotilla/substrate/lenient';
import { always, at } from '@flotilla/substrate/vendor';
import { Word } from '../wire/lenient.ts';
import { defineResource, to } from '../wire/resources.ts';

const Position = vocabulary(Word, {
  teacher: /^(teacher of record|(support|substitute|co-?) ?teacher)$/i,
  aide: /^(assistant teacher|teacher assistant|paraprofessional|aide)$/i,
});
const isPrimary = Word.transform((word) => /^teacher of record$/i.test(word));
const common = {
  classSourcedId: to('sectionReference', 'sections'),
  schoolSourcedId: to('sectionReference', 'schools'),
  beginDate: optional(DateOnly),
  endDate: optional(DateOnly),
};

export const enrollments = defineResource('enrollment', {
  studentSectionAssociations: {
    ...common,
    userSourcedId: to('studentReference', 'students'),
    role: always('student'),
  },
  staffSectionAssociations: {
    ...common,
    userSourcedId: to('staffReference', 'staffs'),
    role: at('classroomPositionDescriptor', Position),
    primary: at('classroomPositionDescriptor', isPrimary),
  },
});
