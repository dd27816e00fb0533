/** The top of every page: where one is, what it is for, and what can be chosen. Tells the tab and the screen reader, too. */
import { Title } from '@mantine/core'
import { IconChevronLeft } from '@tabler/icons-react'
import { useEffect, useRef, type ReactNode } from 'react'
import { Link } from '../router.tsx'
import { words } from '../words.ts'
import styles from './parts.module.css'

interface PageHeadProps {
  readonly title: string
  readonly lead?: ReactNode
  readonly back?: { readonly href: string; readonly name: string }
  readonly beside?: ReactNode
  readonly children?: ReactNode
}

export function PageHead({ title, lead, back, beside, children }: PageHeadProps) {
  const heading = useRef<HTMLHeadingElement>(null)
  useEffect(() => {
    document.title = `${title} · ${words.product}`
  }, [title])
  useEffect(() => heading.current?.focus({ preventScroll: true }), [])
  return (
    <header className={styles['head']}>
      <div style={{ minWidth: 0 }}>
        {back && (
          <Link href={back.href} className={styles['back'] ?? ''}>
            <IconChevronLeft size={15} aria-hidden /> {back.name}
          </Link>
        )}
        <Title order={1} ref={heading} tabIndex={-1} dir="auto">
          {title} {beside}
        </Title>
        {lead && <p className={styles['lead']}>{lead}</p>}
      </div>
      {children}
    </header>
  )
}
