/** Reads the text exposition format 0.0.4 by its grammar, strictly: what it does not accept is a fault of the writer. */

export interface Family {
  readonly name: string
  readonly type: string
  readonly help: string
  readonly samples: {
    readonly name: string
    readonly labels: Readonly<Record<string, string>>
    readonly value: number
  }[]
}

const helpLine = /^# HELP ([a-zA-Z_:][a-zA-Z0-9_:]*) ((?:[^\\\n]|\\\\|\\n)*)$/
const typeLine = /^# TYPE ([a-zA-Z_:][a-zA-Z0-9_:]*) (counter|gauge|histogram|summary|untyped)$/
const sampleLine = /^([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\{(.*)\})? (\S+)$/
const labelPair = /^([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\\n]|\\\\|\\"|\\n)*)"(,|$)/
const number = /^(?:NaN|[+-]Inf|[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)$/

/** Families in order; every one has HELP, TYPE, then its samples and nothing between. */
export function readMetrics(text: string): readonly Family[] {
  if (!text.endsWith('\n')) throw new Error('the last line ends with a line feed')
  const families: Family[] = []
  const lines = text.slice(0, -1).split('\n')
  for (let at = 0; at < lines.length; ) {
    const help = helpLine.exec(lines[at])
    const type = typeLine.exec(lines[at + 1] ?? '')
    if (help === null || type === null || help[1] !== type[1]) throw new Error(`no family begins at: ${lines[at]}`)
    const family: Family = { name: help[1], type: type[2], help: plainText(help[2]), samples: [] }
    if (families.some(({ name }) => name === family.name)) throw new Error(`${family.name} begins twice`)
    families.push(family)
    for (at += 2; at < lines.length && !lines[at].startsWith('#'); at++) readSample(lines[at], family)
  }
  return families
}

function readSample(line: string, family: Family): void {
  const sample = sampleLine.exec(line)
  if (sample === null || !number.test(sample[3])) throw new Error(`not a sample: ${line}`)
  const suffix = sample[1].slice(family.name.length)
  const suffixes = family.type === 'histogram' ? ['_bucket', '_sum', '_count'] : ['']
  if (!sample[1].startsWith(family.name) || !suffixes.includes(suffix)) throw new Error(`a stranger: ${line}`)
  const labels: Record<string, string> = {}
  for (let rest = sample[2] ?? ''; rest !== ''; ) {
    const pair = labelPair.exec(rest)
    if (pair === null || labels[pair[1]] !== undefined) throw new Error(`not a label: ${rest}`)
    labels[pair[1]] = plainText(pair[2])
    rest = rest.slice(pair[0].length)
  }
  const value = sample[3].endsWith('Inf') ? Number(`${sample[3]}inity`) : Number(sample[3])
  family.samples.push({ name: sample[1], labels, value })
}

function plainText(text: string): string {
  return text.replace(/\\(.)/g, (_, escaped: string) => (escaped === 'n' ? '\n' : escaped))
}
