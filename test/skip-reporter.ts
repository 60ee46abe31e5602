/** Vitest reporter: writes every skipped test with its reason to the file named by SOR_SKIPS, for test/run.ts. */
import { writeFileSync } from 'node:fs'
import type { Reporter, TestModule } from 'vitest/node'

export interface SkippedTest {
  readonly name: string
  /** Empty when the test gave none. */
  readonly reason: string
}

/** A suite that is skipped whole has no note; its title says why: '... (skipped: no data)', '... (needs g++)'. */
const reasonInTitle = /\((skipped\b[^)]*|needs\b[^)]*)\)|\b((?:needs|skipped when)\b[^>]*)/

export function reasonOf(note: string | undefined, title: string): string {
  if (note !== undefined && note !== '') return note
  const match = reasonInTitle.exec(title)
  return (match?.[1] ?? match?.[2] ?? '').trim()
}

class SkipReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const path = process.env['SOR_SKIPS']
    if (path === undefined) return
    const skipped: SkippedTest[] = []
    for (const module of modules) {
      for (const test of module.children.allTests('skipped')) {
        const result = test.result()
        const note = result.state === 'skipped' ? result.note : undefined
        skipped.push({ name: `${module.relativeModuleId} > ${test.fullName}`, reason: reasonOf(note, test.fullName) })
      }
    }
    writeFileSync(path, JSON.stringify(skipped))
  }
}

// Vitest loads a reporter named by its path from the default export.
export default SkipReporter
