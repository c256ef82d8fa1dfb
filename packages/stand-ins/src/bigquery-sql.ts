import sqlParser from 'node-sql-parser/build/bigquery.js';
import { RestRefusal } from './google-rest.ts';

export interface TranslatedQuery {
  /** As BigQuery's `statistics.query.statementType` has it; several statements are a SCRIPT. */
  readonly statementType: string;
  /** The query for DuckDB; null for anything but one SELECT. */
  readonly duckdb: string | null;
}

/** The functions that are translated; all others are refused, for a name that both have may mean two things. */
const functions: Readonly<Record<string, string>> = {
  AVG: 'avg',
  CAST: 'CAST',
  COALESCE: 'coalesce',
  COUNT: 'count',
  COUNTIF: 'count_if',
  JSON_QUERY: 'bigquery_json_query',
  JSON_TYPE: 'bigquery_json_type',
  JSON_VALUE: 'bigquery_json_value',
  LOWER: 'lower',
  MAX: 'max',
  MIN: 'min',
  REGEXP_CONTAINS: 'regexp_matches',
  ROW_NUMBER: 'row_number',
  SAFE_CAST: 'TRY_CAST',
  SUM: 'sum',
  UPPER: 'upper',
};

/** What those functions need that DuckDB has not. */
export const macros = [
  // "If the selected value is not a scalar, returns SQL NULL"; so does JSON's null.
  `CREATE MACRO bigquery_json_value(value, path) AS json_value(value, path)->>'$'`,
  // Of a value of type JSON, JSON's null stays JSON's null.
  `CREATE MACRO bigquery_json_query(value, path) AS json_extract(value, path)`,
  // A moment is no date, which it is to DuckDB.
  `CREATE MACRO bigquery_safe_date(value) AS
    CASE WHEN regexp_full_match(value, '[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}') THEN TRY_CAST(value AS DATE) END`,
  `CREATE MACRO bigquery_json_type(value) AS CASE json_type(value)
    WHEN 'OBJECT' THEN 'object' WHEN 'ARRAY' THEN 'array' WHEN 'VARCHAR' THEN 'string' WHEN 'BOOLEAN' THEN 'boolean'
    WHEN 'NULL' THEN 'null' ELSE CASE WHEN value IS NOT NULL THEN 'number' END END`,
];

const castTypes: Readonly<Record<string, string>> = {
  BOOL: 'BOOLEAN',
  FLOAT64: 'DOUBLE',
  INT64: 'BIGINT',
  STRING: 'VARCHAR',
  TIMESTAMP: 'TIMESTAMPTZ',
};

const keywords: ReadonlySet<string> = new Set(
  `ALL AND AS ASC BETWEEN BY CASE CROSS DESC DISTINCT ELSE END EXISTS FALSE FIRST FROM FULL GROUP HAVING IN INNER IS JOIN LAST LEFT
  LIKE LIMIT NOT NULL NULLS OFFSET ON OR ORDER OUTER OVER PARTITION QUALIFY RIGHT SELECT THEN TRUE UNION USING WHEN WHERE WITH`.split(
    /\s+/,
  ),
);

