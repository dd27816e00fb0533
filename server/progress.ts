/** One line on a terminal that moves; nothing where the output is a file. */
export function showProgress(share: number, text: string): void {
  if (!process.stderr.isTTY) return
  const done = Math.min(1, share)
  const width = 30
  const bar = '█'.repeat(Math.round(done * width)).padEnd(width, '░')
  process.stderr.write(`\r${bar} ${Math.round(done * 100)} %  ${text} `)
}
