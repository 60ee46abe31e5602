/** The file in which a paper host says where it listens and with which token: readable by its owner only. */
import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { z } from 'zod'

const paperInfo = z.strictObject({
  port: z.number().int().min(1).max(65_535),
  pid: z.number().int().positive(),
  /** As every screen names it: 'calibrated', 'replay:...'. */
  market: z.string(),
  /** What to know about this market, a line each. */
  notes: z.array(z.string()),
  seed: z.number(),
  startedMs: z.number(),
  token: z.string().min(1),
  /** Of the live market: which venues, symbols and addresses it was started for. */
  asked: z.string().optional(),
})
export type PaperInfo = z.infer<typeof paperInfo>

/** Appears whole or not at all. Throws what the file system throws. */
export function writePaperInfo(file: string, info: PaperInfo): void {
  const draft = `${file}.${info.pid}`
  rmSync(draft, { force: true })
  writeFileSync(draft, `${JSON.stringify(info)}\n`, { mode: 0o600, flag: 'wx' })
  renameSync(draft, file)
}

/** What the file says, or undefined when there is none or it is not one. */
export function readPaperInfo(file: string): PaperInfo | undefined {
  try {
    return paperInfo.safeParse(JSON.parse(readFileSync(file, 'utf8'))).data
  } catch {
    return undefined
  }
}

/** Removes the file when it is still this process's. */
export function removePaperInfo(file: string, pid: number): void {
  if (readPaperInfo(file)?.pid === pid) rmSync(file, { force: true })
}
