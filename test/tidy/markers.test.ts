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
/** What the context of a running test is called: only its `skip` switches something off (a cursor skips values). */
const contextWords = new Set(['context', 'ctx', 'task', 't'])
const neverWords = new Set(['only', 'todo', 'skip', 'fails'])
/** A conditional test says in its title what it needs, or brings the reason in. */
const conditionalTitle = /\$\{|\bneeds\b|\bskipped when\b/

/** Why this call switches a test off or singles one out without a reason, or undefined. */
function switchFault(node: ts.Node, tree: ts.SourceFile): string | undefined {
  if (!ts.isCallExpression(node)) return undefined
  if (ts.isCallExpression(node.expression)) return conditionalFault(node, node.expression, tree)
  if (!ts.isPropertyAccessExpression(node.expression) || !ts.isIdentifier(node.expression.expression)) return undefined
  const owner = node.expression.expression.text
  const word = node.expression.name.text
  if (testWords.has(owner) && neverWords.has(word)) return `${owner}.${word}: a test runs, or says why it cannot`
  const isSwitch = word === 'skip' && contextWords.has(owner)
  return isSwitch && node.arguments.length === 0 ? 'skip has a reason' : undefined
}

/** `describe.skipIf(condition)(title, ...)`. */
function conditionalFault(node: ts.CallExpression, inner: ts.CallExpression, tree: ts.SourceFile): string | undefined {
  if (!ts.isPropertyAccessExpression(inner.expression)) return undefined
  const word = inner.expression.name.text
  if (word !== 'skipIf' && word !== 'runIf') return undefined
  const title = node.arguments[0]?.getText(tree) ?? ''
  return conditionalTitle.test(title) ? undefined : `${word}: the title says 'needs ...' or 'skipped when ...'`
}

function switchesIn(module: SourceModule): string[] {
  if (!/\b(only|todo|skip|skipIf|runIf|fails)\(/.test(module.text)) return []
  const found: string[] = []
  module.visit((node) => {
    const fault = switchFault(node, module.tree)
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
  [`describe.${'skipIf'}(true)('x (needs g++)', () => {})`, 0],
  [`describe.${'runIf'}(true)(\`x \${why}\`, () => {})`, 0],
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
