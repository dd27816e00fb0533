/** The mark: two lines of water, one higher than the other. */
export function Brand({ size = 26 }: { readonly size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 32 32" aria-hidden>
      <rect width="32" height="32" rx="9" fill="#0a6c80" />
      <path d="M5 21q5.5-5.5 11 0t11 0" fill="none" stroke="#fff" strokeWidth="3" strokeLinecap="round" />
      <path d="M9 13q3.5-3.5 7 0t7 0" fill="none" stroke="#7fd6e4" strokeWidth="3" strokeLinecap="round" />
    </svg>
  )
}
