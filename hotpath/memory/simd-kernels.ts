/**
 * Which of two twins works on this machine, found out at start: both get the same inputs, must give the same bits, and
 * the faster one is kept.
 */
import type { Clock } from '../../shared/clock.ts'
import { Prng } from '../../shared/prng.ts'
import type { KernelKind } from './kernels/kernel-module.ts'
import { type MlpHead, openMlpHead } from './mlp-head.ts'
import { openVenueCost, type VenueCost } from './venue-cost.ts'

export interface KernelChoice {
  readonly name: string
  /** What to open it with. */
  readonly kind: KernelKind
  readonly typescriptNs: number
  /** 0 where there is none. */
  readonly wasmNs: number
  /** How many times faster WebAssembly is; 0 where there is none. */
  readonly ratio: number
  /** False is a fault of the engine, and TypeScript is kept. */
  readonly isEqual: boolean
}

export interface KernelChoices {
  readonly mlpHead: KernelChoice
  readonly venueCost: KernelChoice
}

/** The loads that runtime.md's figures are about: 32 rows of 16-64-1, and 32 books of 20 levels. */
const mlpShape = { batch: 32, inputs: 16, hidden: 64, outputs: 1 }
const costSize = { venues: 32, levels: 20 }
const ROUNDS = 12

/** One of the two ways to do the same. */
interface Twin {
  /** What was opened: TypeScript where the other one is missing. */
  readonly kind: KernelKind
  run(): void
  answer(): readonly (Float32Array | Float64Array)[]
}

/** 20 to 30 ms in a process just started, 4 when everything is compiled. */
export function chooseKernels(clock: Clock): KernelChoices {
  return {
    mlpHead: choose(clock, 'mlp head', 4, mlpTwin),
    venueCost: choose(clock, 'venue cost', 100, costTwin),
  }
}

/** 'mlp head wasm simd (11.2 times typescript), venue cost wasm simd (3.8 times typescript)'. */
export function kernelText({ mlpHead, venueCost }: KernelChoices): string {
  return [mlpHead, venueCost].map((choice) => `${choice.name} ${choice.kind} (${reasonOf(choice)})`).join(', ')
}

function reasonOf({ kind, ratio, isEqual }: KernelChoice): string {
  if (ratio === 0) return 'no WebAssembly SIMD here'
  if (!isEqual) return 'WebAssembly gave other bits'
  return kind === 'wasm simd'
    ? `${ratio.toFixed(1)} times typescript`
    : `WebAssembly is ${ratio.toFixed(1)} times as fast`
}

function choose(clock: Clock, name: string, calls: number, open: (kind: KernelKind) => Twin): KernelChoice {
  const typescript = open('typescript')
  const wasm = open('wasm simd')
  if (wasm.kind !== 'wasm simd') {
    const typescriptNs = time(clock, [typescript], calls)[0]
    return { name, kind: 'typescript', typescriptNs, wasmNs: 0, ratio: 0, isEqual: true }
  }
  const [typescriptNs, wasmNs] = time(clock, [typescript, wasm], calls)
  const isEqual = equalBits(typescript.answer(), wasm.answer())
  const kind = isEqual && wasmNs < typescriptNs ? 'wasm simd' : 'typescript'
  // A clock too coarse for the work says 0: then nothing is known, and nothing is divided.
  const ratio = wasmNs > 0 ? typescriptNs / wasmNs : 1
  return { name, kind, typescriptNs, wasmNs, ratio, isEqual }
}

/** Nanoseconds a call of each, the quietest of some rounds in turn. */
function time(clock: Clock, twins: readonly Twin[], calls: number): number[] {
  const best = twins.map(() => Number.POSITIVE_INFINITY)
  for (let round = 0; round < ROUNDS; round++) {
    for (const [at, twin] of twins.entries()) {
      const startNs = clock.monoNs()
      for (let call = 0; call < calls; call++) twin.run()
      best[at] = Math.min(best[at], (clock.monoNs() - startNs) / calls)
    }
  }
  return best
}

/** Every byte the same. */
export function equalBits(one: readonly ArrayBufferView[], two: readonly ArrayBufferView[]): boolean {
  return one.every((view, at) => Buffer.from(bytesOf(view)).equals(bytesOf(two[at])))
}

function bytesOf(view: ArrayBufferView): Uint8Array {
  return new Uint8Array(view.buffer, view.byteOffset, view.byteLength)
}

function mlpTwin(kind: KernelKind): Twin {
  const head: MlpHead = openMlpHead(mlpShape, kind)
  const { inputs, hidden, outputs } = mlpShape
  const prng = new Prng(1)
  const draw = (count: number) => Float32Array.from({ length: count }, () => prng.nextFloat() * 2 - 1)
  head.load(draw(hidden * inputs), draw(hidden), draw(outputs * hidden), draw(outputs))
  head.inputs.set(draw(head.inputs.length))
  return { kind: head.kind, run: () => head.run(), answer: () => [head.outputs] }
}

const LEVEL_LOTS = 1_000

function costTwin(kind: KernelKind): Twin {
  const block: VenueCost = openVenueCost(costSize, kind)
  const prng = new Prng(2)
  for (let venue = 0; venue < costSize.venues; venue++) {
    let price = prng.nextBetween(100_000, 100_100)
    block.factors[venue] = 1 + prng.nextBetween(-100, 2_600) / 1e6
    for (let level = 0; level < costSize.levels; level++) {
      block.prices[level * block.stride + venue] = price
      block.lots[level * block.stride + venue] = prng.nextBetween(1, 2 * LEVEL_LOTS)
      price += prng.nextBetween(1, 10)
    }
  }
  // Half way down the books: some venues fill the order, some do not.
  const lots = (costSize.levels * LEVEL_LOTS) / 2
  return {
    kind: block.kind,
    run: () => block.price(lots),
    answer: () => [block.notionals, block.costs, block.missing],
  }
}