const tokenPattern =
  /(?<space>(?:\s|--[^\n]*|#[^\n]*|\/\*[\s\S]*?\*\/)+)|(?<name>`[^`\n]+`)|(?<text>[rR]?(?:'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"))|(?<parameter>@\w+)|(?<number>\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)|(?<word>[A-Za-z_]\w*)|(?<symbol><>|!=|<=|>=|\|\||[-+*/=<>(),.;])/y;

const parser = new sqlParser.Parser();

/**
 * One SELECT of BigQuery's dialect as one of DuckDB's. Two things stand in its way: a grammar of that dialect that others keep, and a
 * list of the words, functions and types that are translated here. What either does not know is refused, never handed on: the words
 * that both dialects have would pass for BigQuery's otherwise.
 */
export function translateQuery(sql: string): TranslatedQuery {
  const statementType = readStatementType(sql);
  return { statementType, duckdb: statementType === 'SELECT' ? translateSelect(sql) : null };
}

function readStatementType(sql: string): string {
  try {
    const { ast } = parser.parse(sql, { database: 'BigQuery' });
    const statements: readonly { readonly type: string; readonly keyword?: string }[] = [ast].flat();
    const [statement] = statements;
    if (statement === undefined) throw new Error('Unexpected end of statement');
    if (statements.length > 1) return 'SCRIPT';
    return [statement.type, statement.keyword ?? ''].join(' ').trim().toUpperCase().replaceAll(' ', '_');
  } catch (thrown) {
    const reason = thrown instanceof Error ? thrown.message.slice(0, 200) : '';
    throw invalidQuery(`Syntax error: ${reason}`);
  }
}

function translateSelect(sql: string): string {
  const written: string[] = [];
  /** Of the parentheses that are open, those of casts: how deep, and where the cast's name was written. */
  const casts: { readonly depth: number; readonly at: number }[] = [];
  let depth = 0;
  let isTypeNext = false;
  for (const { kind, text, isCalled } of readTokens(sql)) {
    const word = text.toUpperCase();
    if (kind === 'name') written.push(translateName(text.slice(1, -1)));
    else if (kind === 'text') written.push(toLiteral(text));
    else if (kind === 'parameter') written.push(`$${text.slice(1)}`);
    // 1.5 is a FLOAT64 to BigQuery, and a decimal to DuckDB.
    else if (kind === 'number') written.push(/^\d+$/.test(text) ? text : `CAST(${text} AS DOUBLE)`);
    else if (kind !== 'word') {
      if (text === '(') depth++;
      if (text === ')' && casts.at(-1)?.depth === depth--) casts.pop();
      if (text !== ';') written.push(text);
    } else if (isTypeNext) {
      const at = casts.at(-1)?.at ?? 0;
      if (word === 'DATE' && written[at] === 'TRY_CAST')
        written.splice(at, written.length - at, 'bigquery_safe_date', ...written.slice(at + 1, -1));
      else written.push(castTypes[word] ?? refuse(`the type ${word}`));
      isTypeNext = false;
    } else if (keywords.has(word)) {
      written.push(word);
      isTypeNext = word === 'AS' && casts.at(-1)?.depth === depth;
    } else if (isCalled) {
      written.push(functions[word] ?? refuse(`the function ${word}`));
      if (word.endsWith('CAST')) casts.push({ depth: depth + 1, at: written.length - 1 });
    } else written.push(`"${text}"`);
  }
  return written.join(' ');
}

interface Token {
  readonly kind: string;
  readonly text: string;
  /** A parenthesis follows. */
  readonly isCalled: boolean;
}

function readTokens(sql: string): readonly Token[] {
  const tokens: Token[] = [];
  tokenPattern.lastIndex = 0;
  while (tokenPattern.lastIndex < sql.length) {
    const at = tokenPattern.lastIndex;
    const found = tokenPattern.exec(sql);
    const kind = Object.entries(found?.groups ?? {}).find(([, text]) => text !== undefined)?.[0];
    if (found === null || kind === undefined) return refuse(`what begins with ${sql.slice(at, at + 10)}`);
    if (kind !== 'space')
      tokens.push({
        kind,
        text: found[0],
        isCalled: /^\s*\(/.test(sql.slice(tokenPattern.lastIndex, tokenPattern.lastIndex + 100)),
      });
  }
  return tokens;
}

/** `project.dataset.table`: a schema of DuckDB stands for a dataset. */
function translateName(name: string): string {
  const parts = name.split('.');
  if (parts.length === 1) return `"${name}"`;
  if (parts.length === 3) return `"${parts[0]}.${parts[1]}"."${parts[2]}"`;
  return refuse(`the name ${name}`);
}

const escapes: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t' };

function toLiteral(text: string): string {
  const isRaw = /^r/i.test(text);
  const inner = text.slice(isRaw ? 2 : 1, -1);
  const value = isRaw
    ? inner
    : inner.replace(/\\(.)/g, (_whole, escaped: string) =>
        /['"`\\?]/.test(escaped) ? escaped : (escapes[escaped] ?? refuse(`the escape \\${escaped}`)),
      );
  return `'${value.replaceAll("'", "''")}'`;
}

function refuse(what: string): never {
  throw invalidQuery(`The stand-in does not translate ${what}`);
}

export function invalidQuery(message: string): RestRefusal {
  return new RestRefusal(400, 'invalidQuery', message);
}
