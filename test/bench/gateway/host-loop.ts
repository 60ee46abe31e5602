/**
 * How the loop of a measured server runs, as the bench asks by message while it goes: spinning (never sleeps), sleeping
 * (as the product does), or paused (takes no turns), so that on two cores only the server being measured is busy.
 */
import { DutyRunner } from '../../../hotpath/threads/duty-runner.ts'
import { MachineClock } from '../../../hotpath/threads/machine-clock.ts'
import type { Duty } from '../../../shared/duty.ts'
import type { ServerDoor } from './bench-server.ts'

export type LoopMode = 'spinning' | 'sleeping' | 'paused'

/** Tells the bench where the server is, obeys it, and ends with it. */
export function serveBench(door: ServerDoor, duties: readonly Duty[], onEnd: () => void = () => undefined): void {
  const clock = new MachineClock()
  let runner: DutyRunner | undefined
  process.on('message', (mode: LoopMode) => {
    runner?.stop()
    runner = undefined
    if (mode !== 'paused') {
      runner = new DutyRunner(duties, clock, { spins: mode === 'spinning' })
      runner.start()
    }
    process.send?.('changed')
  })
  process.on('disconnect', () => {
    onEnd()
    process.exit(0)
  })
  process.send?.(door)
}
