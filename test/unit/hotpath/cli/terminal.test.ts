import { expect, test } from 'vitest'
import { TestTerminal } from './test-terminal.ts'

test('colours for people, none for pipes, none when NO_COLOR says so', () => {
  expect(new TestTerminal(true).terminal.style.bold('x')).not.toBe('x')
  expect(new TestTerminal(false).terminal.style.bold('x')).toBe('x')
  expect(new TestTerminal(true, { NO_COLOR: '1' }).terminal.style.bold('x')).toBe('x')
  expect(new TestTerminal(true, { NO_COLOR: '' }).terminal.style.bold('x')).not.toBe('x')
  expect(new TestTerminal(true, { TERM: 'dumb' }).terminal.style.bold('x')).toBe('x')
})

test('answers go to stdout, notes to stderr', () => {
  const screen = new TestTerminal()
  screen.terminal.line('answer')
  screen.terminal.note('note')
  screen.terminal.json({ a: 1 }, true)
  expect(screen.out).toBe('answer\n{"a":1}\n')
  expect(screen.err).toBe('note\n')
})

test('a status line is not written where nobody looks', () => {
  const log = new TestTerminal(false)
  log.terminal.status('half done')
  expect(log.err).toBe('')
})

test('a screen never has more lines than the terminal', () => {
  const screen = new TestTerminal(true)
  screen.terminal.screen(Array.from({ length: 100 }, (_, row) => `row ${row}`))
  expect(screen.out.split('\n').length - 1).toBe(23)
})
