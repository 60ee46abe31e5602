/** What happened at one venue's order entry, for `sor venues`: counts, and the last words that made no sense. */
const SAMPLES_MAX = 8
const SAMPLE_CHARS_MAX = 240
const READ_CHARS_MAX = 8_192

export class NativeCounters {
  requests = 0
  answers = 0
  /** Left us and never came back; and those that came after we had stopped waiting. */
  lost = 0
  late = 0
  notSent = 0
  /** Answers that were neither success nor a refusal we know: the order is asked about. */
  unknownOutcomes = 0
  /** Orders on the account that are not ours. */
  foreign = 0
  /** Words that could not be read or said exactly. */
  nonsense = 0
  /** Fees taken in an asset that is neither base nor quote, or not told: booked at the listed rate. */
  feesEstimated = 0
  connects = 0
  disconnects = 0
  reconciles = 0
  reconcileRetries = 0
  readonly #redact: (text: string) => string
  readonly #samples: string[] = []

  /** `redact` takes keys out of what is kept. */
  constructor(redact: (text: string) => string) {
    this.#redact = redact
  }

  get samples(): readonly string[] {
    return this.#samples
  }

  noteNonsense(sample: string): void {
    this.nonsense++
    this.#keep(sample)
  }

  noteUnknown(sample: string): void {
    this.unknownOutcomes++
    this.#keep(sample)
  }

  #keep(sample: string): void {
    if (this.#samples.length === SAMPLES_MAX) this.#samples.shift()
    // Redacted before it is cut to size: half a key is a key too.
    this.#samples.push(this.#redact(sample.slice(0, READ_CHARS_MAX)).slice(0, SAMPLE_CHARS_MAX))
  }
}
