/** How long, or until when: every delay of the engine's grammar, in parts that people know. */
import { Group, Input, Switch, UnstyledButton } from '@mantine/core'
import type { Path, Weekday } from '../../../engine/index.ts'
import { words } from '../../words.ts'
import { AttributeField } from './AttributeField.tsx'
import { NEW_DELAY, readDelay, writtenDelay, type DelayType, type Parts } from './delays.ts'
import { ChoiceField, LengthField, TimeField } from './Fields.tsx'
import styles from './Forms.module.css'
import { useIsFresh, useProblemAt } from './problemAt.ts'

const say = words.forms.delay

export function DelayField({
  label,
  types,
  value,
  path,
  clock = 'contact',
  says = 'wait',
  onChange,
}: {
  readonly label: string
  /** The types there are to choose from; one alone is not asked for. */
  readonly types: readonly DelayType[]
  /** The name of a delay, as in the file. */
  readonly value: string
  readonly path: Path
  /** By whose clock a time of day is meant. */
  readonly clock?: 'contact' | 'yours'
  /** How the types are told: after "Wait", or after "Go on". */
  readonly says?: 'wait' | 'limit'
  readonly onChange: (delay: string) => void
}) {
  const parts = readDelay(value)
  const problem = useProblemAt(path, 'exactly', words.forms.needed.delays[parts.type])
  const error = problem() ?? problem(value)
  const isFresh = useIsFresh(path)
  const set = (changed: Parts) => onChange(writtenDelay(changed))
  return (
    <>
      {types.length > 1 && (
        <ChoiceField
          label={label}
          value={parts.type}
          options={types.map((type) => ({ value: type, label: say.types[says][type] }))}
          onChange={(type) => set(NEW_DELAY[type])}
        />
      )}
      <DelayParts
        isFresh={isFresh}
        label={types.length > 1 ? undefined : label}
        parts={parts}
        set={set}
        error={error}
        clock={clock}
      />
    </>
  )
}

function DelayParts({
  label,
  parts,
  set,
  error,
  clock,
  isFresh,
}: {
  readonly isFresh: boolean
  readonly label: string | undefined
  readonly parts: Parts
  readonly set: (parts: Parts) => void
  readonly error: string | undefined
  readonly clock: 'contact' | 'yours'
}) {
  switch (parts.type) {
    case 'after':
    case 'inactive':
      return (
        <LengthField
          key={parts.type}
          label={label ?? say.length}
          value={parts.length}
          error={error}
          onChange={(length) => set({ ...parts, length })}
        />
      )
    case 'at':
      return (
        <>
          <TimeField
            label={label ?? say.time}
            hint={say.zones[clock]}
            value={parts.time}
            error={error}
            onChange={(time) => set({ ...parts, time })}
          />
          <WeekdaysField weekdays={parts.weekdays} set={(weekdays) => set({ ...parts, weekdays })} />
        </>
      )
    case 'between':
      return (
        <>
          <Group gap={10} align="flex-end" wrap="nowrap">
            <TimeField
              label={say.opens}
              value={parts.opens}
              error={error}
              onChange={(opens) => set({ ...parts, opens })}
            />
            <TimeField
              label={say.closes}
              value={parts.closes}
              onChange={(closes) => set({ ...parts, closes })}
            />
          </Group>
          <p className={styles['hint']}>{say.windowHint}</p>
          <WeekdaysField weekdays={parts.weekdays} set={(weekdays) => set({ ...parts, weekdays })} />
        </>
      )
    case 'date':
      return (
        <DateParts
          parts={parts}
          set={set}
          error={parts.attribute === '' && !isFresh ? say.whichDate : error}
        />
      )
  }
}

const SIDES = { '-1': 'before', '0': 'on', '1': 'after' } as const

function DateParts({
  parts,
  set,
  error,
}: {
  readonly parts: Extract<Parts, { type: 'date' }>
  readonly set: (parts: Parts) => void
  readonly error: string | undefined
}) {
  return (
    <>
      <AttributeField
        label={say.date}
        hint={say.dateHint}
        type="date"
        value={parts.attribute}
        error={error}
        onChange={(attribute) => set({ ...parts, attribute })}
      />
      <ChoiceField
        label={say.side}
        value={SIDES[`${parts.side}`]}
        options={(['before', 'on', 'after'] as const).map((value) => ({ value, label: say.sides[value] }))}
        onChange={(side) => set({ ...parts, side: side === 'before' ? -1 : side === 'after' ? 1 : 0 })}
      />
      {parts.side !== 0 && (
        <LengthField
          label={say.sideLength[parts.side < 0 ? 'before' : 'after']}
          value={parts.length}
          onChange={(length) => set({ ...parts, length })}
        />
      )}
      <TimeField
        label={say.timeOfDay}
        hint={say.timeOfDayHint}
        optional
        value={parts.time}
        onChange={(time) => set({ ...parts, time })}
      />
      <Switch
        size="sm"
        label={say.yearly}
        description={say.yearlyHint}
        checked={parts.yearly}
        onChange={(event) => set({ ...parts, yearly: event.currentTarget.checked })}
      />
    </>
  )
}

function WeekdaysField({
  weekdays,
  set,
}: {
  readonly weekdays: readonly Weekday[]
  readonly set: (weekdays: readonly Weekday[]) => void
}) {
  return (
    <Input.Wrapper
      size="sm"
      label={say.weekdays}
      labelElement="div"
      {...(weekdays.length === 0 ? { error: say.noWeekday } : {})}
    >
      <div className={styles['days']} role="group" aria-label={say.weekdays}>
        {say.days.map(({ short, long }, index) => {
          const day = (index + 1) as Weekday
          const chosen = weekdays.includes(day)
          return (
            <UnstyledButton
              key={long}
              className={styles['day'] ?? ''}
              aria-label={long}
              aria-pressed={chosen}
              title={long}
              onClick={() =>
                set(
                  chosen
                    ? weekdays.filter((each) => each !== day)
                    : [...weekdays, day].toSorted((a, b) => a - b),
                )
              }
            >
              {short}
            </UnstyledButton>
          )
        })}
      </div>
    </Input.Wrapper>
  )
}
