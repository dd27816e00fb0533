/**
 * The fields that all forms are made of. Each says what it is, shows what is stored also where that is wrong, with the
 * reason, and hands on every change at once.
 */
import {
  ActionIcon,
  Autocomplete,
  Button,
  Checkbox,
  Group,
  Input,
  Select,
  Textarea,
  TextInput,
  type ButtonProps,
} from '@mantine/core'
import { IconPlus, IconX } from '@tabler/icons-react'
import { useState, type ComponentPropsWithRef, type CSSProperties, type ReactNode } from 'react'
import { words } from '../../words.ts'
import {
  UNITS,
  readLengths,
  readTime,
  writtenLengths,
  writtenTime,
  type LengthPart,
  type Unit,
} from './delays.ts'
import styles from './Forms.module.css'
import { shownText, textOf, typedNumber } from './typed.ts'

const say = words.forms.fields

export interface FieldProps {
  readonly label: string
  /** What is not obvious from the label. */
  readonly hint?: string | undefined
  /** Why the value cannot stay as it is. */
  readonly error?: string | undefined
  readonly placeholder?: string | undefined
}

/** A text of one line, or of several. */
export function TextField({
  value,
  onChange,
  lines = 1,
  ...props
}: FieldProps & {
  readonly value: unknown
  readonly onChange: (text: string) => void
  readonly lines?: number
}) {
  const common = { ...inputProps(props), value: textOf(value), dir: 'auto' as const }
  return lines > 1 ? (
    <Textarea
      {...common}
      autosize
      minRows={lines}
      maxRows={14}
      onChange={(e) => onChange(e.currentTarget.value)}
    />
  ) : (
    <TextInput {...common} onChange={(e) => onChange(e.currentTarget.value)} />
  )
}

/** A number; what is typed and is none is kept as it is. An empty field of what may be left out is `undefined`. */
export function NumberField({
  value,
  onChange,
  optional = false,
  unit,
  error,
  ...props
}: FieldProps & {
  readonly value: unknown
  readonly onChange: (value: number | string | undefined) => void
  readonly optional?: boolean
  /** Stands behind the number. */
  readonly unit?: string
}) {
  const [typed, setTyped] = useState(textOf(value))
  const read = (text: string) => (optional && text.trim() === '' ? undefined : typedNumber(text))
  const wrong = typeof value === 'string' && value !== '' ? say.noNumber : undefined
  return (
    <TextInput
      {...inputProps({ ...props, error: wrong ?? error })}
      inputMode="decimal"
      classNames={{ wrapper: styles['number'] ?? '' }}
      value={shownText(typed, value, read)}
      onChange={(e) => {
        setTyped(e.currentTarget.value)
        onChange(read(e.currentTarget.value))
      }}
      {...(unit === undefined
        ? {}
        : { rightSection: <span className={styles['unit']}>{unit}</span>, rightSectionWidth: 'auto' })}
    />
  )
}

/** One of a few things that can be said in a word or two each. */
export function ChoiceField<Value extends string>({
  value,
  onChange,
  options,
  ...props
}: FieldProps & {
  readonly value: Value
  readonly onChange: (value: Value) => void
  readonly options: readonly { readonly value: Value; readonly label: string }[]
}) {
  return (
    <Select
      {...inputProps(props)}
      data={[...options]}
      value={value}
      allowDeselect={false}
      onChange={(chosen) => chosen !== null && onChange(chosen)}
    />
  )
}

/** A text with suggestions; another text is as good. */
export function SuggestField({
  value,
  onChange,
  suggestions,
  ...props
}: FieldProps & {
  readonly value: unknown
  readonly onChange: (text: string) => void
  readonly suggestions: readonly string[]
}) {
  return (
    <Autocomplete
      {...inputProps(props)}
      dir="auto"
      data={[...new Set(suggestions)]}
      value={textOf(value)}
      onChange={onChange}
      limit={50}
    />
  )
}

/** So many minutes, hours, days …, as a duration of the file; one of several units has a line for each: 1 day, 12 hours. */
export function LengthField({
  value,
  onChange,
  units = UNITS,
  ...props
}: FieldProps & {
  readonly value: string
  readonly onChange: (duration: string) => void
  readonly units?: readonly Unit[]
}) {
  const parts = readLengths(value)
  const isAlone = parts.length === 1
  const wrong = parts.some(({ count }) => typeof count === 'string' || (isAlone && count === 0))
  const { label, ...field } = inputProps({
    ...props,
    error: props.error ?? (wrong ? say.noLength : undefined),
  })
  const taken = parts.map(({ unit }) => unit)
  return (
    <Input.Wrapper {...field} label={label} labelElement="div">
      {parts.map((part, index) => (
        <LengthPartField
          // oxlint-disable-next-line react/no-array-index-key -- a part keeps its field while its unit changes
          key={index}
          name={isAlone ? label : say.lengthPart(label, say.units[part.unit])}
          part={part}
          units={[...units, 'seconds' as const].filter(
            (unit) => unit === part.unit || (unit !== 'seconds' && !taken.includes(unit)),
          )}
          isWrong={field.error !== undefined && (isAlone || typeof part.count === 'string')}
          set={(changed) => onChange(writtenLengths(parts.toSpliced(index, 1, changed)))}
          {...(isAlone ? {} : { remove: () => onChange(writtenLengths(parts.toSpliced(index, 1))) })}
        />
      ))}
    </Input.Wrapper>
  )
}

