/** The house rules as tables: who may import whom, which doors are open to whom and why. The tests beside read them. */

/** Inside hotpath a number imports smaller numbers. */
export const layers: Readonly<Record<string, number>> = {
  memory: 1,
  telemetry: 1,
  book: 2,
  orders: 2,
  plan: 2,
  latency: 3,
  features: 3,
  prediction: 3,
  scoring: 3,
  learning: 3,
  fees: 3,
  gas: 3,
  paths: 3,
  impact: 3,
  slippage: 3,
  dark: 3,
  tca: 3,
  risk: 4,
  splitting: 4,
  algos: 4,
  multileg: 4,
  gateway: 5,
  marketdata: 5,
  venues: 5,
  execution: 5,
  journal: 5,
  'edge-link': 5,
  client: 5,
  routing: 6,
  main: 7,
  threads: 7,
  cli: 7,
}

/** Rooms of one layer that may look at each other, because the domain reads that way. */
export const sameLayer: Readonly<Record<string, readonly string[]>> = {
  // tables: a candidate row names its book row
  plan: ['book'],
  // opinions
  prediction: ['features', 'scoring'],
  learning: ['prediction', 'scoring'],
  slippage: ['impact'],
  fees: ['gas', 'paths'],
  // the executor sends through the venues' contract and asks the journal's before it does
  execution: ['venues', 'journal'],
  marketdata: ['venues'],
  // composition
  main: ['threads'],
  cli: ['threads'],
}

/** Contracts that lower rooms may name as types: how a core, a plan and a cost look from outside. */
export const contractFiles: readonly string[] = [
  'hotpath/routing/order-core.ts',
  'hotpath/routing/plan-explanation.ts',
  'hotpath/tca/cost-report.ts',
  'hotpath/latency/latency-report.ts',
]

/** Folders (or files) that may import a package. A package that is not here needs a decision first. */
export const packageDoors: Readonly<Record<string, readonly string[]>> = {
  koffi: ['hotpath/memory/', 'hotpath/threads/'],
  'uWebSockets.js': ['hotpath/gateway/', 'test/'],
  ws: ['hotpath/gateway/', 'hotpath/venues/door/', 'hotpath/venues/emulator/', 'test/'],
  ccxt: ['hotpath/venues/ccxt/', 'test/'],
  'geographiclib-geodesic': ['hotpath/latency/'],
  'hdr-histogram-js': ['test/'],
  assemblyscript: ['test/'],
  // configuration, HTTP, and the files and greetings that paper venues and emulators are handed
  zod: [
    'shared/config/',
    'shared/api/',
    'hotpath/threads/client-file.ts',
    'hotpath/venues/paper/',
    'hotpath/venues/emulator/',
  ],
  vitest: ['test/', 'vitest.config.ts'],
  'fast-check': ['test/'],
  highs: ['test/'],
  'playwright-core': ['test/'],
  typescript: ['test/tidy/'],
}

export interface Door {
  /** A path that starts or ends like this: 'hotpath/cli/' or '-host.ts'. */
  readonly where: string
  readonly why: string
}

/** Who may read clocks, set timers and draw from the machine's chance. */
export const timeDoors: readonly Door[] = [
  { where: 'hotpath/threads/', why: 'the machine clock and the duty runner live here' },
  { where: 'hotpath/cli/', why: 'talks to a person in real time' },
  { where: 'hotpath/client/', why: 'reconnects and signs with the wall clock, also in browsers' },
  { where: 'hotpath/gateway/', why: 'heartbeats and time-outs of sockets' },
  { where: 'hotpath/main.ts', why: 'starts the threads and makes the first API key' },
  { where: '-host.ts', why: 'entry of a process of its own' },
  { where: '-link.ts', why: 'one end of a socket to another process' },
  { where: 'hotpath/venues/paper/paper-server.ts', why: 'takes the turns of the paper venues in their own process' },
  { where: 'hotpath/venues/emulator/emulator-server.ts', why: 'takes the turns of the emulators in their own process' },
  { where: 'models/evaluation/study.ts', why: 'a door for people: progress with the time to go' },
  { where: 'models/evaluation/latency-study.ts', why: 'a door for people: progress with the time to go' },
  { where: 'test/', why: 'measures and waits' },
]

/** Who may print. */
export const printDoors: readonly Door[] = [
  { where: 'hotpath/cli/', why: 'the command line' },
  { where: 'hotpath/main.ts', why: 'says where to connect' },
  { where: '-host.ts', why: 'entry of a process of its own' },
  { where: 'models/evaluation/study.ts', why: 'a door for people' },
  { where: 'models/evaluation/latency-study.ts', why: 'a door for people' },
  { where: 'calibration/derive.ts', why: 'a script for people: measures recordings, writes the calibration' },
  { where: 'test/run.ts', why: 'npm test' },
  { where: '/main.ts', why: 'bench, sim and vectors: doors for people' },
  { where: '-child.ts', why: 'child process of a test: answers on stdout' },
  { where: 'test/bench/', why: 'child processes of benches answer on stdout' },
]

export function isOpen(doors: readonly Door[], path: string): boolean {
  return doors.some((door) => path.startsWith(door.where) || path.endsWith(door.where))
}

/** Where a run starts: what none of these reaches is dead. */
export const entryPoints: readonly string[] = [
  'hotpath/main.ts',
  'hotpath/cli/sor.js',
  'hotpath/client/order-client.ts',
  'hotpath/venues/paper/market/calibration/derive.ts',
  'test/run.ts',
  'test/bench/main.ts',
  'test/simulation/main.ts',
  'test/vectors/main.ts',
  'test/frames/main.ts',
  'test/fuzz/main.ts',
  'models/evaluation/study.ts',
  'models/evaluation/latency-study.ts',
  'test/races/main.ts',
  'test/soak/main.ts',
  'test/kernels/main.ts',
]

export const FILE_LINES_MAX = 450
/** Longer files, each with its reason. */
export const longFiles: Readonly<Record<string, string>> = {}

export const README_LINES_MAX = 60

/** Words that say nothing as a file name. */
export const emptyNames: readonly string[] = [
  'utils',
  'util',
  'helpers',
  'helper',
  'common',
  'manager',
  'misc',
  'stuff',
]

/** The top level, exactly; the first group always, the rest when the work that fills it has come. */
export const topLevelRequired: readonly string[] = ['hotpath', 'shared', 'models', 'test', 'package.json', 'README.md']
export const topLevelAllowed: readonly string[] = [
  'edge',
  'infra',
  'sst.config.ts',
  'package-lock.json',
  'tsconfig.json',
  'tsconfig.client.json',
  'biome.json',
  'vitest.config.ts',
  'LICENSE',
]
