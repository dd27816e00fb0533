/** What Tab comes to, as a selector. */
export const REACHABLE = ['a[href]', 'button', 'input', 'select', 'textarea', '[tabindex="0"]']
  .map((what) => `${what}:not(:disabled, [type=hidden], [tabindex="-1"])`)
  .join(',')
