/** What kind of message it is: it decides who gets it. Each says what follows from it. */
import { Radio, Stack } from '@mantine/core'
import { MESSAGE_TYPES } from '../../../engine/index.ts'
import { words } from '../../words.ts'

const say = words.mail.messageType

export function MessageTypeField({
  value,
  onChange,
  channel,
}: {
  readonly value: unknown
  readonly onChange: (type: string) => void
  readonly channel: 'email' | 'sms'
}) {
  return (
    <Radio.Group size="sm" label={say.label} value={String(value)} onChange={onChange}>
      <Stack gap={10} mt={6}>
        {MESSAGE_TYPES.map((type) => (
          <Radio key={type} size="sm" value={type} label={say.types[type]} description={say[channel][type]} />
        ))}
      </Stack>
    </Radio.Group>
  )
}
