/** A configuration file with other addresses for the venues of the live market. */
import { writeFileSync } from 'node:fs'
import path from 'node:path'

export interface Addresses {
  readonly rest: string
  readonly publicSocket: string
  readonly privateSocket: string
}

/** Nobody listens there. */
export const nowhere: Addresses = {
  rest: 'http://127.0.0.1:1',
  publicSocket: 'ws://127.0.0.1:1',
  privateSocket: 'ws://127.0.0.1:1',
}

/** Path of the file. */
export function writeLiveConfig(directory: string, endpoints: Readonly<Record<string, Addresses>>): string {
  const file = path.join(directory, 'sor.config.json')
  writeFileSync(file, JSON.stringify({ live: { endpoints } }))
  return file
}
