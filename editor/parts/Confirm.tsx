/** A button that asks once more, in its own place, before it acts. */
import { Button, Group, Text } from '@mantine/core'
import { useState } from 'react'
import { RequestError } from '../client.ts'
import { words } from '../words.ts'

interface Asked {
  readonly label: string
  /** What is asked, and what follows from a yes. */
  readonly ask: string
  readonly yes: string
  readonly color?: string
  readonly act: () => Promise<unknown>
}

export function Confirm({ label, ask, yes, color = 'gray', act }: Asked) {
  const [state, setState] = useState<'idle' | 'asking' | 'acting' | 'failed'>('idle')
  const go = async () => {
    setState('acting')
    try {
      await act()
      setState('idle')
    } catch (error) {
      if (!(error instanceof RequestError)) throw error
      setState('failed')
    }
  }
  if (state === 'idle')
    return (
      <Button size="compact-sm" variant="light" color={color} onClick={() => setState('asking')}>
        {label}
      </Button>
    )
  return (
    <div role="group" aria-label={label}>
      <Text size="sm" mb={6}>
        {state === 'failed' ? words.failure.notDone : ask}
      </Text>
      <Group gap={8}>
        <Button size="compact-sm" color={color} loading={state === 'acting'} onClick={() => void go()}>
          {yes}
        </Button>
        <Button size="compact-sm" variant="subtle" color="gray" onClick={() => setState('idle')}>
          {words.notNow}
        </Button>
      </Group>
    </div>
  )
}
