/** Who can enter once it is published, and whether those who match already do. */
import { Checkbox, Text } from '@mantine/core'
import { IconBolt } from '@tabler/icons-react'
import { asksForStates } from '../../../engine/index.ts'
import type { PreviewNumbers } from '../../answers.ts'
import { words } from '../../words.ts'
import { lower } from '../../words/say.ts'
import type { Draft } from '../document/draft.ts'
import { reentryInWords } from '../document/graph.ts'
import { conditionInWords } from '../document/sentences.ts'
import { triggerCardsOf } from '../document/triggers.ts'
import styles from './Publish.module.css'

export function WhoEnters({
  draft,
  matching,
  letIn,
  onLetIn,
}: {
  readonly draft: Draft
  readonly matching: PreviewNumbers['matching']
  readonly letIn: boolean
  readonly onLetIn: (letIn: boolean) => void
}) {
  const { entering } = words.publish
  const { audience } = draft.meta
  return (
    <>
      <Text size="sm">{entering.lead}</Text>
      <ul className={styles['triggers']}>
        {triggerCardsOf(draft).map(({ title, detail, place }) => (
          <li key={`${place.event} ${place.index}`}>
            <IconBolt size={15} aria-hidden />
            <bdi>
              {title}
              {detail !== undefined && <Text span c="dimmed">{` · ${detail}`}</Text>}
            </bdi>
          </li>
        ))}
      </ul>
      {audience !== undefined && (
        <Text size="sm">{entering.audience(lower(conditionInWords(audience)))}</Text>
      )}
      <Text size="sm" c="dimmed">
        {reentryInWords(draft)}
      </Text>
      {asksForStates(draft) ? (
        <Already matching={matching} letIn={letIn} onLetIn={onLetIn} />
      ) : (
        <Text size="sm">{entering.nobodyYet}</Text>
      )}
    </>
  )
}

function Already({
  matching: { enter, refused },
  letIn,
  onLetIn,
}: {
  readonly matching: PreviewNumbers['matching']
  readonly letIn: boolean
  readonly onLetIn: (letIn: boolean) => void
}) {
  const { entering } = words.publish
  return (
    <>
      {enter === 0 ? (
        <Text size="sm">{entering.nobodyMatches}</Text>
      ) : (
        <Checkbox
          className={styles['include'] ?? ''}
          label={entering.include(enter)}
          description={letIn ? entering.includeOn(enter) : entering.includeOff(enter)}
          checked={letIn}
          onChange={({ currentTarget }) => onLetIn(currentTarget.checked)}
        />
      )}
      {refused.map(({ because, people }) => (
        <Text key={because} size="sm" c="dimmed">
          {entering.refused(people, because)}
        </Text>
      ))}
    </>
  )
}
