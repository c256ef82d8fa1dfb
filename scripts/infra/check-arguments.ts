/** What the provider's documentation says of a type, or of a block of it. */
export interface DocumentedBlock {
  readonly required: readonly string[];
  readonly optional: readonly string[];
  readonly blocks?: Readonly<Record<string, DocumentedBlock>>;
}

export interface DocumentedType extends DocumentedBlock {
  /** The page of the documentation that says so. */
  readonly page: string;
}

export type Documentation = Readonly<Record<string, DocumentedType>>;

/** A body of HCL as `@cdktf/hcl2json` parses it: an expression is a text, blocks of one name are a list of bodies. */
export type Body = Readonly<Record<string, unknown>>;

/** By the type and the name of each resource or data source; there is one body each. */
export type Blocks = Readonly<Record<string, Readonly<Record<string, readonly Body[]>>>>;

/** What Terraform itself takes in every resource: https://developer.hashicorp.com/terraform/language/meta-arguments */
const metaArguments: readonly string[] = ['for_each', 'count', 'depends_on', 'lifecycle', 'provider'];

/** Pure. What in these resources the documentation does not have, or asks for besides; one line each. */
export function checkArguments(blocks: Blocks, documentation: Documentation, prefix = ''): readonly string[] {
  return Object.entries(blocks).flatMap(([type, byName]) => {
    const documented = documentation[`${prefix}${type}`];
    if (documented === undefined) return [`${prefix}${type}: not in the table of documented arguments`];
    return Object.entries(byName).flatMap(([name, bodies]) =>
      bodies.flatMap((body) =>
        checkBody(without(body, metaArguments), documented, `${prefix}${type}.${name}`).map(
          (problem) => `${problem} (${documented.page})`,
        ),
      ),
    );
  });
}

function checkBody(body: Body, documented: DocumentedBlock, path: string): readonly string[] {
  const given = { ...without(body, ['dynamic']), ...contentsOfDynamic(body) };
  const known = [...documented.required, ...documented.optional];
  const names = Object.keys(given);
  return [
    ...names.filter((name) => !known.includes(name)).map((name) => `${path}: no argument ${name}`),
    ...documented.required
      .filter((name) => !names.includes(name))
      .map((name) => `${path}: ${name} is missing`),
    ...Object.entries(documented.blocks ?? {}).flatMap(([name, block]) =>
      bodiesOf(given[name]).flatMap((inner) => checkBody(inner, block, `${path}.${name}`)),
    ),
    ...names
      .filter((name) => documented.blocks?.[name] === undefined && bodiesOf(given[name]).some(hasMembers))
      .filter((name) => known.includes(name))
      .map((name) => `${path}.${name}: its arguments are not in the table`),
  ];
}

/** `dynamic "env" { content {} }` stands for blocks `env`. */
function contentsOfDynamic(body: Body): Body {
  const dynamic = (body['dynamic'] ?? {}) as Readonly<Record<string, readonly Body[]>>;
  return Object.fromEntries(
    Object.entries(dynamic).map(([name, blocks]) => [name, blocks.flatMap((block) => block['content'])]),
  );
}

/** A list of objects is a list of blocks; maps and texts are values. */
function bodiesOf(value: unknown): readonly Body[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === 'object' && item !== null) : [];
}

function hasMembers(body: Body): boolean {
  return Object.keys(body).length > 0;
}

function without(body: Body, names: readonly string[]): Body {
  return Object.fromEntries(Object.entries(body).filter(([name]) => !names.includes(name)));
}
