/** Time, chance and printing come in through doors that are listed in one place. */
import ts from 'typescript'
import { expect, test } from 'vitest'
import { type Door, isOpen, printDoors, timeDoors } from './house-rules.ts'
import { modules, SourceModule } from './source-tree.ts'

const clockMembers = new Set([
  'Date.now',
  'performance.now',
  'performance.timeOrigin',
  'process.hrtime',
  'Math.random',
  'crypto.randomUUID',
  'crypto.getRandomValues',
])
const clockNames = new Set(['setTimeout', 'setInterval', 'randomBytes', 'randomUUID', 'randomInt'])
const printMembers = new Set(['process.stdout', 'process.stderr'])

/** A call or a `new` counts, a name in a type or a comment does not. */
function usesTime(node: ts.Node): boolean {
  if (ts.isPropertyAccessExpression(node)) return clockMembers.has(memberOf(node))
  if (ts.isNewExpression(node)) {
    const isDate = ts.isIdentifier(node.expression) && node.expression.text === 'Date'
    return isDate && (node.arguments ?? []).length === 0
  }
  return ts.isCallExpression(node) && ts.isIdentifier(node.expression) && clockNames.has(node.expression.text)
}

function prints(node: ts.Node): boolean {
  if (!ts.isPropertyAccessExpression(node)) return false
  const isConsole = ts.isIdentifier(node.expression) && node.expression.text === 'console'
  return isConsole || printMembers.has(memberOf(node))
}

function memberOf(node: ts.PropertyAccessExpression): string {
  return ts.isIdentifier(node.expression) ? `${node.expression.text}.${node.name.text}` : ''
}

/** Words without which a module has nothing to find: most are not parsed at all. */
const hints = /\bDate\b|performance|hrtime|[rR]andom|set(Timeout|Interval)|console|process\.std/

function placesOf(module: SourceModule, isFound: (node: ts.Node) => boolean): string[] {
  if (!hints.test(module.text)) return []
  const places: string[] = []
  module.visit((node) => {
    if (isFound(node)) places.push(`${module.placeOf(node)} ${node.getText(module.tree).slice(0, 40)}`)
  })
  return places
}

function outside(doors: readonly Door[], isFound: (node: ts.Node) => boolean): string[] {
  return modules()
    .filter((module) => !isOpen(doors, module.path))
    .flatMap((module) => placesOf(module, isFound))
}

test.each([
  ['Date.now()', 1],
  ['new Date()', 1],
  ['new Date(1_000)', 0],
  ['performance.now()', 1],
  ['process.hrtime.bigint()', 1],
  ['Math.random()', 1],
  ['setTimeout(() => {}, 1)', 1],
  ['// Date.now()', 0],
  ["'Math.random()'", 0],
  ['clock.monoNs()', 0],
])('the rule finds time and chance in %s', (text, count) => {
  expect(placesOf(new SourceModule('hotpath/book/x.ts', text), usesTime)).toHaveLength(count)
})

test('clocks, timers and chance are used at their doors only', () => {
  expect(outside(timeDoors, usesTime)).toEqual([])
})

test.each([
  ["console.log('x')", 1],
  ["process.stdout.write('x')", 1],
  ['terminal.line()', 0],
])('the rule finds printing in %s', (text, count) => {
  expect(placesOf(new SourceModule('hotpath/book/x.ts', text), prints)).toHaveLength(count)
})

test('only the command line and the entry points print', () => {
  expect(outside(printDoors, prints)).toEqual([])
})

test('every door is used by somebody, or it is shut', () => {
  const unused = [...timeDoors, ...printDoors].filter((door) => {
    const isFound = timeDoors.includes(door) ? usesTime : prints
    return !modules().some((module) => isOpen([door], module.path) && placesOf(module, isFound).length > 0)
  })
  expect(unused).toEqual([])
})
