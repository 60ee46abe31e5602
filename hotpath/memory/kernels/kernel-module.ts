/** kernels.wasm, compiled once a thread; each user gets an instance over memory of its own. */
import { readFileSync } from 'node:fs'

export type KernelKind = 'wasm simd' | 'typescript'

/** As the .as files beside say; every `at` is a byte address, multiple of 16. */
export interface KernelExports {
  mlpHead(
    batch: number,
    inputs: number,
    hidden: number,
    outputs: number,
    x: number,
    w1: number,
    b1: number,
    w2: number,
    b2: number,
    middle: number,
    y: number,
  ): void
  venueCost(
    venues: number,
    levels: number,
    wanted: number,
    prices: number,
    lots: number,
    factors: number,
    fixed: number,
    notionals: number,
    costs: number,
    missing: number,
  ): void
}

const PAGE_BYTES = 65_536
const ALIGNMENT = 16

/** What we use of the engine's WebAssembly: its types come with those of browsers, which are not ours. */
interface WebAssemblyEngine {
  readonly Module: new (bytes: Uint8Array) => object
  readonly Memory: new (size: { initial: number }) => { readonly buffer: ArrayBuffer }
  readonly Instance: new (module: object, imports: object) => { readonly exports: object }
}

interface Loaded {
  readonly engine: WebAssemblyEngine
  readonly module: object
}

let loaded: Loaded | undefined | 'missing'

/** The compiled file; undefined where the file or WebAssembly SIMD is missing. */
function loadKernels(): Loaded | undefined {
  if (loaded === undefined) {
    try {
      const engine = (globalThis as unknown as { WebAssembly: WebAssemblyEngine }).WebAssembly
      loaded = { engine, module: new engine.Module(readFileSync(new URL('./kernels.wasm', import.meta.url))) }
    } catch {
      loaded = 'missing'
    }
  }
  return loaded === 'missing' ? undefined : loaded
}

export function hasKernels(): boolean {
  return loadKernels() !== undefined
}

/**
 * Arrays laid out one after the other in one buffer, and the kernels over it where asked for and there. Opened at start,
 * a few of them: the engine sets some GiB of addresses (not of memory) apart for each.
 */
export class KernelMemory {
  readonly kernels: KernelExports | undefined
  readonly #buffer: ArrayBuffer
  #used = 0

  /** `bytes`: the sum over the arrays of what `alignedBytes` says. */
  constructor(bytes: number, wish: KernelKind) {
    const opened = wish === 'wasm simd' ? openKernels(bytes) : undefined
    this.kernels = opened?.kernels
    this.#buffer = opened?.buffer ?? new ArrayBuffer(bytes)
  }

  floats(count: number): Float32Array {
    return new Float32Array(this.#buffer, this.#take(count * 4), count)
  }

  doubles(count: number): Float64Array {
    return new Float64Array(this.#buffer, this.#take(count * 8), count)
  }

  #take(bytes: number): number {
    const at = this.#used
    this.#used += alignedBytes(bytes)
    return at
  }
}

/** undefined where kernels are missing, or addresses (ulimit -v). */
function openKernels(bytes: number): { readonly kernels: KernelExports; readonly buffer: ArrayBuffer } | undefined {
  const found = loadKernels()
  if (found === undefined) return undefined
  const { engine, module } = found
  try {
    const memory = new engine.Memory({ initial: Math.max(1, Math.ceil(bytes / PAGE_BYTES)) })
    const { exports } = new engine.Instance(module, { env: { memory } })
    return { kernels: exports as KernelExports, buffer: memory.buffer }
  } catch {
    return undefined
  }
}

export function alignedBytes(bytes: number): number {
  return Math.ceil(bytes / ALIGNMENT) * ALIGNMENT
}
