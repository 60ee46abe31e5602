/**
 * The journal's front door: reads back what was written, settles it on disk, and opens the ring for what comes next.
 *
 *   core ── append ─▶ ring in shared memory ── journal worker ─▶ journal-000001.sor, fdatasync
 *                     survives kill -9                            survives the machine
 */
import fs from 'node:fs'
import { Worker } from 'node:worker_threads'
import type { Clock } from '../../shared/clock.ts'
import type { MappedRegion, RegionKind } from '../memory/mapped-region.ts'
import { type JournalFiles, NodeJournalFiles } from './journal-files.ts'
import { lockJournal } from './journal-lock.ts'
import { type JournalReader, type OnRecord, type ReplaySummary, replay } from './journal-reader.ts'
import { RecordView } from './journal-record.ts'
import { formatRing, JournalRing, RING_BYTES_DEFAULT } from './journal-ring.ts'
import { SEGMENT_BYTES_DEFAULT, type SegmentPlace, SegmentWriter, segmentName } from './journal-segment.ts'
import { CONTROL_BYTES, Control, type JournalWorkerData, type JournalWorkerMessage } from './journal-worker-data.ts'
import { openRingRegion } from './ring-region.ts'

export interface JournalOptions {
  /** Made with mode 0700 when it is not there. */
  readonly directory: string
  readonly clock: Clock
  /** Hears every record of the journal, in order, before openJournal answers. */
  readonly onRecord: OnRecord
  /** A power of two. */
  readonly ringBytes?: number
  readonly segmentBytes?: number
  /** Insists on one kind of ring; else shared memory where the machine has it. */
  readonly transport?: RegionKind
}

export interface Journal {
  /** Its `nowUs` is the time that records carry: set it once per turn. */
  readonly sink: JournalRing
  readonly replayed: ReplaySummary
  /** How a record survives the process: a ring in shared memory, or a file written at every append. */
  readonly transport: RegionKind
  /** What keeps records from the disk now, in the system's words; undefined when all is well. */
  readonly problem: string | undefined
  /** Resolves when the record is on disk; rejects when the journal was closed before. Off the hot path. */
  whenDurable(sequence: number): Promise<void>
  /** Brings everything to disk. False: the disk refused for 2 s; what is missing stays in the ring for the next start. */
  close(): Promise<boolean>
}

/**
 * Throws JournalLocked when another process has this journal, JournalDamaged when it cannot be read without guessing
 * (then nothing was changed), and what the file system throws.
 */
export async function openJournal(options: JournalOptions): Promise<Journal> {
  fs.mkdirSync(options.directory, { recursive: true, mode: 0o700 })
  const directory = fs.realpathSync(options.directory)
  const lock = lockJournal(directory)
  try {
    const files = new NodeJournalFiles(directory)
    const reader = replay(directory, files, options.onRecord)
    const journalId = reader.journalId === 0 ? Math.max(1, options.clock.epochUs()) : reader.journalId
    const segmentBytes = options.segmentBytes ?? SEGMENT_BYTES_DEFAULT
    if (reader.tornNumber > reader.place.number) clearSegment(files, reader.tornNumber)
    const place = settle(reader, new SegmentWriter(files, journalId, segmentBytes, reader.place), segmentBytes)
    const { lastSequence } = reader
    const region = openRingRegion(directory, options.ringBytes ?? RING_BYTES_DEFAULT, options.transport)
    formatRing(region, journalId, lastSequence)
    const sink = new JournalRing(region, lastSequence)
    sink.nowUs = options.clock.epochUs()
    const thread = new JournalThread({ directory, journalId, segmentBytes, place, lastSequence }, region)
    await thread.ready
    return new OpenJournal(sink, reader.summary(), region, thread, () => lock.release())
  } catch (error) {
    lock.release()
    throw error
  }
}

/** A segment that was just begun and never got its header. */
function clearSegment(files: JournalFiles, number: number): void {
  const file = files.open(segmentName(number))
  files.truncate(file, 0)
  files.close(file)
}

