/**
 * The core's thread, seen from the main thread: started with a heap of its own, stopped by a word. When it fails or ends by
 * itself the process does, loudly: what it knew is in the journal.
 */
import { setFlagsFromString } from 'node:v8'
import { Worker } from 'node:worker_threads'
import type { CoreMemory } from './core-memory.ts'
import type { CoreThreadData, CoreThreadMessage } from './core-thread-data.ts'

/**
 * Of each half of the young generation of threads started from now on. By default it begins at 1 MB and is collected
 * whenever that is full; the core's leftovers (at most 80 KB a second, see core-loop) fill this in half an hour.
 */
const SEMI_SPACE_MB = 128

export class CoreWorker {
  /** Rejects with what kept it from starting. */
  readonly up: Promise<Extract<CoreThreadMessage, { kind: 'up' }>>
  readonly #memory: CoreMemory
  readonly #end: Promise<void>

  constructor(memory: CoreMemory, workerData: CoreThreadData) {
    this.#memory = memory
    setFlagsFromString(`--min-semi-space-size=${SEMI_SPACE_MB}`)
    // V8 collects a heap that hardly grows, to give memory back: seen twice in five minutes, with nothing to collect.
    setFlagsFromString('--no-memory-reducer')
    const worker = new Worker(new URL('./core-thread.ts', import.meta.url), {
      name: 'core',
      workerData,
      resourceLimits: { maxYoungGenerationSizeMb: 3 * SEMI_SPACE_MB },
    })
    const up = Promise.withResolvers<Extract<CoreThreadMessage, { kind: 'up' }>>()
    const end = Promise.withResolvers<void>()
    let isUp = false
    let hasEnded = false
    worker.on('message', (message: CoreThreadMessage) => {
      if (message.kind === 'end') hasEnded = true
      else {
        isUp = true
        up.resolve(message)
      }
    })
    worker.once('error', (error) => {
      if (isUp) throw error
      up.reject(error)
    })
    worker.once('exit', () => {
      if (hasEnded) end.resolve()
      else if (isUp) throw new Error("the core's thread ended by itself")
    })
    this.up = up.promise
    this.#end = end.promise
  }

  /** Resolves when everything is written and the thread has ended; what it says meanwhile must be carried. */
  stop(): Promise<void> {
    Atomics.store(this.#memory.stop, 0, 1)
    this.#memory.coreBell.ring()
    return this.#end
  }
}
