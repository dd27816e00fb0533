/** Files of journeys, out of the page. */
import { printJourney } from '../../../engine/index.ts'

/** Hands the person the journey as `<id>.json`, in the format of `journeys/`. */
export function downloadJourney(id: string, document: unknown): void {
  const address = URL.createObjectURL(new Blob([printJourney(document)], { type: 'application/json' }))
  const link = window.document.createElement('a')
  link.href = address
  link.download = `${id}.json`
  link.click()
  URL.revokeObjectURL(address)
}
