import { expect, test } from 'vitest'
import { isPaperHost } from '../../../../hotpath/threads/paper-process.ts'

test('a process that only has the number of a paper host is left alone', () => {
  expect(isPaperHost(process.pid)).toBe(false)
  expect(isPaperHost(2 ** 22 + 1)).toBe(false)
})
