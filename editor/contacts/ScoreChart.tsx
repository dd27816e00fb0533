/** A score as steps over time, on the stripes of the bands. */
import {
  Area,
  AreaChart,
  CartesianGrid,
  ReferenceArea,
  ResponsiveContainer,
  Tooltip,
  XAxis,
  YAxis,
} from 'recharts'
import { fieldInWords } from '../../engine/index.ts'
import type { ScoreEntry } from '../answers.ts'
import { dayOf, exactTime, useNow } from '../parts/time.tsx'
import { words } from '../words.ts'
import { number } from '../words/say.ts'
import { BANDS } from './bands.ts'
import styles from './Contacts.module.css'
import { samplesOf, type Sample } from './history.ts'

const LINES = ['tide', 'grape', 'orange', 'blue', 'pink'] as const
const TICK = { fontSize: 12, fill: 'var(--mantine-color-dimmed)' } as const
const MARGIN = { top: 8, right: 96, bottom: 0, left: -14 } as const
/** At least so much is shown, so that all four bands have their place. */
const LEAST_TOP = 100

interface ScoreChartProps {
  readonly ledgers: Readonly<Record<string, readonly ScoreEntry[]>>
}

export function ScoreChart({ ledgers }: ScoreChartProps) {
  const samples = samplesOf(ledgers, useNow())
  const names = Object.keys(ledgers)
  const values = samples.flatMap((sample) => names.map((name) => sample[name] ?? 0))
  const top = Math.max(LEAST_TOP, Math.ceil(Math.max(...values) / 20) * 20)
  const bottom = Math.min(0, ...values)
  return (
    <div
      className={styles['chart']}
      role="img"
      aria-label={names.map((name) => said(name, samples, ledgers[name] ?? [])).join(' ')}
    >
      <ResponsiveContainer>
        <AreaChart data={[...samples]} margin={MARGIN} accessibilityLayer={false}>
          {names.includes('SCORE') && stripes(top)}
          <CartesianGrid vertical={false} stroke="var(--line)" />
          <XAxis
            dataKey="at"
            type="number"
            scale="time"
            domain={['dataMin', 'dataMax']}
            tickFormatter={dayOf}
            tick={TICK}
            tickLine={false}
            axisLine={{ stroke: 'var(--line-strong)' }}
            minTickGap={60}
          />
          <YAxis
            domain={[bottom, top]}
            ticks={ticksOf(bottom, top)}
            tick={TICK}
            tickLine={false}
            axisLine={false}
            width={48}
          />
          <Tooltip content={Tip} isAnimationActive={false} />
          {names.map((name, index) => line(name, LINES[index % LINES.length] ?? 'tide'))}
        </AreaChart>
      </ResponsiveContainer>
    </div>
  )
}

/** Elements and not components: recharts looks for its own children by type. */
function stripes(top: number) {
  return BANDS.map(({ name, from, color }, index) => (
    <ReferenceArea
      key={name}
      y1={from}
      y2={BANDS[index + 1]?.from ?? top}
      fill={`var(--mantine-color-${color}-5)`}
      fillOpacity={0.09}
      ifOverflow="hidden"
      label={{
        value: name,
        position: 'right',
        offset: 10,
        fontSize: 12,
        fill: 'var(--mantine-color-dimmed)',
      }}
    />
  ))
}

function line(name: string, color: string) {
  return (
    <Area
      key={name}
      dataKey={name}
      type="stepAfter"
      stroke={`var(--mantine-color-${color}-6)`}
      strokeWidth={2.2}
      fill={`var(--mantine-color-${color}-6)`}
      fillOpacity={0.06}
      dot={false}
      isAnimationActive={false}
    />
  )
}

function ticksOf(bottom: number, top: number): number[] {
  return [...new Set([bottom, ...BANDS.map(({ from }) => from), top])]
}

function said(name: string, samples: readonly Sample[], entries: readonly ScoreEntry[]): string {
  return words.history.chart(
    fieldInWords(name),
    samples[0]?.[name] ?? 0,
    samples.at(-1)?.[name] ?? 0,
    entries.length,
  )
}

interface TipProps {
  readonly active?: boolean
  readonly label?: string | number | undefined
  readonly payload?: readonly { readonly dataKey?: unknown; readonly value?: unknown }[]
}

function Tip({ active, label, payload }: TipProps) {
  if (!active || label === undefined || !payload) return null
  return (
    <div className={styles['tip']}>
      <div className={styles['quiet']}>{exactTime(Number(label))}</div>
      {payload.map(({ dataKey, value }) => (
        <div key={String(dataKey)}>
          {fieldInWords(String(dataKey))}: <b className="number">{number(Number(value))}</b>
        </div>
      ))}
    </div>
  )
}
