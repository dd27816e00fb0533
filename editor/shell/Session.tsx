/**
 * Who may see the page. A printed link carries its token in the fragment (`#login=…`), which no server log ever sees; it
 * is taken out of the address before anything else happens, and traded for a session cookie.
 */
import { Center, Loader, Text, Title } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState, type ReactNode } from 'react'
import { client, RequestError } from '../client.ts'
import { Command, Failure } from '../parts/States.tsx'
import parts from '../parts/parts.module.css'
import { SESSION } from '../queries.ts'
import { words } from '../words.ts'
import { Brand } from './Brand.tsx'
import styles from './Shell.module.css'

type Session = 'open' | 'none' | 'refused'

/** Shows its children to those who are signed in, and to all others the way to get in. */
export function SessionGate({ children }: { readonly children: ReactNode }) {
  const [token] = useState(takeToken)
  const session = useQuery({
    queryKey: SESSION,
    queryFn: () => openSession(token),
    refetchInterval: false,
    staleTime: Infinity,
    // Who came in by another tab is in here too, with what this one has not saved yet.
    refetchOnWindowFocus: ({ state }) => (state.data === 'none' ? 'always' : false),
  })
  if (session.isPending) return <Waiting working={token !== undefined} />
  if (session.isError) return <Failure error={session.error} retry={session.refetch} />
  return session.data === 'open' ? children : <SignIn refused={session.data === 'refused'} />
}

function takeToken(): string | undefined {
  const token = /^#login=(.+)$/.exec(window.location.hash)?.[1]
  if (token !== undefined)
    window.history.replaceState(null, '', window.location.pathname + window.location.search)
  return token
}

let spent: string | undefined

async function openSession(token: string | undefined): Promise<Session> {
  if (token !== undefined && token !== spent) {
    // A link works once: asking again (after signing out, say) must not spend it a second time.
    spent = token
    return (await answers(() => client.signIn(token))) ? 'open' : 'refused'
  }
  return (await answers(client.signedIn)) ? 'open' : 'none'
}

/** Whether the server let us in; anything but a refusal is a failure. */
async function answers(call: () => Promise<unknown>): Promise<boolean> {
  try {
    await call()
    return true
  } catch (error) {
    if (error instanceof RequestError && [400, 401, 403].includes(error.status)) return false
    throw error
  }
}

function Waiting({ working }: { readonly working: boolean }) {
  return (
    <Center mih="100dvh" role="status">
      <Loader size="sm" type="dots" aria-hidden />
      <Text ms="sm" c="dimmed">
        {working ? words.signIn.working : words.loading}
      </Text>
    </Center>
  )
}

function SignIn({ refused }: { readonly refused: boolean }) {
  return (
    <main className={styles['signIn']}>
      <div className={`${parts['panel']} ${styles['signInCard']}`}>
        <Brand size={40} />
        <Title order={1} mt="lg" mb="xs">
          {words.signIn.title}
        </Title>
        <Text mb="md" role={refused ? 'alert' : undefined}>
          {refused ? words.signIn.refused : words.signIn.intro}
        </Text>
        <Command>npm run login</Command>
        <Text mt="md" c="dimmed" size="sm">
          {words.signIn.next}
        </Text>
      </div>
    </main>
  )
}
