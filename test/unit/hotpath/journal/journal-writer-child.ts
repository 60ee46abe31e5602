/**
 * A process made to be killed: appends records as fast as it can and notes each acknowledged sequence where it outlives
 * the process. Arguments: journal directory, transport, path for the noted sequence.
 */
import { openJournal } from '../../../../hotpath/journal/journal.ts'
import { openFileRegion, openSharedRegion, type RegionKind } from '../../../../hotpath/memory/mapped-region.ts'
import { MachineClock } from '../../../../hotpath/threads/machine-clock.ts'
import { fillNumbered, NOTE_BYTES, numberedLength } from './numbered-record.ts'

const [directory, transport, notePath] = process.argv.slice(2)
const note = openSharedRegion(notePath, NOTE_BYTES) ?? openFileRegion(notePath, NOTE_BYTES)
const acknowledged = new Float64Array(note.bytes.buffer)
const clock = new MachineClock()
const { sink } = await openJournal({
  directory,
  clock,
  transport: transport as RegionKind,
  ringBytes: 2 ** 20,
  segmentBytes: 2 ** 22,
  onRecord: () => {},
})
const record = new Uint8Array(256)
for (let sequence = sink.lastSequence() + 1; ; sequence++) {
  if (sequence % 100 === 0) sink.nowUs = clock.epochUs()
  fillNumbered(record, sequence)
  while (sink.append(record, numberedLength(sequence)) === -1);
  acknowledged[0] = sequence
  note.save(0, 8)
}
