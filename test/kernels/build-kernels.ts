/**
 * Compiles the AssemblyScript sources of hotpath/memory/kernels to WebAssembly, in memory. They are called .as on disk so
 * that nobody takes them for TypeScript; the compiler knows only .ts. Same compiler version, same bytes.
 */
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import asc from 'assemblyscript/asc'

const FOLDER = new URL('../../hotpath/memory/kernels/', import.meta.url)
export const KERNELS_FILE = fileURLToPath(new URL('kernels.wasm', FOLDER))

const options = ['-O3', '--noAssert', '--runtime', 'stub', '--importMemory', '--enable', 'simd']

/** The bytes of kernels.wasm. Throws what the compiler says. About a second. */
export async function buildKernels(): Promise<Uint8Array> {
  let built: Uint8Array | undefined
  const { error, stderr } = await asc.main(['kernels.ts', ...options, '--outFile', 'kernels.wasm'], {
    readFile: (name) => sourceOf(name),
    writeFile: (_name, contents) => {
      if (typeof contents !== 'string') built = contents
    },
    listFiles: () => [],
  })
  if (error !== null) throw new Error(`${error.message}\n${stderr.toString()}`)
  if (built === undefined) throw new Error('the compiler wrote nothing')
  return built
}

function sourceOf(name: string): string | null {
  if (!/^[a-z-]+\.ts$/.test(name)) return null
  try {
    return readFileSync(new URL(name.replace(/\.ts$/, '.as'), FOLDER), 'utf8')
  } catch {
    return null
  }
}
