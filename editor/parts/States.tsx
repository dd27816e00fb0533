/** What a page shows when there is nothing, when it could not be loaded, and while it is on its way. */
import { ActionIcon, Button, CopyButton, Skeleton, Stack, Text, Title } from '@mantine/core'
import { IconCheck, IconCloudOff, IconCompass, IconCopy, type Icon } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import { RequestError } from '../client.ts'
import { Link } from '../router.tsx'
import { words } from '../words.ts'
import styles from './parts.module.css'

/** Nothing is there yet: says why, and what to do next. */
export function Empty({
  icon: Symbol,
  title,
  text,
  children,
}: {
  readonly icon: Icon
  readonly title: string
  readonly text: string
  readonly children?: ReactNode
}) {
  return (
    <div className={styles['empty']}>
      <div className={styles['emptyIcon']}>
        <Symbol size={26} stroke={1.6} aria-hidden />
      </div>
      <Title order={2}>{title}</Title>
      <Text className={styles['emptyText'] ?? ''} dir="auto">
        {text}
      </Text>
      {children}
    </div>
  )
}

/** What the address names is not there: a plain sentence, and the way back. */
export function Missing() {
  return (
    <Empty icon={IconCompass} title={words.notFound.title} text={words.notFound.text}>
      <Button component={Link} href="/journeys" variant="default">
        {words.notFound.back}
      </Button>
    </Empty>
  )
}

/** It could not be loaded: a plain sentence, and another try; or it is not there at all. */
export function Failure({ error, retry }: { readonly error: unknown; readonly retry: () => unknown }) {
  if (error instanceof RequestError && error.status === 404) return <Missing />
  return (
    <div role="alert">
      <Empty icon={IconCloudOff} title={words.failure.title} text={reasonOf(error)}>
        <Button variant="default" onClick={() => void retry()}>
          {words.failure.retry}
        </Button>
      </Empty>
    </div>
  )
}

function reasonOf(error: unknown): string {
  if (!(error instanceof RequestError)) return words.failure.unknown
  if (error.status === 0) return words.failure.offline
  return error.detail ?? words.failure.unknown
}

/** The outline of rows that are on their way. */
export function Rows({ count = 6, height = 44 }: { readonly count?: number; readonly height?: number }) {
  return (
    <Stack gap="xs" p="md" role="status" aria-label={words.loading}>
      {Array.from({ length: count }, (_, row) => (
        <Skeleton key={row} height={height} radius="md" />
      ))}
    </Stack>
  )
}

/** Something to paste into a terminal. */
export function Command({ children }: { readonly children: string }) {
  return (
    <div className={styles['command']}>
      <pre tabIndex={0}>
        <code>{children}</code>
      </pre>
      <CopyButton value={children}>
        {({ copied, copy }) => (
          <ActionIcon
            className={styles['commandCopy'] ?? ''}
            variant="subtle"
            color="gray"
            onClick={copy}
            aria-label={copied ? words.copy.copied : words.copy.copy}
          >
            {copied ? <IconCheck size={16} /> : <IconCopy size={16} />}
          </ActionIcon>
        )}
      </CopyButton>
    </div>
  )
}
