/** How soon the same message may reach the same person again. */
import { words } from '../../words.ts'
import { ChoiceField, LengthField } from './Fields.tsx'

const say = words.forms.again

export function AgainField({
  value,
  error,
  onChange,
}: {
  /** A duration, `always`, or nothing: once in 24 hours. */
  readonly value: string | undefined
  readonly error: string | undefined
  readonly onChange: (again: string | undefined) => void
}) {
  const how = value === undefined ? 'usual' : value === 'always' ? 'always' : 'length'
  return (
    <>
      <ChoiceField
        label={say.label}
        hint={say.hint}
        value={how}
        options={[
          { value: 'usual', label: say.usual },
          { value: 'length', label: say.length },
          { value: 'always', label: say.always },
        ]}
        onChange={(next) => onChange({ usual: undefined, length: 'P7D', always: 'always' }[next])}
      />
      {how === 'length' && (
        <LengthField label={say.notWithin} value={value ?? ''} error={error} onChange={onChange} />
      )}
    </>
  )
}
