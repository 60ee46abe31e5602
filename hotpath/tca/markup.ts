/** Markup that is safe by construction: whatever is put into a template is escaped unless it is markup itself. */
export class Markup {
  readonly text: string

  constructor(text: string) {
    this.text = text
  }

  toString(): string {
    return this.text
  }
}

export type MarkupValue = string | number | Markup | readonly MarkupValue[] | undefined

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

/** For text and for quoted attributes. */
export function escapeMarkup(text: string): string {
  return text.replace(/[&<>"']/g, (sign) => entities[sign])
}

/** Template tag: strings and numbers are escaped, markup is taken as it is, lists are joined, undefined is nothing. */
export function markup(fixed: TemplateStringsArray, ...values: readonly MarkupValue[]): Markup {
  let text = fixed[0]
  for (let i = 0; i < values.length; i++) text += render(values[i]) + fixed[i + 1]
  return new Markup(text)
}

function render(value: MarkupValue): string {
  if (value === undefined) return ''
  if (value instanceof Markup) return value.text
  if (typeof value === 'string') return escapeMarkup(value)
  if (typeof value === 'number') return value.toString()
  return value.map(render).join('')
}
