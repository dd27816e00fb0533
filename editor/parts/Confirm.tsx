/** A button that asks once more, in its own place, before it acts. */
import { Button, Group, Text } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
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
  const [isAsking, setAsking] = useState(false)
  const acting = useMutation({ mutationFn: act, onSuccess: () => setAsking(false) })
  const start = () => {
    acting.reset()
    setAsking(true)
  }
  if (!isAsking)
    return (
      <Button size="compact-sm" variant="light" color={color} onClick={start}>
        {label}
      </Button>
    )
  return (
    <div role="group" aria-label={label}>
      <Text size="sm" mb={6}>
        {acting.isError ? words.failure.notDone : ask}
      </Text>
      <Group gap={8}>
        <Button size="compact-sm" color={color} loading={acting.isPending} onClick={() => acting.mutate()}>
          {yes}
        </Button>
        <Button size="compact-sm" variant="subtle" color="gray" onClick={() => setAsking(false)}>
          {words.notNow}
        </Button>
      </Group>
    </div>
  )
}
