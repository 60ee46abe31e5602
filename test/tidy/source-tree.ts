/** The checkout as the tidy tests see it: files, their text, and what each module imports. */
import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, posix, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import ts from 'typescript'

export const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), '../..')

/** Names that .gitignore leaves out, and git's own folder. */
const ignored = new Set([
  '.git',
  ...readFileSync(join(ROOT, '.gitignore'), 'utf8')
    .split('\n')
    .map((line) => line.trim().replace(/^\/|\/$/g, ''))
    .filter((line) => line !== '' && !line.includes('*')),
])

function isIgnored(name: string): boolean {
  return ignored.has(name) || name.endsWith('.log')
}

/** Entries of the top level that would be committed. */
export function topLevel(): string[] {
  return readdirSync(ROOT)
    .filter((name) => !isIgnored(name))
    .sort()
}

/** Every file below the given top folders, as paths with forward slashes from the root, sorted. */
export function filesBelow(...folders: readonly string[]): string[] {
  const found: string[] = []
  const visit = (folder: string): void => {
    for (const entry of readdirSync(join(ROOT, folder), { withFileTypes: true })) {
      if (isIgnored(entry.name)) continue
      const path = `${folder}/${entry.name}`
      if (entry.isDirectory()) visit(path)
      else found.push(path)
    }
  }
  const present = new Set(topLevel())
  for (const folder of folders) if (present.has(folder)) visit(folder)
  return found.sort()
}

export function readText(path: string): string {
  return readFileSync(join(ROOT, path), 'utf8')
}

export interface ImportOf {
  /** As written: './clock.ts', 'node:fs', 'zod'. */
  readonly specifier: string
  /** From the root, for files of ours. */
  readonly path?: string
  readonly isTypeOnly: boolean
  /** Named by a URL: the entry of another thread or process, reached but not imported. */
  readonly isEntry?: true
}

/**
 * `import ... from 'x'`, `import 'x'` and `export ... from 'x'` at the beginning of a line. The formatter keeps them there,
 * and a pattern is ten times faster than a parse of every file.
 */
const staticImport = /^(?:import|export)\b(?:([^'"`;]*?)\bfrom )? ?'([^']+)'/gm
/** Only these have imports that are not statements: import(), require('x'), new URL('./x.ts', import.meta.url). */
const dynamicImport = /\bimport\(|require|new URL\(/i

/** One module and the questions the rules ask about it. Parsed when its syntax is asked for. */
export class SourceModule {
  readonly path: string
  readonly text: string
  #tree: ts.SourceFile | undefined

  constructor(path: string, text: string) {
    this.path = path
    this.text = text
  }

  get tree(): ts.SourceFile {
    this.#tree ??= ts.createSourceFile(this.path, this.text, ts.ScriptTarget.ESNext, true)
    return this.#tree
  }

  /** Static and dynamic imports, requires, re-exports, and modules named by `new URL('./x.ts', import.meta.url)` (workers). */
  imports(): ImportOf[] {
    const found: ImportOf[] = []
    for (const [, clause, specifier] of this.text.matchAll(staticImport)) {
      found.push(this.#resolve({ specifier, isTypeOnly: isTypeOnlyClause(clause ?? '') }))
    }
    if (!dynamicImport.test(this.text)) return found
    this.visit((node) => {
      const entry = dynamicImportOf(node, this.tree)
      if (entry !== undefined) found.push(this.#resolve(entry))
    })
    return found
  }

  #resolve(entry: ImportOf): ImportOf {
    if (!entry.specifier.startsWith('.')) return entry
    return { ...entry, path: posix.normalize(posix.join(posix.dirname(this.path), entry.specifier)) }
  }

  /** Every node, depth first. */
  visit(look: (node: ts.Node) => void): void {
    const walk = (node: ts.Node): void => {
      look(node)
      ts.forEachChild(node, walk)
    }
    walk(this.tree)
  }

  /** 'path:line' of a node, as editors open it. */
  placeOf(node: ts.Node): string {
    return `${this.path}:${this.tree.getLineAndCharacterOfPosition(node.getStart(this.tree)).line + 1}`
  }
}

/** ' type { A } ', ' { type A, type B } ': nothing of it is there at run time. */
function isTypeOnlyClause(clause: string): boolean {
  const text = clause.trim()
  if (/^type\b/.test(text)) return true
  const names =
    /^\{([^}]*)\}$/
      .exec(text)?.[1]
      .split(',')
      .filter((name) => name.trim() !== '') ?? []
  return names.length > 0 && names.every((name) => /^\s*type\s/.test(name))
}

function dynamicImportOf(node: ts.Node, tree: ts.SourceFile): ImportOf | undefined {
  if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument) && ts.isStringLiteral(node.argument.literal)) {
    return { specifier: node.argument.literal.text, isTypeOnly: true }
  }
  if (ts.isCallExpression(node)) {
    const entry = literalOf(node.arguments)
    if (entry === undefined) return undefined
    if (node.expression.kind === ts.SyntaxKind.ImportKeyword) return entry
    // createRequire(import.meta.url)('koffi'), require.resolve('ws'): packages that are found at run time.
    const isName = /^[a-z@][\w@/.-]*$/i.test(entry.specifier)
    return isName && /require|\.resolve$/i.test(node.expression.getText(tree)) ? entry : undefined
  }
  if (ts.isNewExpression(node) && ts.isIdentifier(node.expression) && node.expression.text === 'URL') {
    const entry = literalOf(node.arguments)
    if (entry === undefined || !/^\..*\.[jt]s$/.test(entry.specifier)) return undefined
    return { ...entry, isEntry: true }
  }
  return undefined
}

function literalOf(args: readonly ts.Expression[] | undefined): ImportOf | undefined {
  const first = args?.[0]
  return first !== undefined && ts.isStringLiteralLike(first) ? { specifier: first.text, isTypeOnly: false } : undefined
}

let parsed: readonly SourceModule[] | undefined

/** Every TypeScript and JavaScript module of the checkout, parsed once. */
export function modules(): readonly SourceModule[] {
  parsed ??= filesBelow('hotpath', 'shared', 'models', 'test', 'edge', 'infra')
    .filter((path) => /\.[jt]s$/.test(path))
    .map((path) => new SourceModule(path, readText(path)))
  return parsed
}

/** Package name of a bare specifier: 'a/b' is 'a', '@a/b/c' is '@a/b'; undefined for files and node: modules. */
export function packageOf(specifier: string): string | undefined {
  if (/^([./]|node:)/.test(specifier)) return undefined
  const parts = specifier.split('/')
  return specifier.startsWith('@') ? parts.slice(0, 2).join('/') : parts[0]
}
