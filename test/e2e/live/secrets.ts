/** Looks for keys where none may be: every file of a state directory, and what was printed. */
import { readdirSync, readFileSync, statSync } from 'node:fs'
import path from 'node:path'

/** Files (and 'output') that hold one of the words; emulators.json may, when only its owner can read it. */
export function leaks(words: readonly string[], directory: string, output: string): string[] {
  const found = filesOf(directory).filter((file) => {
    const bytes = readFileSync(file)
    if (!words.some((word) => bytes.includes(word))) return false
    return path.basename(file) !== 'emulators.json' || (statSync(file).mode & 0o077) !== 0
  })
  return words.some((word) => output.includes(word)) ? [...found, 'output'] : found
}

function filesOf(directory: string): string[] {
  return readdirSync(directory, { withFileTypes: true }).flatMap((entry) => {
    const place = path.join(directory, entry.name)
    if (entry.isDirectory()) return filesOf(place)
    return entry.isFile() ? [place] : []
  })
}
