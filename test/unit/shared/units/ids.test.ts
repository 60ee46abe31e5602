import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  CHILD_ID_LENGTH,
  CHILD_SEQUENCE_MAX,
  EPOCH_MAX,
  formatChildId,
  PARENT_SEQUENCE_MAX,
  parseChildId,
} from '../../../../shared/units/ids.ts'

test('a child id is short, plain and tells its three numbers', () => {
  expect(formatChildId(1, 42, 3)).toBe('s00010000016003')
  expect(parseChildId('s00010000016003')).toEqual({ epoch: 1, parent: 42, sequence: 3 })
})

test('what is not ours is not parsed', () => {
  for (const text of ['', 's0001', 'x00010000016003', 's0001000001600!', 's00010000016003x']) {
    expect(parseChildId(text), text).toBeUndefined()
  }
})

test('property: format and parse are inverse within the bounds', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: EPOCH_MAX }),
      fc.integer({ min: 0, max: PARENT_SEQUENCE_MAX }),
      fc.integer({ min: 0, max: CHILD_SEQUENCE_MAX }),
      (epoch, parent, sequence) => {
        const text = formatChildId(epoch, parent, sequence)
        expect(text).toHaveLength(CHILD_ID_LENGTH)
        expect(parseChildId(text)).toEqual({ epoch, parent, sequence })
      },
    ),
  )
})
