/** Twins of the hot path in C++, compiled where they are needed: what a native router would pay. */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export interface NativeTwin {
  readonly path: string
  remove(): void
}

/** The compiled twin, or why there is none. */
export function compileTwin(source: string): NativeTwin | string {
  const directory = mkdtempSync(join(tmpdir(), 'twin-'))
  const remove = () => rmSync(directory, { recursive: true, force: true })
  const path = join(directory, 'twin')
  const made = spawnSync('g++', ['-O3', '-march=native', '-std=c++17', '-o', path, source], { encoding: 'utf8' })
  if (made.status === 0) return { path, remove }
  remove()
  return made.error === undefined
    ? `g++ failed: ${made.stderr.slice(0, 200)}`
    : 'no g++ here: the ratio was not measured'
}
