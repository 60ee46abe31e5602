/** Nothing is left over: no open ends, no tests switched off without a reason, no types switched off, no paths of one machine. */
import ts from 'typescript'
import { expect, test } from 'vitest'
import { filesBelow, modules, readText, SourceModule, topLevel } from './source-tree.ts'

/** Patterns are put together from pieces so that this file does not find itself. */
const leftovers: readonly [string, RegExp][] = [
  ['an open end', new RegExp(`\\b(${['TO' + 'DO', 'FIX' + 'ME', 'X' + 'XX', 'HA' + 'CK'].join('|')})\\b`)],
  ['an open end', new RegExp(`not ${'implemented'}|not yet ${'implemented'}`, 'i')],
  ['a type switched off', new RegExp(`\\bas ${'any'}\\b|@ts-${'ignore'}|@ts-${'nocheck'}`)],
  ['a path of one machine', new RegExp(`(^|[^\\w./-])/(${['home', 'root', 'work', 'Users'].join('|')})/\\w`)],
]

function leftoversIn(path: string, text: string): string[] {
  const found: string[] = []
  for (const [index, line] of text.split('\n').entries()) {
    for (const [what, pattern] of leftovers)
      if (pattern.test(line)) found.push(`${path}:${index + 1} ${what}: ${line.trim()}`)
  }
  return found
}

const testWords = new Set(['test', 'it', 'describe', 'suite', 'bench'])

/** Why this call switches a test off or singles one out without a reason, or undefined. */
function switchFault(node: ts.Node): string | undefined {
  if (!ts.isCallExpression(node) || !ts.isPropertyAccessExpression(node.expression)) return undefined
  const word = node.expression.name.text
  const owner = node.expression.expression
  const isOfTest = ts.isIdentifier(owner) && testWords.has(owner.text)
  if (isOfTest && ['only', 'todo', 'skip', 'skipIf', 'runIf', 'fails'].includes(word)) {
    return `${owner.getText()}.${word}: use context.skip(condition, 'reason') inside the test`
  }
  if (word !== 'skip' || !ts.isIdentifier(owner)) return undefined
  return node.arguments.length === 0 ? 'skip has a reason' : undefined
}

function switchesIn(module: SourceModule): string[] {
  const found: string[] = []
  module.visit((node) => {
    const fault = switchFault(node)
    if (fault !== undefined) found.push(`${module.placeOf(node)} ${fault}`)
  })
  return found
}

test('the patterns find what they are for', () => {
  expect(leftoversIn('x.ts', `// TO${'DO'}: later`)).toHaveLength(1)
  expect(leftoversIn('x.ts', `throw new Error('not ${'implemented'}')`)).toHaveLength(1)
  expect(leftoversIn('x.ts', `const x = y as ${'any'}`)).toHaveLength(1)
  expect(leftoversIn('x.ts', `const x = '/${'home'}/somebody/x'`)).toHaveLength(1)
  expect(leftoversIn('x.ts', "import x from '../work/x.ts' // see shared/root/x")).toHaveLength(0)
})

test.each([
  [`test.${'only'}('x', () => {})`, 1],
  [`test.${'skip'}('x', () => {})`, 1],
  [`describe.${'skipIf'}(true)('x', () => {})`, 1],
  ['context.skip()', 1],
  ["context.skip('no g++ here')", 0],
  ["context.skip(!hasData, 'SOR_DATA is absent')", 0],
])('the rule judges %s', (text, count) => {
  expect(switchesIn(new SourceModule('test/x.test.ts', text))).toHaveLength(count)
})

test('no leftovers in code, scripts and pages', () => {
  const pages = topLevel().filter((name) => /\.(md|json|ts)$/.test(name) && name !== 'package-lock.json')
  const files = [...filesBelow('hotpath', 'shared', 'models', 'test', 'edge', 'infra', '.ci'), ...pages].filter(
    (path) => /(\.(ts|js|md|json|txt|html|css|cpp|sh)|\.ci\/\w+)$/.test(path),
  )
  expect(files.length).toBeGreaterThan(20)
  expect(files.flatMap((path) => leftoversIn(path, readText(path)))).toEqual([])
})

test('no test is switched off or singled out', () => {
  expect(modules().flatMap(switchesIn)).toEqual([])
})
