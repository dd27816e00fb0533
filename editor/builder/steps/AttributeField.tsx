/** An attribute or score by what people call it: one there is, or a new one. */
import { useState } from 'react'
import { SuggestField, type FieldProps } from './Fields.tsx'
import { attributeInWords, attributeNamed } from './names.ts'
import { useNames } from './useNames.ts'

export function AttributeField({
  value,
  onChange,
  type = 'any',
  ...props
}: FieldProps & {
  /** As in the file: `LAST_PRICE`. */
  readonly value: string
  readonly onChange: (name: string) => void
  readonly type?: 'any' | 'date'
}) {
  const { attributes, dates } = useNames()
  const [typed, setTyped] = useState(attributeInWords(value))
  const known = type === 'date' ? dates : attributes
  return (
    <SuggestField
      {...props}
      value={attributeNamed(typed) === value ? typed : attributeInWords(value)}
      suggestions={known.map(attributeInWords)}
      onChange={(text) => {
        setTyped(text)
        onChange(attributeNamed(text))
      }}
    />
  )
}
