import type { z } from 'zod';
import { AcademicSession } from './entities/academic-session.ts';
import { Assessment } from './entities/assessment.ts';
import { AssessmentResult } from './entities/assessment-result.ts';
import { AttendanceEvent } from './entities/attendance-event.ts';
import { Category } from './entities/category.ts';
import { Class } from './entities/class.ts';
import { Course } from './entities/course.ts';
import { Demographics } from './entities/demographics.ts';
import { Enrollment } from './entities/enrollment.ts';
import { LineItem } from './entities/line-item.ts';
import { Org } from './entities/org.ts';
import { Result } from './entities/result.ts';
import { User } from './entities/user.ts';

/**
 * What one sync method covers, in the order of work: `rosters.sync` the people and their classes, `grades.sync` the gradebook,
 * `attendance.sync` who was there, `assessments.sync` tests and their outcomes.
 */
export const families = ['rosters', 'grades', 'attendance', 'assessments'] as const;
export type Family = (typeof families)[number];

interface EntityTypeFacts {
  readonly family: Family;
  /** The strict canonical schema: a member it does not know is refused. */
  readonly schema: z.ZodObject;
  /** Other entity types that its records point to; those come first. */
  readonly refersTo: readonly string[];
}

/**
 * Pure. Every entity type Flotilla knows, in an order in which none refers to a later one. The words are OneRoster 1.2's; members that
 * point to another record are named as in its CSV binding (`userSourcedId`), which says what they hold.
 */
export const entityTypes = {
  org: { family: 'rosters', schema: Org, refersTo: [] },
  academicSession: { family: 'rosters', schema: AcademicSession, refersTo: ['org'] },
  course: { family: 'rosters', schema: Course, refersTo: ['org', 'academicSession'] },
  class: { family: 'rosters', schema: Class, refersTo: ['org', 'academicSession', 'course'] },
  user: { family: 'rosters', schema: User, refersTo: ['org'] },
  enrollment: { family: 'rosters', schema: Enrollment, refersTo: ['org', 'class', 'user'] },
  demographics: { family: 'rosters', schema: Demographics, refersTo: ['user'] },
  category: { family: 'grades', schema: Category, refersTo: [] },
  lineItem: { family: 'grades', schema: LineItem, refersTo: ['org', 'academicSession', 'class', 'category'] },
  result: { family: 'grades', schema: Result, refersTo: ['class', 'user', 'lineItem'] },
  attendanceEvent: { family: 'attendance', schema: AttendanceEvent, refersTo: ['org', 'class', 'user'] },
  assessment: { family: 'assessments', schema: Assessment, refersTo: ['class'] },
  assessmentResult: { family: 'assessments', schema: AssessmentResult, refersTo: ['user', 'assessment'] },
} as const satisfies Record<string, EntityTypeFacts>;

export type EntityType = keyof typeof entityTypes;

/** A canonical record's value, by its entity type. */
export type EntityValue<T extends EntityType = EntityType> = z.infer<(typeof entityTypes)[T]['schema']>;

export const entityTypeNames = Object.keys(entityTypes) as readonly EntityType[];

export function isEntityType(name: string): name is EntityType {
  return Object.hasOwn(entityTypes, name);
}

/** The entity type's facts, with its literal types widened: for code that treats all entity types alike. */
export function entityTypeFacts(entityType: EntityType): EntityTypeFacts {
  return entityTypes[entityType];
}

/**
 * JSON Pointers that change without meaning anything: no change detection looks at them, they follow the vendor silently. Vendors touch
 * `dateLastModified` on every export.
 */
export const volatilePointers: readonly string[] = ['/dateLastModified'];

/** The lists of an entity type whose elements have a key of their own: they merge element by element, unless a customer says otherwise. */
export function keyedLists(entityType: EntityType): Readonly<Record<string, { readonly key: string[] }>> {
  return entityType === 'class' ? { '/meetings': { key: ['id'] } } : {};
}
