/**
 * Thread entry of the forecasts, and the handle to it. Sleeps between its turns: what it has to say is used milliseconds
 * later, and on a small machine it must not take a core.
 */
import { isMainThread, Worker, workerData } from 'node:worker_threads'
import { ForecastDuty, type ForecastMemory } from '../latency/forecast-duty.ts'
import { MachineClock } from './machine-clock.ts'

const SLEEP_MS = 2

interface ForecastThreadData {
  readonly forecastMemory: ForecastMemory
  /** Not 0: the end. */
  readonly stop: SharedArrayBuffer
}

export class ForecastThread {
  readonly #stop = new Int32Array(new SharedArrayBuffer(4))
  readonly #worker: Worker

  /** `memory` is shared. An error in the thread ends the process, as one of the core would. */
  constructor(memory: ForecastMemory) {
    const data: ForecastThreadData = { forecastMemory: memory, stop: this.#stop.buffer as SharedArrayBuffer }
    this.#worker = new Worker(new URL('./forecast-thread.ts', import.meta.url), { name: 'forecast', workerData: data })
    this.#worker.on('error', (error) => {
      throw error
    })
    // Forecasts keep nobody alive.
    this.#worker.unref()
  }

  async close(): Promise<void> {
    Atomics.store(this.#stop, 0, 1)
    Atomics.notify(this.#stop, 0)
    await this.#worker.terminate()
  }
}

function run({ forecastMemory, stop }: ForecastThreadData): void {
  const word = new Int32Array(stop)
  const clock = new MachineClock()
  const duty = new ForecastDuty(forecastMemory, clock)
  while (Atomics.load(word, 0) === 0) {
    if (duty.work(clock.monoNs()) === 0) Atomics.wait(word, 0, 0, SLEEP_MS)
  }
}

if (!isMainThread && (workerData as Partial<ForecastThreadData> | null)?.forecastMemory !== undefined) {
  run(workerData as ForecastThreadData)
}
