/** The look: one calm sea colour, text that passes WCAG AA in light and dark, and 14 pixels as the size of reading. */
import {
  Autocomplete,
  createTheme,
  Modal,
  Select,
  TagsInput,
  type CSSVariablesResolver,
  type MantineColorsTuple,
} from '@mantine/core'
import { words } from './words.ts'

const tide: MantineColorsTuple = [
  '#e9f7f9',
  '#d3edf2',
  '#a5dae4',
  '#72c5d5',
  '#45b2c7',
  '#249fb6',
  '#0d8ba3',
  '#0a7489',
  '#0b6072',
  '#0b4d5b',
]
const dark: MantineColorsTuple = [
  '#d5dae1',
  '#b9c0cb',
  '#9aa3b1',
  '#707988',
  '#4b5361',
  '#353c48',
  '#262c36',
  '#191d24',
  '#13161c',
  '#0d1014',
]

export const theme = createTheme({
  colors: { tide, dark },
  primaryColor: 'tide',
  primaryShade: 7,
  autoContrast: true,
  defaultRadius: 'md',
  cursorType: 'pointer',
  respectReducedMotion: true,
  fontFamily:
    'Inter, ui-sans-serif, system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "Helvetica Neue", Arial, sans-serif',
  fontFamilyMonospace: 'ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace',
  fontSizes: { xs: '0.75rem', sm: '0.8125rem', md: '0.875rem', lg: '1rem', xl: '1.25rem' },
  headings: {
    fontWeight: '650',
    sizes: {
      h1: { fontSize: '1.5rem', lineHeight: '1.3' },
      h2: { fontSize: '1rem', lineHeight: '1.4' },
      h3: { fontSize: '0.875rem', lineHeight: '1.4' },
    },
  },
  components: {
    // Outside of the page's frame its <header> would count as the page's own.
    Modal: Modal.extend({
      defaultProps: {
        attributes: { header: { role: 'presentation' } },
        closeButtonProps: { 'aria-label': words.close },
      },
    }),
    // Whoever passes by with Tab is not asked: the list opens by typing, an arrow or a click.
    Autocomplete: Autocomplete.extend({ defaultProps: { openOnFocus: false } }),
    // What was typed is chosen by Enter alone.
    Select: Select.extend({ defaultProps: { openOnFocus: false, selectFirstOptionOnChange: true } }),
    TagsInput: TagsInput.extend({ defaultProps: { openOnFocus: false } }),
  },
})

const TINTED = ['tide', 'teal', 'violet', 'orange', 'blue', 'pink', 'indigo', 'grape', 'red', 'gray'] as const

/** Mantine's grounds for coloured chips are loud in the dark; these are a breath of the colour on the surface. */
function darkTints(): Record<string, string> {
  return Object.fromEntries(
    TINTED.flatMap((color) => [
      [`--mantine-color-${color}-light`, `color-mix(in srgb, var(--mantine-color-${color}-6) 20%, #1a1e26)`],
      [`--mantine-color-${color}-light-color`, `var(--mantine-color-${color}-3)`],
    ]),
  )
}

/** Colours that Mantine has no name for, and quieter text that is still readable on our grounds. */
export const cssVariables: CSSVariablesResolver = () => ({
  variables: {},
  light: {
    '--mantine-color-dimmed': '#566070',
    '--mantine-color-anchor': 'var(--mantine-color-tide-8)',
    '--mantine-color-placeholder': '#6b7584',
    // Mantine's own are 3.3 to 4.3 to 1 on their light grounds: measured with axe.
    '--mantine-color-orange-light-color': '#9a3412',
    '--mantine-color-error': '#c92a2a',
    '--mantine-color-teal-light-color': '#065f46',
    '--ground': '#f6f8f9',
    '--surface': '#ffffff',
    '--line': '#e3e8ec',
    '--line-strong': '#cfd7de',
    '--wire': '#a9b4bf',
    '--shadow': '0 1px 2px rgb(16 32 48 / 5%), 0 2px 8px rgb(16 32 48 / 4%)',
    '--shadow-raised': '0 2px 4px rgb(16 32 48 / 6%), 0 8px 24px rgb(16 32 48 / 9%)',
  },
  dark: {
    ...darkTints(),
    '--mantine-color-dimmed': '#9aa3b1',
    '--mantine-color-anchor': 'var(--mantine-color-tide-3)',
    '--mantine-color-body': '#13161c',
    '--mantine-color-error': '#ff8787',
    '--mantine-color-placeholder': '#8b94a3',
    '--ground': '#13161c',
    '--surface': '#1a1e26',
    '--line': '#2a303b',
    '--line-strong': '#3a4250',
    '--wire': '#566072',
    '--shadow': '0 1px 2px rgb(0 0 0 / 35%)',
    '--shadow-raised': '0 8px 24px rgb(0 0 0 / 45%)',
  },
})
