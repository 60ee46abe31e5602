import { expect, test } from 'vitest'
import { CommandFailure, ExitCode, exitCodeMeanings, exitCodeName } from '../../../../hotpath/cli/exit-code.ts'

test('the codes scripts rely on', () => {
  expect(ExitCode).toEqual({
    ok: 0,
    failed: 1,
    usage: 2,
    denied: 3,
    cannotConnect: 4,
    notFilled: 5,
    interrupted: 130,
  })
})

test('no two ends share a code, and each is explained', () => {
  const codes = Object.values(ExitCode)
  expect(new Set(codes).size).toBe(codes.length)
  expect(Object.keys(exitCodeMeanings)).toEqual(Object.keys(ExitCode))
})

test('a failure says the name of its code unless it has a reason of its own', () => {
  expect(new CommandFailure(ExitCode.cannotConnect, 'nobody there').reason).toBe('cannotConnect')
  expect(new CommandFailure(ExitCode.denied, 'too small', 'quantityTooSmall').reason).toBe('quantityTooSmall')
  expect(exitCodeName(ExitCode.interrupted)).toBe('interrupted')
})
