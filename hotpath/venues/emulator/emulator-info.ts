/**
 * The file in which an emulator host says where its venues listen and with which made-up keys: readable by its owner only.
 * It stays when the host dies, so that the next host on the same file takes the same ports and keys.
 */
import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { z } from 'zod'

const emulatorVenueInfo = z.strictObject({
  id: z.string(),
  port: z.number().int().min(1).max(65_535),
  rest: z.string(),
  publicSocket: z.string(),
  privateSocket: z.string(),
  apiKey: z.string(),
  secret: z.string(),
  passphrase: z.string(),
  publicKey: z.string(),
})
export type EmulatorVenueInfo = z.infer<typeof emulatorVenueInfo>

const emulatorInfo = z.strictObject({
  pid: z.number().int().positive(),
  /** As every screen names it: 'calibrated', 'replay:...'. */
  market: z.string(),
  seed: z.number(),
  startedMs: z.number(),
  venues: z.array(emulatorVenueInfo),
})
export type EmulatorInfo = z.infer<typeof emulatorInfo>

/** Appears whole or not at all. Throws what the file system throws. */
export function writeEmulatorInfo(file: string, info: EmulatorInfo): void {
  const draft = `${file}.${info.pid}`
  rmSync(draft, { force: true })
  writeFileSync(draft, `${JSON.stringify(info)}\n`, { mode: 0o600, flag: 'wx' })
  renameSync(draft, file)
}

/** What the file says, or undefined when there is none or it is not one. */
export function readEmulatorInfo(file: string): EmulatorInfo | undefined {
  try {
    return emulatorInfo.safeParse(JSON.parse(readFileSync(file, 'utf8'))).data
  } catch {
    return undefined
  }
}