/** Cuts the torn tail and writes what only the ring had, so that the ring may start empty. Safe to be killed in. */
function settle(reader: JournalReader, writer: SegmentWriter, segmentBytes: number): SegmentPlace {
  const isBlankBehind = reader.tornNumber === 0 && reader.placeSize === segmentBytes
  if (reader.place.number > 0 && !isBlankBehind) writer.blankRest()
  writer.sync()
  const tail = new RecordView(reader.ringTail())
  for (let from = 0; from < tail.bytes.length; ) {
    let to = from
    while (to < tail.bytes.length && tail.end(to) - from <= writer.room()) to = tail.end(to)
    if (to === from) writer.rotate(tail.sequence(from))
    else writer.append(tail.bytes, from, to - from, tail.sequence(from) - 1)
    from = to
  }
  if (writer.place.number === 0) writer.rotate(reader.lastSequence + 1)
  const { place } = writer
  writer.close()
  return place
}

class OpenJournal implements Journal {
  readonly sink: JournalRing
  readonly replayed: ReplaySummary
  readonly transport: RegionKind
  readonly #region: MappedRegion
  readonly #thread: JournalThread
  readonly #release: () => void
  /** Set when the journal is closed. */
  #durableAtEnd = -1
  #closing: Promise<boolean> | undefined

  constructor(
    sink: JournalRing,
    replayed: ReplaySummary,
    region: MappedRegion,
    thread: JournalThread,
    release: () => void,
  ) {
    this.sink = sink
    this.replayed = replayed
    this.transport = region.kind
    this.#region = region
    this.#thread = thread
    this.#release = release
  }

  get problem(): string | undefined {
    return this.#thread.problem
  }

  async whenDurable(sequence: number): Promise<void> {
    for (;;) {
      const isClosed = this.#durableAtEnd >= 0
      const batches = this.#thread.batches()
      if ((isClosed ? this.#durableAtEnd : this.sink.durableSequence()) >= sequence) return
      if (isClosed) throw new Error('the journal was closed before this record was on disk')
      await this.#thread.nextBatch(batches)
    }
  }

  close(): Promise<boolean> {
    this.#closing ??= this.#close()
    return this.#closing
  }

  async #close(): Promise<boolean> {
    const isDrained = await this.#thread.stop()
    this.#durableAtEnd = this.sink.durableSequence()
    this.#region.close()
    if (isDrained) fs.rmSync(this.#region.path)
    this.#release()
    return isDrained
  }
}

/** The journal worker, seen from the main thread. When it dies by itself the process stops: nothing would be durable. */
class JournalThread {
  problem: string | undefined
  readonly ready: Promise<void>
  readonly #control = new Int32Array(new SharedArrayBuffer(CONTROL_BYTES))
  readonly #end: Promise<boolean>
  #isReady = false
  readonly #worker: Worker

  constructor(data: Omit<JournalWorkerData, 'ring' | 'control'>, region: MappedRegion) {
    const { buffer } = region.bytes
    const ring = buffer instanceof SharedArrayBuffer ? buffer : { path: region.path, sizeBytes: region.bytes.length }
    const workerData: JournalWorkerData = { ...data, ring, control: this.#control.buffer as SharedArrayBuffer }
    this.#worker = new Worker(new URL('./journal-worker.ts', import.meta.url), { name: 'journal', workerData })
    const ready = Promise.withResolvers<void>()
    const end = Promise.withResolvers<boolean>()
    let isDrained: boolean | undefined
    this.#worker.on('message', (message: JournalWorkerMessage) => {
      if (message.kind === 'ready') {
        this.#isReady = true
        ready.resolve()
      } else if (message.kind === 'problem') this.problem = message.problem
      else isDrained = message.isDrained
    })
    this.#worker.once('error', (error) => {
      if (this.#isReady) throw error
      ready.reject(error)
    })
    this.#worker.once('exit', () => {
      if (isDrained !== undefined) end.resolve(isDrained)
      else if (this.#isReady) throw new Error('the journal worker ended by itself')
    })
    this.ready = ready.promise
    this.#end = end.promise
  }

  batches(): number {
    return Atomics.load(this.#control, Control.batches)
  }

  /** Resolves when the count of batches is no longer `seen`. */
  async nextBatch(seen: number): Promise<void> {
    const wait = Atomics.waitAsync(this.#control, Control.batches, seen, 1_000)
    if (wait.async) await wait.value
  }

  stop(): Promise<boolean> {
    Atomics.store(this.#control, Control.stop, 1)
    Atomics.notify(this.#control, Control.stop)
    return this.#end
  }
}
