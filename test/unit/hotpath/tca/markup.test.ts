import fc from 'fast-check'
import { expect, test } from 'vitest'
import { escapeMarkup, markup } from '../../../../hotpath/tca/markup.ts'

test('what is put in is text, markup stays markup', () => {
  const inner = markup`<b>${'<i>'}</b>`
  expect(markup`<p title="${'"x"'}">${inner}${[1, inner]}${undefined}</p>`.text).toBe(
    '<p title="&quot;x&quot;"><b>&lt;i&gt;</b>1<b>&lt;i&gt;</b></p>',
  )
})

test('property: no sign that opens a tag or ends an attribute survives', () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      expect(escapeMarkup(text)).not.toMatch(/[<>"']|&(?!(amp|lt|gt|quot|#39);)/)
    }),
  )
})
