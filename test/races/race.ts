/** Runs one layout on real threads or processes and adds up what its participants found. */
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Worker } from 'node:worker_threads'
import { SHARED_MEMORY_DIRECTORY } from '../../hotpath/memory/mapped-region.ts'
import { ZeroCopyEngine } from '../../hotpath/memory/zero-copy-engine.ts'
import type { RaceLayout } from './race-layouts.ts'
import {
  CONTROL_BYTES,
  CONTROL_REGION,
  type Mistake,
  progressOf,
  type RaceAnswer,
  type RaceTask,
  startRace,
} from './race-task.ts'
import type { Faults } from './sequence-check.ts'

export interface RaceResult extends Faults {
  readonly layout: string
  readonly messages: number
  readonly seconds: number
  readonly messagesPerSecond: number
  readonly notes: readonly string[]
  /** What participants died of. */
  readonly errors: readonly string[]
}

export interface RaceOptions {
  readonly messages: number
  readonly mistake?: Mistake
  onProgress?(done: number): void
}

/** Pauses before a sleep: many where everybody has a core. */
const SPINS_MANY = 1_000
const SPINS_FEW = 400
const PROGRESS_MS = 200

export function isClean({ lost, torn, outOfOrder, errors }: RaceResult): boolean {
  return lost === 0 && torn === 0 && outOfOrder === 0 && errors.length === 0
}

let races = 0

/** Throws where memory between processes is wanted and this machine has none. */
export async function race(layout: RaceLayout, options: RaceOptions): Promise<RaceResult> {
  const { messages, mistake = 'none' } = options
  const path = join(SHARED_MEMORY_DIRECTORY, `sor-race-${process.pid}-${races++}`)
  const engine = layout.between === 'threads' ? new ZeroCopyEngine('threads') : new ZeroCopyEngine('processes', path)
  engine.claim(CONTROL_REGION, CONTROL_BYTES, 'everybody')
  layout.claim(engine)
  engine.seal()
  layout.format(engine, messages)
  const spins = layout.roles.length <= availableParallelism() ? SPINS_MANY : SPINS_FEW
  const participants = layout.roles.map((role, seat) => {
    const { producers, batch } = layout
    const task: RaceTask = { role, layout: engine.layout(), seat, producers, messages, batch, spins, mistake }
    return layout.between === 'threads' ? startThread(task) : startProcess(task)
  })
  try {
    await Promise.all(participants.map((one) => one.ready))
    const answers = Promise.all(participants.map((one) => one.answer))
    const startMs = performance.now()
    startRace(engine)
    const timer = setInterval(() => options.onProgress?.(mostDone(engine, layout)), PROGRESS_MS)
    try {
      return sumUp(layout, messages, await answers, (performance.now() - startMs) / 1_000)
    } finally {
      clearInterval(timer)
    }
  } finally {
    for (const one of participants) one.stop()
    engine.close({ isOwner: true })
  }
}

function mostDone(engine: ZeroCopyEngine, layout: RaceLayout): number {
  return Math.max(...layout.roles.map((_, seat) => progressOf(engine, seat)))
}

function sumUp(layout: RaceLayout, messages: number, answers: readonly RaceAnswer[], seconds: number): RaceResult {
  const sum = (key: keyof Faults): number => answers.reduce((total, answer) => total + answer[key], 0)
  return {
    layout: layout.name,
    messages,
    lost: sum('lost'),
    torn: sum('torn'),
    outOfOrder: sum('outOfOrder'),
    seconds,
    messagesPerSecond: messages / seconds,
    notes: answers.flatMap((answer) => answer.note ?? []),
    errors: answers.flatMap((answer) => answer.error ?? []),
  }
}

interface Participant {
  readonly ready: Promise<unknown>
  readonly answer: Promise<RaceAnswer>
  stop(): void
}

const ENTRY = new URL('./race-thread.ts', import.meta.url)

function startThread(task: RaceTask): Participant {
  const worker = new Worker(ENTRY, { workerData: task })
  return { ...listen(worker, 'exit'), stop: () => void worker.terminate() }
}

function startProcess(task: RaceTask): Participant {
  const child = fork(fileURLToPath(ENTRY), { execArgv: [] })
  child.send(task)
  return { ...listen(child, 'close'), stop: () => void child.kill('SIGKILL') }
}

/** 'ready', then the answer; one that ends before it has answered is a fault. */
function listen(source: Worker | ReturnType<typeof fork>, ending: string): Omit<Participant, 'stop'> {
  const emitter = source as NodeJS.EventEmitter
  const died = { received: 0, lost: 0, torn: 0, outOfOrder: 0, error: 'a participant ended without an answer' }
  const ended = once(emitter, ending).then((): RaceAnswer => died)
  const answer = new Promise<RaceAnswer>((resolve) => {
    emitter.on('message', (message: 'ready' | RaceAnswer) => {
      if (message !== 'ready') resolve(message)
    })
  })
  return { ready: Promise.race([once(emitter, 'message'), ended]), answer: Promise.race([answer, ended]) }
}
