/**
 * Strange frames of a connection: all are counted by their reason, of each reason the first few are kept, cut, to be looked
 * at. Bounded in samples and bytes however many come; once full, keep() only counts and allocates nothing.
 */

/** Bytes kept of one frame, samples of one reason, and reasons (further ones are counted together as the last). */
export const SAMPLE_BYTES_MAX = 200
export const SAMPLES_PER_REASON = 3
export const SAMPLE_REASONS_MAX = 8

interface ReasonSamples {
  readonly why: string
  count: number
  readonly frames: Uint8Array[]
}

export class FrameSamples {
  readonly #reasons: ReasonSamples[] = []

  /** Counts a frame under a reason (a name from a fixed set: verdicts, 'snapshot'); copies its beginning while there is room. O(reasons). */
  keep(why: string, frame: Uint8Array): void {
    const samples = this.#of(why)
    samples.count++
    if (samples.frames.length < SAMPLES_PER_REASON)
      samples.frames.push(new Uint8Array(frame.subarray(0, SAMPLE_BYTES_MAX)))
  }

  /** Frames counted in all, kept or not. */
  get count(): number {
    let all = 0
    for (const { count } of this.#reasons) all += count
    return all
  }

  countOf(why: string): number {
    return this.#reasons.find((samples) => samples.why === why)?.count ?? 0
  }

  /** 'reason: beginning of the frame' of every sample, printable: control bytes and invalid text are shown as '?'. Cold. */
  texts(): string[] {
    return this.#reasons.flatMap(({ why, frames }) => frames.map((frame) => `${why}: ${printable(frame)}`))
  }

  clear(): void {
    this.#reasons.length = 0
  }

  #of(why: string): ReasonSamples {
    const reasons = this.#reasons
    for (const samples of reasons) if (samples.why === why) return samples
    if (reasons.length >= SAMPLE_REASONS_MAX) return reasons[SAMPLE_REASONS_MAX - 1]
    const samples = { why, count: 0, frames: [] }
    reasons.push(samples)
    return samples
  }
}

function printable(frame: Uint8Array): string {
  // Control characters would reach the terminal of whoever looks: both ranges of them, and what is no text.
  return Buffer.from(frame)
    .toString()
    .replace(/[\p{Cc}\p{Cf}\ufffd]/gu, '?')
}
