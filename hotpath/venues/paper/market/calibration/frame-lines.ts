/** Lines of the captured frames of one venue: {"t": "http" | "recv" | "connect" ..., "conn", "ts", "data"}. */
import { readText } from '../recorded-file.ts'

export interface FrameLine {
  readonly t: string
  readonly conn?: string
  readonly ts?: number
  readonly addr?: string
  readonly url?: string
  readonly data?: string
  readonly recorded?: string
}

export async function readFrameLines(path: string): Promise<FrameLine[]> {
  const { text, early } = await readText(path, 1_000_000_000)
  if (early !== '') throw new Error(`${path}: ${early}`)
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as FrameLine)
}

/** JSON of a payload, or undefined where it is none. */
export function jsonOf(data: string | undefined): unknown {
  try {
    return JSON.parse(data ?? '')
  } catch {
    return undefined
  }
}
