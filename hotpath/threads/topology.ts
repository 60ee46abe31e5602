/** Which duty runs on which thread, chosen from the cores there are, and said at start. */
import { availableParallelism } from 'node:os'

export interface Topology {
  readonly cores: number
  /** May the main thread spin? Only where the journal and the venues have a core of their own. */
  readonly spins: boolean
  /** A line each, for people. */
  readonly lines: readonly string[]
}

/** Gateway and core share the main thread (a handler takes about a microsecond); the disk has a sleeping worker. */
export function chooseTopology(wantsSpin: boolean, cores: number = availableParallelism()): Topology {
  const spins = wantsSpin && cores > 2
  const loop = spins ? 'spinning' : 'sleeping when idle'
  const refused = wantsSpin && !spins ? ` (asked to spin; ${cores} cores are too few)` : ''
  return {
    cores,
    spins,
    lines: [
      `main thread      gateway, core, venue link, books (${loop}${refused})`,
      'journal worker   copies the ring to disk, group fdatasync (sleeping)',
      'venue hosts      paper, emulated and ccxt venues run in processes of their own that outlive the router',
    ],
  }
}
