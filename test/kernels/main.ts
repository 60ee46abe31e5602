/**
 * `npm run kernels`: compiles the SIMD kernels and writes hotpath/memory/kernels/kernels.wasm.
 * `npm run kernels -- --check`: compares instead, and exits 1 when the committed file is not what the sources give.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { buildKernels, KERNELS_FILE } from './build-kernels.ts'

const { values } = parseArgs({ options: { check: { type: 'boolean', default: false } } })
const built = await buildKernels()
if (values.check) {
  const isSame = readFileSync(KERNELS_FILE).equals(built)
  console.log(isSame ? 'kernels.wasm is what its sources give' : 'kernels.wasm is old: run npm run kernels')
  process.exitCode = isSame ? 0 : 1
} else {
  writeFileSync(KERNELS_FILE, built)
  console.log(`kernels.wasm: ${built.length} bytes`)
}
