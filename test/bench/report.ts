// How the bench says what it measured.

export function table(headings: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`
  const rule = line(headings.map((_, index) => (index === 0 ? '---' : '---:')))
  return [line(headings), rule, ...rows.map(line)].join('\n')
}

export function median(values: readonly number[]): number {
  return percentile(values, 0.5)
}

export function percentile(values: readonly number[], share: number): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length * share)] ?? 0
}

export function print(text: string): void {
  process.stdout.write(`${text}\n\n`)
}
