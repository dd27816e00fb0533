/** Which page stands at which address. */
import { lazy, Suspense } from 'react'
import { JourneysPage } from './builder/JourneysPage.tsx'
import { ContactsPage } from './contacts/ContactsPage.tsx'
import { MailboxPage } from './messages/MailboxPage.tsx'
import { Boundary } from './parts/Boundary.tsx'
import { PageHead } from './parts/PageHead.tsx'
import { Missing, Rows } from './parts/States.tsx'
import { Clock } from './parts/time.tsx'
import { ProblemsPage } from './problems/ProblemsPage.tsx'
import { usePlace, type Place } from './router.tsx'
import { SessionGate } from './shell/Session.tsx'
import { Shell } from './shell/Shell.tsx'
import { words } from './words.ts'

// The drawing and the charts are large, and most pages need neither.
const JourneyPage = lazy(async () => ({ default: (await import('./builder/JourneyPage.tsx')).JourneyPage }))
const GalleryPage = lazy(async () => ({
  default: (await import('./builder/gallery/GalleryPage.tsx')).GalleryPage,
}))
const ContactPage = lazy(async () => ({ default: (await import('./contacts/ContactPage.tsx')).ContactPage }))

export function App() {
  return (
    <SessionGate>
      <Clock>
        <Pages />
      </Clock>
    </SessionGate>
  )
}

function Pages() {
  const place = usePlace()
  const [section, id] = place.path
  return (
    <Shell wide={section === 'journeys' && id !== undefined}>
      <Boundary key={place.path.join('/')}>
        <Suspense fallback={<Rows />}>{pageAt(place)}</Suspense>
      </Boundary>
    </Shell>
  )
}

function pageAt({ path: [section = 'journeys', id, ...more], search }: Place) {
  if (more.length > 0) return <NotFound />
  switch (section) {
    case 'journeys':
      return id === undefined ? (
        <JourneysPage search={search.get('search') ?? ''} archived={search.has('archived')} />
      ) : (
        <JourneyPage key={id} id={id} />
      )
    case 'gallery':
      return id === undefined ? <GalleryPage /> : <NotFound />
    case 'contacts':
      return id === undefined ? (
        <ContactsPage search={search.get('search') ?? ''} list={search.get('list') ?? ''} />
      ) : (
        <ContactPage key={id} id={id} />
      )
    case 'mailbox':
      return <MailboxPage id={id ?? null} to={search.get('to') ?? ''} />
    case 'problems':
      return id === undefined ? <ProblemsPage /> : <NotFound />
    default:
      return <NotFound />
  }
}

function NotFound() {
  return (
    <>
      <PageHead title={words.notFound.title} />
      <Missing />
    </>
  )
}
