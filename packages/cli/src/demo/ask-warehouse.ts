import type { Fleet } from '../fleet/connect-fleet.ts';
import { renderRows } from '../output/render-rows.ts';
import type { Colors } from '../output/terminal.ts';
import { QueryAnswer } from '../rpc/answers.ts';
import type { Narrator } from './narrator.ts';

const questions = [
  {
    title: 'How many students has each school?',
    sql: `SELECT o.customer_id AS district, o.name AS school, count(DISTINCT e.user_sourced_id) AS students
FROM enrollment_current e
JOIN org_current o ON o.customer_id = e.customer_id AND o.id = e.school_sourced_id
WHERE e.role = 'student'
GROUP BY district, school ORDER BY district, school`,
  },
  {
    title: 'Which are the largest classes of each district?',
    sql: `SELECT c.customer_id AS district, c.title AS class, count(*) AS students
FROM enrollment_current e
JOIN class_current c ON c.customer_id = e.customer_id AND c.id = e.class_sourced_id
WHERE e.role = 'student'
GROUP BY c.customer_id, c.id, c.title
QUALIFY row_number() OVER (PARTITION BY district ORDER BY students DESC, class) <= 3
ORDER BY district, students DESC, class`,
  },
];

/** Asks what an analyst might ask of both districts at once. */
export async function askWarehouse(
  narrator: Narrator,
  fleet: Fleet,
  colors: Colors,
): Promise<readonly QueryAnswer[]> {
  narrator.chapter('The warehouse has it all, both districts in the same words');
  const answers: QueryAnswer[] = [];
  for (const { title, sql } of questions) {
    const answer = await fleet
      .service('warehouse')
      .call('warehouse.query.v1', { sql, maxRows: 20 }, QueryAnswer);
    answers.push(answer);
    narrator.tell(colors.bold(title));
    narrator.tell(colors.dim(sql));
    narrator.tell();
    narrator.tell(renderRows(answer, colors));
    narrator.tell();
  }
  return answers;
}
