/** A column of doubles that grows while a recording is read; reading is cold, playing only indexes. */
export class GrowingColumn {
  #values = new Float64Array(1_024)
  length = 0

  push(value: number): void {
    if (this.length === this.#values.length) {
      const wider = new Float64Array(this.length * 2)
      wider.set(this.#values)
      this.#values = wider
    }
    this.#values[this.length++] = value
  }

  at(index: number): number {
    return this.#values[index]
  }

  /** What was pushed, without the spare room. */
  take(): Float64Array {
    return this.#values.slice(0, this.length)
  }
}
