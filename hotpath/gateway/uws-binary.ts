/**
 * Finds, checks and loads the uWebSockets.js addon. npm only has a republished copy, so a binary is loaded when its
 * sha256 is in the list below and not otherwise; where the C library is too old for it (2.36 and 2.37), a copy that
 * asks for the old names is made in a folder of our own. To use an official release, point the package at it and put
 * its hash in the list.
 */

import type { TemplatedApp, us_listen_socket, us_socket } from 'uWebSockets.js'
import { createHash, randomBytes } from 'node:crypto'
import { lstat, mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { homedir, tmpdir } from 'node:os'
import path from 'node:path'
import { relocateToOldLibrary } from './elf-symbols.ts'

/** What we use of the addon. */
export interface Uws {
  App(): TemplatedApp
  us_socket_local_port(socket: us_socket): number
  us_listen_socket_close(socket: us_listen_socket): void
  LIBUS_LISTEN_EXCLUSIVE_PORT: number
}

export type UwsName = 'native uWebSockets.js' | 'uWebSockets.js, relocated copy'
export type UwsLoad =
  | { readonly ok: true; readonly uws: Uws; readonly name: UwsName; readonly note: string }
  | { readonly ok: false; readonly why: string }

/** Of v20.57.0, Node 24 (ABI 137). */
export const uwsSha256: Readonly<Record<string, string>> = {
  'uws_linux_x64_137.node': '98128405dba2fb608448e921a979530f70c946a2cc9889c15f2fa70c2d00ab05',
  'uws_linux_arm64_137.node': '88618b30ddf6b2b62310db89f40a701616676352aac5e0f6184dd8ef876199ce',
  'uws_darwin_x64_137.node': '98fd7e9456e2d37d3262b05b053d673830927f91c63c0c2ae73bde8d19eef293',
  'uws_darwin_arm64_137.node': '2187391c702fa7ad3bf685eff7712c15cf24fa7cf324a131dfcbae3fd0f20a9a',
  'uws_win32_x64_137.node': '84ae72d2149e6ffa2a44063344073599027b1ce8bffaab3957903f966b0c6bb9',
}

/** The addon wants this version of the C library; one minor version less and a copy with old names does. */
const GLIBC_NEEDED = 38
const GLIBC_RELOCATED = 36

export async function loadUws(): Promise<UwsLoad> {
  const file = `uws_${process.platform}_${process.arch}_${process.versions.modules}.node`
  const expected = uwsSha256[file]
  if (expected === undefined) return { ok: false, why: `there is no checked binary for ${file}` }
  const source = findBinary(file)
  if (source === undefined) return { ok: false, why: 'the package uWebSockets.js is not installed' }
  const bytes = await readFile(source)
  const sha256 = createHash('sha256').update(bytes).digest('hex')
  if (sha256 !== expected) return { ok: false, why: `${file} is not the one we know (sha256 ${sha256})` }
  const minor = process.platform === 'linux' ? glibcMinor() : GLIBC_NEEDED
  if (minor >= GLIBC_NEEDED) return open(source, 'native uWebSockets.js', file)
  if (minor < GLIBC_RELOCATED) return { ok: false, why: 'it needs glibc 2.36 or newer' }
  const failed = relocateToOldLibrary(bytes, `GLIBC_2.${GLIBC_NEEDED}`)
  if (failed !== undefined) return { ok: false, why: failed }
  const copy = await keepCopy(bytes, sha256)
  return open(copy, 'uWebSockets.js, relocated copy', `glibc 2.${minor}: ${copy}`)
}

function open(file: string, name: UwsName, note: string): UwsLoad {
  const addon = { exports: {} }
  try {
    process.dlopen(addon, file)
  } catch (error) {
    return { ok: false, why: error instanceof Error ? error.message : 'the addon does not load' }
  }
  return { ok: true, uws: addon.exports as Uws, name, note }
}

/** Path of a file of the package, whether or not it can be loaded; undefined when the package is not installed. */
export function findBinary(file: string): string | undefined {
  try {
    return path.join(path.dirname(createRequire(import.meta.url).resolve('uWebSockets.js')), file)
  } catch {
    return undefined
  }
}

/** 36 for glibc 2.36; 0 where there is none (musl). */
function glibcMinor(): number {
  // Network interfaces are not wanted, and naming them may ask a name server.
  const reporter = process.report as typeof process.report & { excludeNetwork: boolean }
  reporter.excludeNetwork = true
  const report = reporter.getReport() as { header?: { glibcVersionRuntime?: string } }
  const match = /^2\.(\d+)/.exec(report.header?.glibcVersionRuntime ?? '')
  return match === null ? 0 : Number(match[1])
}

/** The copy's path. It is written whole or not at all, and one that is there already must hold the same bytes. */
export async function keepCopy(bytes: Buffer, sha256: string, folders = cacheFolders()): Promise<string> {
  for (const folder of folders) {
    if (!(await isOurs(folder))) continue
    const file = path.join(folder, `${sha256}.node`)
    const kept = await readFile(file).catch(() => undefined)
    if (kept?.equals(bytes) === true) return file
    const draft = path.join(folder, `${sha256}.${randomBytes(6).toString('hex')}.draft`)
    await writeFile(draft, bytes, { mode: 0o700, flag: 'wx' })
    await rename(draft, file)
    return file
  }
  throw new Error('no folder of our own for the relocated copy of uWebSockets.js')
}

function cacheFolders(): string[] {
  const home = process.env['XDG_CACHE_HOME'] ?? path.join(homedir(), '.cache')
  return [path.join(home, 'smart-order-router'), path.join(tmpdir(), `smart-order-router-${process.getuid?.() ?? 0}`)]
}

/** Makes the folder when it is missing. A link, another's folder or one that others may write in is not ours. */
async function isOurs(folder: string): Promise<boolean> {
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 })
    const stat = await lstat(folder)
    return stat.isDirectory() && stat.uid === process.getuid?.() && (stat.mode & 0o077) === 0
  } catch {
    return false
  }
}
