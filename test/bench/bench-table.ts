/** Every bench by its name: one module a promise, each exporting `run` (bench-row.ts). */
export const benchTable: Readonly<Record<string, { readonly path: string; readonly what: string }>> = {}
