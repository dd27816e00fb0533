/** The shares of a split while they are typed. Pure. */

/** One share changed: of two the other takes the rest; of more each stays as it is, and the sum shows what is missing. */
export function linkedShares(shares: readonly number[], index: number, share: number): readonly number[] {
  return shares.map((before, place) => {
    if (place === index) return share
    return shares.length === 2 && share >= 0 && share <= 100 ? rounded(100 - share) : before
  })
}

/** One share more for those who are held out: a tenth of all, or half of the largest where that is less, which gives it. */
export function withHeldOut(shares: readonly number[]): readonly number[] {
  const largest = Math.max(...shares)
  const held = Math.min(10, rounded(largest / 2))
  const giver = shares.indexOf(largest)
  return [...shares.map((share, place) => (place === giver ? rounded(share - held) : share)), held]
}

function rounded(share: number): number {
  return Math.round(share * 100) / 100
}
