#!/usr/bin/env node
/**
 * Entry of `sor`, in plain JavaScript so that an old Node can read it: the router needs Node 24, which npm brings as a
 * package. An older Node hands over to that one, or says in one line what is missing.
 */
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const NODE_MAJOR_MIN = 24

/** The binary of the platform's node package, found as Node finds packages; undefined when npm did not install it. */
function packagedNode() {
  const system = process.platform === 'win32' ? 'win' : process.platform
  try {
    const manifest = createRequire(import.meta.url).resolve(`node-${system}-${process.arch}/package.json`)
    const binary = join(dirname(manifest), 'bin', process.platform === 'win32' ? 'node.exe' : 'node')
    return existsSync(binary) ? binary : undefined
  } catch {
    return undefined
  }
}

/** The same command under the other Node; it gets our terminal, our signals and gives us its exit code. */
function handOver(binary) {
  const child = spawn(binary, [fileURLToPath(import.meta.url), ...process.argv.slice(2)], { stdio: 'inherit' })
  // This process only waits for the other's answer. From a terminal Ctrl-C reaches both; the other one counts it once.
  for (const name of ['SIGINT', 'SIGTERM']) process.on(name, () => child.kill(name))
  child.on('error', (error) => {
    process.stderr.write(`sor: cannot start ${binary}: ${error.message}\n`)
    process.exitCode = 1
  })
  child.on('exit', (code, signal) => {
    process.exitCode = signal === null ? code : signal === 'SIGINT' ? 130 : 1
  })
}

if (Number(process.versions.node.split('.')[0]) >= NODE_MAJOR_MIN) {
  const { main } = await import('./sor.ts')
  await main()
} else {
  const binary = packagedNode()
  if (binary !== undefined) {
    handOver(binary)
  } else {
    const advice = `run npm ci (it brings Node ${NODE_MAJOR_MIN}), or install Node ${NODE_MAJOR_MIN}`
    process.stderr.write(`sor: needs Node ${NODE_MAJOR_MIN} or newer, this is ${process.version}: ${advice}\n`)
    process.exitCode = 1
  }
}
