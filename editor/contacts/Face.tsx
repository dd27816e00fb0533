/** A disc with the first letters of a name. */
import parts from '../parts/parts.module.css'
import { words } from '../words.ts'
import { colorOf, initialsOf } from './people.ts'

export function Face({
  id,
  name,
  size = 34,
}: {
  readonly id: string
  readonly name: string
  readonly size?: number
}) {
  const color = colorOf(id)
  const look = {
    width: size,
    height: size,
    fontSize: size * 0.37,
    background: `var(--mantine-color-${color}-light)`,
    color: `var(--mantine-color-${color}-light-color)`,
  }
  return (
    <span className={parts['face']} style={look} aria-hidden>
      {name === words.contacts.nameless ? '' : initialsOf(name)}
    </span>
  )
}
