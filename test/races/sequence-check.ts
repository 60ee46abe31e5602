/** Counts what went wrong on the way: a sequence 0, 1, 2 … that should arrive whole, complete and in order. */
export interface Faults {
  readonly lost: number
  readonly torn: number
  readonly outOfOrder: number
}

export class SequenceCheck {
  #expected = 0
  #received = 0
  #lost = 0
  #torn = 0
  #outOfOrder = 0

  /** Everything that came, right or wrong. */
  get received(): number {
    return this.#received
  }

  /** A torn one stands for the one that was due; a sequence ahead means that those between are lost; one behind came twice or late. */
  receive(sequence: number, isWhole: boolean): void {
    this.#received++
    if (!isWhole) {
      this.#torn++
      this.#expected++
    } else if (sequence === this.#expected) this.#expected++
    else if (sequence > this.#expected) {
      this.#lost += sequence - this.#expected
      this.#expected = sequence + 1
    } else this.#outOfOrder++
  }

  /** Nothing more will come; `sent` were sent. */
  faults(sent: number): Faults {
    const missing = Math.max(0, sent - this.#expected)
    return { lost: this.#lost + missing, torn: this.#torn, outOfOrder: this.#outOfOrder }
  }
}
