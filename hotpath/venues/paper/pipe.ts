/** Bytes to the other end and back: a socket in production, the simulated network in tests. */
export interface PipeEvents {
  onOpen(): void
  /** The first `length` bytes (all without it), valid during the call only. */
  onBytes(bytes: Uint8Array, length?: number): void
  /** Once, also when it never opened. */
  onClose(): void
}

export interface Pipe {
  /** Takes the bytes as its own; what cannot be sent any more is dropped. */
  send(bytes: Uint8Array): void
  /** The same with the first `length` bytes, which are copied before it returns; where a pipe can spare the caller a copy. */
  write?(bytes: Uint8Array, length: number): void
  close(): void
  /** Taken and not sent yet. */
  readonly unsentBytes: number
}

/** Starts to open; the events come later, never from inside this call. */
export type PipeOpener = (events: PipeEvents) => Pipe
