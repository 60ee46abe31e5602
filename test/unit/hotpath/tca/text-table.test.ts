import fc from 'fast-check'
import { expect, test } from 'vitest'
import { renderTable, visibleWidth, withoutControls } from '../../../../hotpath/tca/text-table.ts'

const ESC = String.fromCharCode(27)

test('words from the left, figures from the right', () => {
  const lines = renderTable(
    [
      { head: 'venue', align: 'left' },
      { head: 'filled', align: 'right' },
      { head: 'note', align: 'left' },
    ],
    [
      ['binance', '1.5', ''],
      ['okx', '12.25', 'late'],
    ],
  )
  expect(lines).toEqual(['venue    filled  note', 'binance     1.5', 'okx       12.25  late'])
})

test('paint does not move a column', () => {
  const painted = `${ESC}[31mbad${ESC}[0m`
  expect(visibleWidth(painted)).toBe(3)
  const [, line] = renderTable(
    [
      { head: 'state', align: 'right' },
      { head: 'n', align: 'right' },
    ],
    [[painted, '1']],
  )
  expect(line).toBe(`  ${painted}  1`)
})

test('property: every row of figures is as wide as the heads', () => {
  const cell = fc.stringMatching(/^[0-9.]{1,12}$/)
  fc.assert(
    fc.property(fc.array(fc.tuple(cell, cell), { minLength: 1, maxLength: 10 }), (rows) => {
      const columns = [
        { head: 'first', align: 'right' as const },
        { head: 'second', align: 'right' as const },
      ]
      const widths = renderTable(columns, rows).map((line) => line.length)
      expect(new Set(widths).size).toBe(1)
    }),
  )
})

test('names from outside cannot move the cursor', () => {
  expect(withoutControls(`a${ESC}[2Jb\n\u202e`)).toBe('a?[2Jb??')
  expect(withoutControls('binance')).toBe('binance')
})
