/** An attribute or score by what people call it: one there is, or a new one. */
import { useDraft } from '../state/context.tsx'
import { SuggestField, type FieldProps } from './Fields.tsx'
import { attributeInWords, attributeNamed, attributesIn } from './names.ts'
import { useState } from 'react'

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
  const draft = useDraft()
  const [typed, setTyped] = useState(attributeInWords(value))
  const known = type === 'date' ? [] : ['SCORE', ...attributesIn(draft)]
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
