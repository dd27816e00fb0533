/** The workbench: drawing, outline and form side by side, as far as there is room. */
import { SegmentedControl, Text } from '@mantine/core'
import { useMediaQuery } from '@mantine/hooks'
import { useState } from 'react'
import { words } from '../words.ts'
import { Canvas } from './canvas/Canvas.tsx'
import { CodePanel } from './code/CodePanel.tsx'
import { useActionKeys } from './commands/EditingProvider.tsx'
import styles from './Journey.module.css'
import { enterForm, Inspector } from './panels/Inspector.tsx'
import { Outline } from './panels/Outline.tsx'
import { useSeverities } from './problems/told.tsx'
import { useBuilder } from './state/context.tsx'

const HOWS = ['drawing', 'both', 'outline', 'code'] as const
type How = (typeof HOWS)[number]

/**
 * Drawing and outline, or drawing and code, side by side from 1200 pixels, one of them from 768, below only the outline,
 * for reading.
 */
export function Workbench({
  editable,
}: {
  /** Whether it can be changed; one that is put away is only looked at. */
  readonly editable: boolean
}) {
  return <Panels editable={editable} />
}

function Panels({ editable }: { readonly editable: boolean }) {
  const isFormOpen = useBuilder(({ selection }) => selection.length > 0)
  const { how, hows, setHow, hasRoom } = useHow(isFormOpen)
  const keys = useActionKeys()
  const problems = useSeverities()
  return (
    <div className={`${styles['body']} ${how === 'both' || how === 'code' ? '' : styles['alone']}`}>
      {hows.length > 1 && <HowChoice how={how} hows={hows} setHow={setHow} />}
      {how !== 'outline' && !(how === 'code' && !hasRoom) && (
        <div className={styles['drawing']} {...(editable ? keys : {})}>
          <Canvas editable={editable} problems={problems} onOpen={enterForm} />
        </div>
      )}
      {(how === 'both' || how === 'outline') && (
        <section
          className={styles['outline']}
          aria-label={words.journeys.outline}
          tabIndex={0}
          onFocus={() => setHow(how)}
        >
          {hows.length === 1 && editable && (
            <Text size="sm" c="dimmed" mb="sm" maw={720} mx="auto">
              {words.journeys.onlyRead}
            </Text>
          )}
          <Outline readOnly={hows.length === 1 || !editable} onOpen={enterForm} />
        </section>
      )}
      {how === 'code' ? <CodePanel /> : editable && <Inspector />}
    </div>
  )
}

/**
 * What is shown: the choice made, as far as there is room for it. As long as none was made, the outline gives its room to
 * an open form, unless one was in the outline.
 */
function useHow(isFormOpen: boolean) {
  const [chosen, setHow] = useState<How | null>(null)
  const roomForBoth = useMediaQuery('(min-width: 1200px)', true, { getInitialValueInEffect: false })
  const roomForDrawing = useMediaQuery('(min-width: 768px)', true, { getInitialValueInEffect: false })
  const roomForAll = useMediaQuery('(min-width: 1700px)', true, { getInitialValueInEffect: false })
  const hows: readonly How[] = roomForBoth
    ? HOWS
    : roomForDrawing
      ? ['drawing', 'outline', 'code']
      : ['outline']
  const natural = roomForBoth && (roomForAll || !isFormOpen) ? 'both' : (hows[0] ?? 'outline')
  const how = chosen !== null && hows.includes(chosen) ? chosen : natural
  return { how, hows, setHow, hasRoom: roomForBoth }
}

function HowChoice({
  how,
  hows,
  setHow,
}: {
  readonly how: How
  readonly hows: readonly How[]
  readonly setHow: (how: How) => void
}) {
  return (
    <SegmentedControl
      className={styles['how'] ?? ''}
      size="xs"
      aria-label={words.journeys.how}
      value={how}
      onChange={(value) => setHow(value)}
      data={hows.map((value) => ({ value, label: words.journeys.hows[value] }))}
    />
  )
}
