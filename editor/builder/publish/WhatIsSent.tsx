/** What goes out today and this week by message, what is held back and why, and in whose name. */
import { Table, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { channelOf, outletsOf, stepsOf, type Journey } from '../../../engine/index.ts'
import type { MessageStep, Preview, PreviewNumbers } from '../../answers.ts'
import { client } from '../../client.ts'
import { useSending } from '../../queries.ts'
import { words } from '../../words.ts'
import { number } from '../../words/say.ts'
import type { Draft } from '../document/draft.ts'
import { sentenceOf, titleOf } from '../document/sentences.ts'
import { useSurroundings } from '../drawn.ts'
import styles from './Publish.module.css'

export function Messages({
  numbers: { messages, people },
  draft,
  published,
}: {
  readonly numbers: PreviewNumbers
  readonly draft: Draft
  readonly published: Journey | null
}) {
  const before = useSurroundings(published ?? draft)
  const after = useSurroundings(draft)
  const { sending } = words.publish
  if (!stepsOf(draft).some(([, step]) => channelOf(step) !== undefined) && messages.length === 0)
    return <Text size="sm">{sending.none}</Text>
  if (messages.length === 0)
    return (
      <>
        <Text size="sm">{sending.nothing}</Text>
        <FirstHour />
      </>
    )
  const figures = styles['number'] ?? ''
  return (
    <>
      <div className={styles['scroll']} tabIndex={0} role="region" aria-label={sending.message}>
        <Table className={styles['table'] ?? ''}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{sending.message}</Table.Th>
              <Table.Th className={figures}>{sending.today}</Table.Th>
              <Table.Th className={figures}>{sending.week}</Table.Th>
              <Table.Th>{sending.held}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {messages.map((message) => {
              const around = Object.hasOwn(draft.states, message.step) ? after : before
              const step = around.journey.states[message.step]
              return (
                <Table.Tr key={message.step}>
                  <Table.Th scope="row">
                    <bdi>{message.label ?? titleOf(message.step, around)}</bdi>
                    {step && (
                      <Text size="xs" c="dimmed" fw={400}>
                        <bdi>{sentenceOf(step, around)}</bdi>
                      </Text>
                    )}
                  </Table.Th>
                  <Table.Td className={figures}>{number(message.today)}</Table.Td>
                  <Table.Td className={figures}>{number(message.week)}</Table.Td>
                  <Table.Td>
                    <Held message={message} />
                  </Table.Td>
                </Table.Tr>
              )
            })}
          </Table.Tbody>
          <Table.Tfoot>
            <Table.Tr>
              <Table.Th scope="row">{sending.people}</Table.Th>
              <Table.Td className={figures}>{number(people.today)}</Table.Td>
              <Table.Td className={figures}>{number(people.week)}</Table.Td>
              <Table.Td />
            </Table.Tr>
          </Table.Tfoot>
        </Table>
      </div>
      <FirstHour />
    </>
  )
}

function Held({ message: { heldBack } }: { readonly message: MessageStep }) {
  const { heldBack: say, reasons } = words.publish.sending
  if (heldBack.length === 0) return words.dash
  return heldBack.map(({ reason, because, week }) => (
    <div key={reason}>{say(week, reasons[reason] ?? because)}</div>
  ))
}

function FirstHour() {
  const { data } = useQuery({ queryKey: ['brakes'], queryFn: client.brakes, refetchInterval: false })
  if (data === undefined || data.firstHour === null) return null
  return (
    <Text size="sm" c="dimmed">
      {words.publish.sending.brakes(data.firstHour)}
    </Text>
  )
}

export function Sender({ sender, draft }: { readonly sender: Preview['sender']; readonly draft: Draft }) {
  const { data } = useSending()
  const { sending } = words.publish
  const outlets = outletsOf(draft)
  if (outlets.length === 0) return <Text size="sm">{sending.none}</Text>
  return (
    <>
      {outlets.includes('mail') && <Text size="sm">{sending.from(sender.mail)}</Text>}
      {outlets.includes('sms') && (
        <Text size="sm">{sender.sms === null ? sending.noSms : sending.sms(sender.sms)}</Text>
      )}
      <Text size="sm" c="dimmed">
        {sending.company(sender.company, sender.address)}
      </Text>
      {data && <Text size="sm">{sending.state[data.state]}</Text>}
    </>
  )
}
