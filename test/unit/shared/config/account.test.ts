/** A secret does not get out by being printed. */
import { inspect } from 'node:util'
import { expect, test } from 'vitest'
import { Secret } from '../../../../shared/config/account.ts'

test('only reveal shows it', () => {
  const secret = new Secret('hunter2')
  expect(secret.reveal()).toBe('hunter2')
  for (const text of [String(secret), JSON.stringify({ secret }), inspect(secret, { showHidden: true }), `${secret}`])
    expect(text).not.toContain('hunter2')
})
