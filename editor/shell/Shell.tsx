/** The frame around every page: navigation at the left, the state of sending at the top. */
import {
  ActionIcon,
  AppShell,
  Burger,
  Text,
  useComputedColorScheme,
  useMantineColorScheme,
} from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import {
  IconAlertTriangle,
  IconInbox,
  IconLogout,
  IconMoon,
  IconRoute,
  IconSun,
  IconUsers,
  type Icon,
} from '@tabler/icons-react'
import { useEffect, type ReactNode } from 'react'
import { client } from '../client.ts'
import { Chip } from '../parts/Chip.tsx'
import { queryClient, useStatus } from '../queries.ts'
import { Link, usePlace } from '../router.tsx'
import { words } from '../words.ts'
import { Brand } from './Brand.tsx'
import { SendingState } from './SendingState.tsx'
import { StopSending } from './StopSending.tsx'
import styles from './Shell.module.css'

const PAGES: readonly { readonly id: keyof typeof words.pages; readonly icon: Icon }[] = [
  { id: 'journeys', icon: IconRoute },
  { id: 'contacts', icon: IconUsers },
  { id: 'mailbox', icon: IconInbox },
  { id: 'problems', icon: IconAlertTriangle },
]

/** `wide` pages (a drawing) use the whole window, and the navigation beside them shrinks to its pictures. */
export function Shell({ wide, children }: { readonly wide: boolean; readonly children: ReactNode }) {
  const [opened, { toggle, close }] = useDisclosure()
  const { path } = usePlace()
  const address = path.join('/')
  useEffect(close, [address, close])
  return (
    <AppShell
      header={{ height: 56 }}
      navbar={{ width: wide ? 64 : 224, breakpoint: 'md', collapsed: { mobile: !opened } }}
      layout="alt"
    >
      <a className="skip" href="#content">
        {words.shell.skip}
      </a>
      <AppShell.Header className={styles['header'] ?? ''}>
        <div className={styles['bar']}>
          <Burger
            opened={opened}
            onClick={toggle}
            hiddenFrom="md"
            size="sm"
            aria-label={words.shell.openMenu}
          />
          <SendingState />
          <Actions />
        </div>
      </AppShell.Header>
      <AppShell.Navbar
        className={`${styles['navbar']} ${wide ? styles['rail'] : ''}`}
        aria-label={words.shell.navigation}
      >
        <Navigation section={sectionOf(path[0])} close={close} />
      </AppShell.Navbar>
      <AppShell.Main id="content" tabIndex={-1} style={{ outline: 'none' }}>
        <div className={`${styles['content']} ${wide ? styles['wide'] : ''}`}>{children}</div>
      </AppShell.Main>
    </AppShell>
  )
}

/** The gallery is where journeys come from. */
function sectionOf(first = 'journeys'): string {
  return first === 'gallery' ? 'journeys' : first
}

function Actions() {
  const { data } = useStatus()
  return (
    <div className={styles['actions']}>
      <StopSending />
      <Text component="span" className={styles['company'] ?? ''} visibleFrom="sm" dir="auto">
        {data?.company}
      </Text>
      <SchemeToggle />
    </div>
  )
}

function SchemeToggle() {
  const { setColorScheme } = useMantineColorScheme()
  const isDark = useComputedColorScheme('light') === 'dark'
  return (
    <ActionIcon
      variant="subtle"
      color="gray"
      size="lg"
      onClick={() => setColorScheme(isDark ? 'light' : 'dark')}
      aria-label={isDark ? words.shell.toLight : words.shell.toDark}
    >
      {isDark ? <IconSun size={18} /> : <IconMoon size={18} />}
    </ActionIcon>
  )
}

function Navigation({ section, close }: { readonly section: string; readonly close: () => void }) {
  const { data } = useStatus()
  const problems = data?.problems ?? 0
  return (
    <>
      <div style={{ display: 'flex', justifyContent: 'space-between' }}>
        <Link href="/" className={styles['brand'] ?? ''}>
          <Brand /> <span className={styles['itemName']}>{words.product}</span>
        </Link>
        <Burger opened onClick={close} hiddenFrom="md" size="sm" aria-label={words.shell.closeMenu} />
      </div>
      <Text className={styles['company'] ?? ''} px="xs" pb="xs" hiddenFrom="sm" dir="auto">
        {data?.company}
      </Text>
      <div>
        {PAGES.map(({ id, icon: Symbol }) => (
          <Link
            key={id}
            href={`/${id}`}
            className={styles['item'] ?? ''}
            aria-current={section === id ? 'page' : undefined}
            title={words.pages[id]}
          >
            <Symbol size={18} stroke={1.7} aria-hidden />
            <span className={styles['itemName']}>{words.pages[id]}</span>
            {id === 'problems' && problems > 0 && (
              <span className={styles['count']} title={words.shell.openProblems(problems)}>
                <Chip color="red">{problems}</Chip>
              </span>
            )}
          </Link>
        ))}
      </div>
      <SignOut />
    </>
  )
}

function SignOut() {
  async function signOut() {
    await client.signOut()
    await queryClient.resetQueries()
  }
  return (
    <button
      type="button"
      className={styles['item']}
      style={{ marginTop: 'auto', border: 0, background: 'none', font: 'inherit', cursor: 'pointer' }}
      title={words.shell.signOut}
      onClick={() => void signOut()}
    >
      <IconLogout size={18} stroke={1.7} aria-hidden />
      <span className={styles['itemName']}>{words.shell.signOut}</span>
    </button>
  )
}
