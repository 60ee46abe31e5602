/** The house from outside: top level, names, lengths, front comments, and nothing that nobody reaches. */
import { expect, test } from 'vitest'
import {
  emptyNames,
  entryPoints,
  FILE_LINES_MAX,
  longFiles,
  README_LINES_MAX,
  topLevelAllowed,
  topLevelRequired,
} from './house-rules.ts'
import { filesBelow, modules, readText, topLevel } from './source-tree.ts'

const tops = ['hotpath', 'shared', 'models', 'test', 'edge', 'infra']

test('the top level is the house and nothing else', () => {
  const names = topLevel()
  expect(topLevelRequired.filter((name) => !names.includes(name))).toEqual([])
  const known = new Set([...topLevelRequired, ...topLevelAllowed])
  expect(names.filter((name) => !known.has(name) && !name.startsWith('.'))).toEqual([])
})

test('files are named in kebab-case, one noun each', () => {
  const isNamed = (path: string): boolean => {
    const name = path.slice(path.lastIndexOf('/') + 1)
    return name === 'README.md' || /^[a-z0-9]+(-[a-z0-9]+)*(\.[a-z]+)*\.[a-z0-9]+$/.test(name)
  }
  expect(filesBelow(...tops).filter((path) => !isNamed(path))).toEqual([])
})

test('no name says nothing', () => {
  const isEmpty = (path: string): boolean =>
    path
      .split('/')
      .flatMap((part) => part.split(/[-.]/))
      .some((word) => emptyNames.includes(word))
  expect(filesBelow(...tops).filter(isEmpty)).toEqual([])
})

test('files fit in the head', () => {
  const lengths = modules().map((module) => [module.path, module.text.split('\n').length - 1] as const)
  const long = lengths.filter(([path, lines]) => lines > FILE_LINES_MAX && longFiles[path] === undefined)
  expect(long).toEqual([])
  const short = Object.keys(longFiles).filter(
    (path) => !lengths.some(([at, lines]) => at === path && lines > FILE_LINES_MAX),
  )
  expect(short, 'an exception that is no longer needed').toEqual([])
})

test('every module opens by saying what it is for (a unit test mirrors one that does)', () => {
  const isSilent = (text: string): boolean => !text.split('\n').slice(0, 25).join('\n').includes('/**')
  expect(
    modules()
      .filter((module) => !module.path.startsWith('test/unit/') && isSilent(module.text))
      .map((module) => module.path),
  ).toEqual([])
})

test('every top folder has a one-screen README', () => {
  const present = topLevel().filter((name) => tops.includes(name))
  const faults = present.filter((folder) => {
    const files = filesBelow(folder)
    if (!files.includes(`${folder}/README.md`)) return true
    return readText(`${folder}/README.md`).trimEnd().split('\n').length > README_LINES_MAX
  })
  expect(faults).toEqual([])
})

/** 'journal-kill.test.ts' and 'journal.property.test.ts' look at one side of journal.ts. */
function mirrors(source: string, all: ReadonlySet<string>): boolean {
  const folder = source.slice(0, source.lastIndexOf('/') + 1)
  const words = source.slice(folder.length).split(/([-.])/)
  return words.some((_, at) => {
    const stem = folder + words.slice(0, at + 1).join('')
    return all.has(`${stem}.ts`) || all.has(`${stem}.js`)
  })
}

test('unit tests mirror the source', () => {
  const all = new Set(filesBelow(...tops))
  const tests = [...all].filter((path) => path.startsWith('test/unit/') && path.endsWith('.test.ts'))
  const sourceOf = (path: string): string => path.slice('test/unit/'.length).replace(/\.test\.ts$/, '')
  expect(tests.filter((path) => !mirrors(sourceOf(path), all))).toEqual([])
})

/** What the entry points reach by import, dynamic import and worker URL. */
function reached(): Set<string> {
  const byPath = new Map(modules().map((module) => [module.path, module]))
  const hosts = [...byPath.keys()].filter((path) => path.endsWith('-host.ts'))
  const seen = new Set<string>()
  const open = [...entryPoints, ...hosts]
  for (let path = open.pop(); path !== undefined; path = open.pop()) {
    if (seen.has(path)) continue
    seen.add(path)
    for (const entry of byPath.get(path)?.imports() ?? []) if (entry.path !== undefined) open.push(entry.path)
  }
  return seen
}

test('no entry point is missing', () => {
  const all = new Set(filesBelow(...tops))
  expect(entryPoints.filter((path) => !all.has(path))).toEqual([])
})

test('no dead files: an entry point reaches every module of the product', () => {
  const alive = reached()
  const product = modules().filter((module) => !module.path.startsWith('test/'))
  expect(product.map((module) => module.path).filter((path) => !alive.has(path))).toEqual([])
})

test('every import leads somewhere', () => {
  const all = new Set(filesBelow(...tops))
  const lost = modules().flatMap((module) =>
    module
      .imports()
      .filter((entry) => entry.path !== undefined && !all.has(entry.path) && !module.path.startsWith('test/tidy/'))
      .map((entry) => `${module.path} imports ${entry.specifier}`),
  )
  expect(lost).toEqual([])
})