function LengthPartField({
  name,
  part,
  units,
  isWrong,
  set,
  remove,
}: {
  readonly name: string
  readonly part: LengthPart
  readonly units: readonly LengthPart['unit'][]
  readonly isWrong: boolean
  readonly set: (part: LengthPart) => void
  readonly remove?: () => void
}) {
  const [typed, setTyped] = useState(textOf(part.count))
  return (
    <Group gap={8} wrap="nowrap" align="center" className={styles['lengthPart'] ?? ''}>
      <TextInput
        size="sm"
        aria-label={say.howMany(name)}
        inputMode="numeric"
        className={styles['count'] ?? ''}
        error={isWrong}
        value={shownText(typed, part.count, typedNumber)}
        onChange={(e) => {
          setTyped(e.currentTarget.value)
          set({ ...part, count: typedNumber(e.currentTarget.value) })
        }}
      />
      <Select
        size="sm"
        aria-label={say.unitOf(name)}
        className={styles['grow'] ?? ''}
        data={units.map((unit) => ({ value: unit, label: say.units[unit] }))}
        value={part.unit}
        allowDeselect={false}
        onChange={(unit) => unit !== null && set({ ...part, unit })}
      />
      {remove && (
        <ActionIcon
          variant="subtle"
          color="gray"
          aria-label={say.withoutPart(say.units[part.unit])}
          title={say.withoutPart(say.units[part.unit])}
          onClick={remove}
        >
          <IconX size={16} />
        </ActionIcon>
      )}
    </Group>
  )
}

const HALF_HOURS = Array.from(
  { length: 48 },
  (_, half) => `${Math.floor(half / 2)}:${half % 2 ? '30' : '00'}`,
)

/** A time of day, as people write it: "9", "17:30", "5 pm". */
export function TimeField({
  value,
  onChange,
  optional = false,
  ...props
}: FieldProps & {
  /** As in the file: "09:00". */
  readonly value: string
  readonly onChange: (time: string) => void
  readonly optional?: boolean
}) {
  const [typed, setTyped] = useState(readTime(value))
  const isTime = /^\d{2}:\d{2}$/.test(value) || (optional && value === '')
  return (
    <Autocomplete
      {...inputProps({ ...props, error: props.error ?? (isTime ? undefined : say.noTime) })}
      data={HALF_HOURS}
      filter={({ options, search }) => {
        const matching = options.filter((option) => 'value' in option && option.value.startsWith(search))
        return matching.length > 0 ? matching : options
      }}
      value={writtenTime(typed) === value ? typed : readTime(value)}
      onChange={(text) => {
        setTyped(text)
        onChange(writtenTime(text))
      }}
      onBlur={() => setTyped(readTime(value))}
      comboboxProps={{ width: 110, position: 'bottom-start' }}
    />
  )
}

/** What may be left out: a line to switch on, with its fields below it. */
export function Optional({
  label,
  hint,
  on,
  toggle,
  children,
}: {
  readonly label: string
  readonly hint?: string | undefined
  readonly on: boolean
  readonly toggle: (on: boolean) => void
  readonly children?: ReactNode
}) {
  return (
    <div role="group" aria-label={label}>
      <Checkbox
        size="sm"
        label={label}
        {...(hint === undefined ? {} : { description: hint })}
        checked={on}
        onChange={(event) => toggle(event.currentTarget.checked)}
      />
      {on && children !== undefined && <div className={styles['optional']}>{children}</div>}
    </div>
  )
}

/** Adds one more to what stands above it. */
export function AddButton({
  quiet = false,
  style,
  ...props
}: Omit<ButtonProps, 'style'> &
  ComponentPropsWithRef<'button'> & { readonly quiet?: boolean; readonly style?: CSSProperties }) {
  return (
    <Button
      variant={quiet ? 'subtle' : 'light'}
      size="compact-sm"
      style={{ alignSelf: 'flex-start', ...style }}
      leftSection={<IconPlus size={14} />}
      {...props}
    />
  )
}

/** What belongs together in a form, under a heading where it needs one. */
export function Section({ title, children }: { readonly title?: string; readonly children: ReactNode }) {
  return (
    <section className={styles['section']} {...(title === undefined ? {} : { 'aria-label': title })}>
      {title !== undefined && <h3 className={styles['sectionTitle']}>{title}</h3>}
      {children}
    </section>
  )
}

function inputProps({ label, hint, error, placeholder }: FieldProps) {
  return {
    label,
    size: 'sm' as const,
    ...(hint === undefined ? {} : { description: hint }),
    ...(error === undefined ? {} : { error }),
    ...(placeholder === undefined ? {} : { placeholder }),
  }
}
