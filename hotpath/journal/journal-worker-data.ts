/** What the main thread and the journal worker say to each other. */
import type { SegmentPlace } from './journal-segment.ts'

export interface JournalWorkerData {
  readonly directory: string
  /** Of shared memory the path to map; of a file region its memory. */
  readonly ring: { readonly path: string; readonly sizeBytes: number } | SharedArrayBuffer
  readonly journalId: number
  readonly segmentBytes: number
  readonly place: SegmentPlace
  readonly lastSequence: number
  readonly control: SharedArrayBuffer
}

/** Int32 index in `control`. */
export const Control = {
  /** 1 asks for the end; the worker sleeps on it. */
  stop: 0,
  /** Counts batches that became durable; notified. */
  batches: 128 / 4,
} as const
export const CONTROL_BYTES = 256

export type JournalWorkerMessage =
  | { readonly kind: 'ready' }
  | { readonly kind: 'problem'; readonly problem: string | undefined }
  | { readonly kind: 'end'; readonly isDrained: boolean }
