/** The journal counts accounts by place: their order is kept beside it, and a start that would mix them up is refused. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'

/** New accounts come last; throws a line for people when one has moved, was renamed or is gone. */
export function keepAccountOrder(stateDirectory: string, accounts: readonly { readonly name: string }[]): void {
  const file = path.join(stateDirectory, 'accounts.json')
  const names = accounts.map(({ name }) => name)
  const moved = readNames(file).findIndex((name, place) => names[place] !== name)
  if (moved !== -1) {
    const name = readNames(file)[moved]
    throw new Error(
      `accounts: ${name} must stay number ${moved + 1}, its orders are kept by place; add new ones at the end`,
    )
  }
  mkdirSync(stateDirectory, { recursive: true, mode: 0o700 })
  writeFileSync(file, `${JSON.stringify(names)}\n`, { mode: 0o600 })
}

function readNames(file: string): readonly string[] {
  try {
    const names: unknown = JSON.parse(readFileSync(file, 'utf8'))
    return Array.isArray(names) ? names.map(String) : []
  } catch {
    return []
  }
}
