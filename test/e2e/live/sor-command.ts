/** `sor` as a user runs it, against one state directory. */
import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const SOR = fileURLToPath(new URL('../../../hotpath/cli/sor.js', import.meta.url))

export interface SorEnded {
  readonly code: number | null
  readonly out: string
  readonly err: string
}

export function sor(line: string, stateDirectory?: string): Promise<SorEnded> {
  const state = stateDirectory === undefined ? [] : ['--state', stateDirectory]
  const child = spawn(process.execPath, [SOR, ...line.split(' '), ...state], { stdio: ['ignore', 'pipe', 'pipe'] })
  const text = { out: '', err: '' }
  child.stdout.on('data', (chunk) => {
    text.out += chunk
  })
  child.stderr.on('data', (chunk) => {
    text.err += chunk
  })
  return new Promise((resolve) => child.on('close', (code) => resolve({ code, ...text })))
}

/** The JSON it prints, or its complaint. */
export async function sorJson<T>(line: string, stateDirectory?: string): Promise<T> {
  const { code, out, err } = await sor(`${line} --json`, stateDirectory)
  if (code !== 0) throw new Error(`sor ${line}: exit ${code}\n${out}\n${err}`)
  return JSON.parse(out) as T
}
