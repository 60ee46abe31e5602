/** The door to one paper venue: writes frames into the shared link, which sends them at the end of the turn. */
import type { VenueIndex } from '../../../shared/units/ids.ts'
import type { ChildOrder } from '../../orders/venue-report.ts'
import type { VenueAdapter } from '../venue-adapter.ts'
import { writeCancelAll, writeIdentity, writePlace, writeReconcile } from './paper-command-frame.ts'
import { FrameKind } from './paper-frame.ts'
import type { PaperLink } from './paper-link.ts'

export class PaperAdapter implements VenueAdapter {
  readonly venue: VenueIndex
  readonly #link: PaperLink

  constructor(venue: VenueIndex, link: PaperLink) {
    this.venue = venue
    this.#link = link
  }

  get isUp(): boolean {
    return this.#link.isUp
  }

  /** A GTD order lives until its deadline: on a paper venue that is the last moment to arrive and the last to rest. */
  place(child: ChildOrder): boolean {
    return this.#link.isSendable && writePlace(this.#link.out, this.venue, child)
  }

  cancel(epoch: number, parentSequence: number, childSequence: number): boolean {
    return this.#ask(FrameKind.cancel, epoch, parentSequence, childSequence)
  }

  /** Paper venues have no replace: cancel and place anew. */
  replace(): boolean {
    return false
  }

  query(epoch: number, parentSequence: number, childSequence: number): boolean {
    return this.#ask(FrameKind.query, epoch, parentSequence, childSequence)
  }

  cancelAll(): boolean {
    return this.#link.isUp && writeCancelAll(this.#link.out, this.venue)
  }

  reconcile(execution: number): boolean {
    return this.#link.isUp && writeReconcile(this.#link.out, this.venue, execution)
  }

  #ask(
    kind: typeof FrameKind.cancel | typeof FrameKind.query,
    epoch: number,
    parentSequence: number,
    childSequence: number,
  ): boolean {
    const { isUp, out } = this.#link
    return isUp && writeIdentity(out, kind, this.venue, epoch, parentSequence, childSequence)
  }
}
