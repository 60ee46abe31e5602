import { expect, test } from 'vitest'
import { ProgressBar } from '../../../../hotpath/cli/progress-bar.ts'
import { TestTerminal } from './test-terminal.ts'

test('a bar, a share and the time to go', () => {
  const bar = new ProgressBar(new TestTerminal().terminal, 'record', 60, 0)
  expect(bar.text(15, 15_000)).toBe('record [######..................]  25%  to go: 45.0 s')
  expect(bar.text(0, 10)).toBe('record [........................]   0%  to go: unknown')
  expect(bar.text(60, 60_000, '12 books')).toBe('record [########################] 100%  took 1 min 0 s  12 books')
})

test('more than everything is everything', () => {
  const bar = new ProgressBar(new TestTerminal().terminal, 'x', 10, 0)
  expect(bar.text(11, 1_000)).toContain('100%')
})

test('without a total it tells the time spent', () => {
  const bar = new ProgressBar(new TestTerminal().terminal, 'record', 0, 0)
  expect(bar.text(5, 2_500, '5 trades')).toBe('record  2.5 s  5 trades')
})

test('a terminal sees at most ten redraws a second, in place', () => {
  const screen = new TestTerminal(true)
  const bar = new ProgressBar(screen.terminal, 'x', 100, 0)
  for (let ms = 0; ms <= 1_000; ms += 10) bar.update(ms / 10, ms)
  expect(screen.err.split('\r').length - 1).toBe(11)
  expect(screen.err).not.toContain('\n')
  expect(screen.out).toBe('')
})

test('a log sees a line every ten seconds and the last one', () => {
  const log = new TestTerminal(false)
  const bar = new ProgressBar(log.terminal, 'x', 100, 0)
  for (let ms = 0; ms <= 20_000; ms += 100) bar.update(ms / 200, ms)
  bar.end(100, 20_000)
  expect(log.err.trimEnd().split('\n')).toHaveLength(4)
  expect(log.err).not.toContain('\r')
})
