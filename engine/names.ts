/** What names in files and tables are called by people. */

/** The name of an event or attribute as words: `quote_requested` is "quote requested". */
export function plain(name: string): string {
  return (/[a-z]/.test(name) ? name : name.toLowerCase()).replaceAll('_', ' ')
}

/** "Score", "E-mail consent", "Company industry": what people call a field. */
export function fieldInWords(field: string): string {
  if (field.startsWith('consent.'))
    return (
      { email: 'E-mail consent', sms: 'SMS consent', profiling: 'Profiling consent' }[field.slice(8)] ?? field
    )
  if (field.startsWith('company.')) return `Company ${plain(field.slice(8))}`
  return capitalized(plain(field))
}

export function capitalized(words: string): string {
  return words.charAt(0).toUpperCase() + words.slice(1)
}
