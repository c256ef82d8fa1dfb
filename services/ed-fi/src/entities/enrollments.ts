import { DateOnly, optional } from '@flotilla/substrate/lenient';
import { always, at } from '@flotilla/substrate/vendor';
import { to } from '../wire/keys.ts';
import { vocabulary, Word } from '../wire/lenient.ts';
import { defineResource } from '../wire/resource.ts';

const Position = vocabulary({
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
