/** What happens to those who are inside: chosen here, and told step by step. */
import { Radio, Table, Text } from '@mantine/core'
import type { Journey } from '../../../engine/index.ts'
import { INSIDE, type Inside, type InsideStep } from '../../answers.ts'
import { words } from '../../words.ts'
import { number } from '../../words/say.ts'
import type { Draft } from '../document/draft.ts'
import { titleOf } from '../document/sentences.ts'
import { useSurroundings } from '../drawn.ts'
import styles from './Publish.module.css'

/** In the order in which they are offered. */
const OFFERED: readonly Inside[] = ['move', ...INSIDE.filter((choice) => choice !== 'move')]
const WAITS = ['atOnce', 'sooner', 'later', 'same'] as const

export function PeopleInside({
  steps,
  draft,
  published,
  inside,
  onInside,
}: {
  readonly steps: readonly InsideStep[]
  readonly draft: Draft
  readonly published: Journey | null
  readonly inside: Inside
  readonly onInside: (inside: Inside) => void
}) {
  const before = useSurroundings(published ?? draft)
  const after = useSurroundings(draft)
  const { nobody, lead, choices, step: stepWord, people, goes, version } = words.publish.inside
  if (steps.length === 0) return <Text size="sm">{nobody}</Text>
  const total = steps.reduce((sum, { people }) => sum + people, 0)
  const several = new Set(steps.map((step) => step.version)).size > 1
  const nameOf = ({ step, label }: InsideStep) =>
    label ?? titleOf(step, Object.hasOwn(draft.states, step) ? after : before)
  return (
    <>
      <Radio.Group
        label={lead(total)}
        classNames={{ label: styles['question'] ?? '' }}
        value={inside}
        onChange={(value) => onInside(value)}
      >
        <div className={styles['choices']}>
          {OFFERED.map((choice) => (
            <Radio
              key={choice}
              value={choice}
              label={choices[choice].name}
              description={choices[choice].text}
            />
          ))}
        </div>
      </Radio.Group>
      <Table className={styles['table'] ?? ''} withRowBorders>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{stepWord}</Table.Th>
            <Table.Th className={styles['number'] ?? ''}>{people}</Table.Th>
            <Table.Th>{goes}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {steps.map((step) => (
            <Table.Tr key={`${step.version} ${step.step}`}>
              <Table.Th scope="row">
                <bdi>{nameOf(step)}</bdi>
                {several && <Text span c="dimmed">{` ${version(step.version)}`}</Text>}
              </Table.Th>
              <Table.Td className={styles['number'] ?? ''}>{number(step.people)}</Table.Td>
              <Table.Td>{whatHappens(step)}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </>
  )
}

/** "Move along; 12 go on at once, 30 sooner than now". */
function whatHappens({ goes, because, waits }: InsideStep): string {
  const said = words.publish.inside
  const what = goes === 'leaves' && because !== null ? said.leavesBecause(because) : said[goes]
  const changed = waits === null ? [] : WAITS.filter((how) => waits[how] > 0)
  return changed.length === 0 || waits === null
    ? what
    : said.andSo(
        what,
        changed.map((how) => said.waits[how](waits[how])),
      )
}
