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
}

/** The syntax of one module and the questions the rules ask about it. */
export class SourceModule {
  readonly path: string
  readonly text: string
  readonly #tree: ts.SourceFile

  constructor(path: string, text: string) {
    this.path = path
    this.text = text
    this.#tree = ts.createSourceFile(path, text, ts.ScriptTarget.ESNext, true)
  }

  /** Static and dynamic imports, requires, re-exports, and modules named by `new URL('./x.ts', import.meta.url)` (workers). */
  imports(): ImportOf[] {
    const found: ImportOf[] = []
    this.visit((node) => {
      const entry = importOf(node)
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
    walk(this.#tree)
  }

  /** 'path:line' of a node, as editors open it. */
  placeOf(node: ts.Node): string {
    return `${this.path}:${this.#tree.getLineAndCharacterOfPosition(node.getStart(this.#tree)).line + 1}`
  }
}

function importOf(node: ts.Node): ImportOf | undefined {
  if (ts.isImportDeclaration(node) && ts.isStringLiteral(node.moduleSpecifier)) {
    return { specifier: node.moduleSpecifier.text, isTypeOnly: isTypeOnlyImport(node) }
  }
  if (ts.isExportDeclaration(node) && node.moduleSpecifier !== undefined && ts.isStringLiteral(node.moduleSpecifier)) {
    return { specifier: node.moduleSpecifier.text, isTypeOnly: node.isTypeOnly }
  }
  if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword)
    return literalOf(node.arguments)
  if (ts.isCallExpression(node) && /require|\.resolve$/i.test(node.expression.getText())) return requireOf(node)
  if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument) && ts.isStringLiteral(node.argument.literal)) {
    return { specifier: node.argument.literal.text, isTypeOnly: true }
  }
  if (ts.isNewExpression(node) && ts.isIdentifier(node.expression) && node.expression.text === 'URL') {
    const entry = literalOf(node.arguments)
    return entry?.specifier.startsWith('.') && /\.[jt]s$/.test(entry.specifier) ? entry : undefined
  }
  return undefined
}

/** `createRequire(import.meta.url)('koffi')` and `require.resolve('ws')`: packages that are found at run time. */
function requireOf(node: ts.CallExpression): ImportOf | undefined {
  const entry = literalOf(node.arguments)
  return entry !== undefined && /^[a-z@][\w@/.-]*$/i.test(entry.specifier) ? entry : undefined
}

function literalOf(args: readonly ts.Expression[] | undefined): ImportOf | undefined {
  const first = args?.[0]
  return first !== undefined && ts.isStringLiteralLike(first) ? { specifier: first.text, isTypeOnly: false } : undefined
}

function isTypeOnlyImport(node: ts.ImportDeclaration): boolean {
  const clause = node.importClause
  if (clause === undefined) return false
  if (clause.isTypeOnly) return true
  if (clause.name !== undefined || clause.namedBindings === undefined) return false
  if (!ts.isNamedImports(clause.namedBindings)) return false
  return (
    clause.namedBindings.elements.length > 0 && clause.namedBindings.elements.every((element) => element.isTypeOnly)
  )
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
  if (specifier.startsWith('.') || specifier.startsWith('node:')) return undefined
  const parts = specifier.split('/')
  return specifier.startsWith('@') ? parts.slice(0, 2).join('/') : parts[0]
}
