/** A mail to oneself, to see it arrive. The address is remembered in this browser. */
import { Anchor, Button, Text, TextInput } from '@mantine/core'
import { IconSend } from '@tabler/icons-react'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { EMAIL_ADDRESS } from '../../../engine/index.ts'
import type { Reader } from '../../answers.ts'
import { client, refusalOf } from '../../client.ts'
import { Link, pathTo } from '../../router.tsx'
import { words } from '../../words.ts'
import { upper } from '../../words/say.ts'
import type { Params } from './content.ts'
import styles from './Mail.module.css'

const say = words.mail.test
const KEY = 'tidemark.testAddress'

export function TestMail({ params, reader }: { readonly params: Params; readonly reader: Reader }) {
  const [to, setTo] = useState(() => localStorage.getItem(KEY) ?? '')
  const [isAsked, setAsked] = useState(false)
  const isAddress = EMAIL_ADDRESS.test(to.trim())
  const test = useMutation({
    mutationFn: () => client.testMail(params, reader, to.trim()),
    onSuccess: () => localStorage.setItem(KEY, to.trim()),
  })
  return (
    <form
      className={styles['test']}
      aria-label={say.title}
      noValidate
      onSubmit={(event) => {
        event.preventDefault()
        setAsked(true)
        if (isAddress) test.mutate()
      }}
    >
      <TextInput
        size="sm"
        type="email"
        dir="ltr"
        label={say.title}
        placeholder={say.to}
        value={to}
        {...(isAsked && !isAddress ? { error: say.noAddress } : {})}
        onChange={(event) => {
          setTo(event.currentTarget.value)
          setAsked(false)
          test.reset()
        }}
      />
      <Button
        size="sm"
        type="submit"
        variant="default"
        loading={test.isPending}
        leftSection={<IconSend size={15} aria-hidden />}
      >
        {say.send}
      </Button>
      <div className={styles['outcome']} role="status">
        {test.isSuccess && test.data.outcome === 'sent' && <Text size="sm">{say.sent(to.trim())}</Text>}
        {test.isSuccess && test.data.id !== null && (
          <Text size="sm">
            {say.kept}{' '}
            <Anchor size="sm" component={Link} href={pathTo('mailbox', test.data.id)}>
              {say.open}
            </Anchor>
          </Text>
        )}
        {test.isError && (
          <Text size="sm" c="red">
            {upper(refusalOf(test.error) ?? words.failure.notDone)}
          </Text>
        )}
        {test.isIdle && (
          <Text size="xs" c="dimmed">
            {say.hint}
          </Text>
        )}
      </div>
    </form>
  )
}
