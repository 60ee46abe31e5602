/** Starts a program of this machine and brings what it printed: the way of `hotpath/latency/hop-probe` to the network. */
import { execFile } from 'node:child_process'

const OUTPUT_BYTES_MAX = 1_048_576

/** What it printed before it ended or its time was up; undefined when it is not here or may not run. No shell is involved. */
export function runProgram(program: string, words: readonly string[], timeoutMs: number): Promise<string | undefined> {
  return new Promise((resolve) => {
    execFile(program, words, { timeout: timeoutMs, maxBuffer: OUTPUT_BYTES_MAX }, (error, output) => {
      const isMissing = error !== null && typeof error.code === 'string'
      resolve(isMissing && output === '' ? undefined : output)
    })
  })
}
