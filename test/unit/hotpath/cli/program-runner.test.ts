import { expect, test } from 'vitest'
import { runProgram } from '../../../../hotpath/cli/program-runner.ts'

test('brings what a program printed', async () => {
  expect(await runProgram(process.execPath, ['-e', 'console.log(1 + 1)'], 10_000)).toBe('2\n')
})

test('a program that is not here is no answer', async () => {
  expect(await runProgram('no-such-program-anywhere', [], 1_000)).toBeUndefined()
})

test('what was printed before the time was up is kept, also of one that fails', async () => {
  expect(await runProgram('sh', ['-c', 'printf first; exec sleep 60'], 500)).toBe('first')
  expect(await runProgram(process.execPath, ['-e', `process.stdout.write('x'); process.exitCode = 3`], 10_000)).toBe(
    'x',
  )
})
