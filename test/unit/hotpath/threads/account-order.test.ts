import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { keepAccountOrder } from '../../../../hotpath/threads/account-order.ts'

let directory: string
beforeEach(() => {
  directory = mkdtempSync(path.join(tmpdir(), 'sor-accounts-'))
})
afterEach(() => rmSync(directory, { recursive: true }))

const accounts = (...names: string[]) => names.map((name) => ({ name }))

test('accounts may be added at the end', () => {
  keepAccountOrder(directory, accounts('default'))
  keepAccountOrder(directory, accounts('default', 'desk'))
  keepAccountOrder(directory, accounts('default', 'desk', 'quant'))
})

test('an account that moved, was renamed or is gone is a mistake that is named', () => {
  keepAccountOrder(directory, accounts('default', 'desk', 'quant'))
  expect(() => keepAccountOrder(directory, accounts('default', 'quant', 'desk'))).toThrow(/desk must stay number 2/)
  expect(() => keepAccountOrder(directory, accounts('default', 'desk'))).toThrow(/quant must stay number 3/)
  expect(() => keepAccountOrder(directory, accounts('main', 'desk', 'quant'))).toThrow(/default must stay number 1/)
})
