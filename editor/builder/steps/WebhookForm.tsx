/** A call to another system: whom, with what, what is kept of the answer, and how it goes on. */
import { Input, SegmentedControl, Textarea } from '@mantine/core'
import { useId, useRef, useState } from 'react'
import { WEBHOOK_METHODS } from '../../../engine/index.ts'
import { words } from '../../words.ts'
import { FieldMenu, type FieldQuestion } from '../mail/FieldMenu.tsx'
import { FieldText } from '../mail/FieldText.tsx'
import { fieldSource, type Field, type FieldGroup } from '../mail/fields.ts'
import { useFields } from '../mail/useMessage.ts'
import { useStepChange } from './change.ts'
import { ChoiceField, Section } from './Fields.tsx'
import type { StepFormProps } from './formProps.ts'
import styles from './Forms.module.css'
import { attributeInWords, attributeNamed } from './names.ts'
import { isTable, typedJson } from './pairs.ts'
import { PairsField } from './PairsField.tsx'
import { useProblemAt } from './problemAt.ts'
import { ResultFields } from './ResultFields.tsx'
import { textOf } from './typed.ts'
import { useNames } from './useNames.ts'

const say = words.forms.webhook

export function WebhookForm({ id, step }: StepFormProps) {
  const change = useStepChange(id)
  const { attributes } = useNames()
  const fields = useFields()
  const problem = useProblemAt(['states', id, 'entry', 'params'])
  if (step.entry?.type !== 'callWebhook') return null
  const { url, method, headers, body, store } = step.entry.params
  const carries = method !== 'GET' && method !== 'DELETE'
  return (
    <>
      <FieldText
        label={say.url}
        placeholder="https://"
        value={textOf(url)}
        fields={fields}
        {...(problem('url') === undefined ? {} : { error: say.urlWrong })}
        onChange={(text) => change.params('url', { url: text })}
      />
      <ChoiceField
        label={say.method}
        hint={say.methodHint}
        value={method}
        options={WEBHOOK_METHODS.map((value) => ({ value, label: say.methods[value] }))}
        onChange={(value) => change.params('method', { method: value })}
      />
      {(carries || body !== undefined) && (
        <BodyField
          body={body}
          fields={fields}
          error={carries ? problem('body') : say.noBody}
          onChange={(value) => change.params('body', { body: value })}
        />
      )}
      <PairsField
        label={say.headers}
        hint={say.headersHint}
        fields={fields}
        record={headers ?? {}}
        error={problem('headers') && say.headersWrong}
        nameLabel={say.header}
        valueLabel={say.value}
        add={say.addHeader}
        onChange={(record) =>
          change.params('headers', { headers: Object.keys(record).length === 0 ? undefined : record })
        }
      />
      <PairsField
        label={say.store}
        hint={say.storeHint}
        record={Object.fromEntries(
          Object.entries(store ?? {}).map(([name, place]) => [attributeInWords(name), shownPlace(place)]),
        )}
        error={problem('store')}
        nameLabel={say.attribute}
        valueLabel={say.place}
        names={attributes.map(attributeInWords)}
        add={say.addStore}
        onChange={(record) =>
          change.params('store', {
            store:
              Object.keys(record).length === 0
                ? undefined
                : Object.fromEntries(
                    Object.entries(record).map(([name, place]) => [
                      attributeNamed(name),
                      writtenPlace(place),
                    ]),
                  ),
          })
        }
      />
      <ResultFields id={id} step={step} of="webhook" />
    </>
  )
}

/** A place in the answer as people write it, `customer.tier`; in the file it is the JSON Pointer `/customer/tier`. */
function shownPlace(pointer: string): string {
  return /^\/[^~/.]+(?:\/[^~/.]+)*$/.test(pointer) ? pointer.slice(1).replaceAll('/', '.') : pointer
}

function writtenPlace(place: string): string {
  return place === '' || place.startsWith('/') ? place : `/${place.replaceAll('.', '/')}`
}

/** What is sent along: a table of names and values, or any JSON. */
function BodyField({
  body,
  fields,
  error,
  onChange,
}: {
  readonly body: unknown
  readonly fields: readonly FieldGroup[]
  readonly error: string | undefined
  readonly onChange: (body: unknown) => void
}) {
  const [how, setHow] = useState<'table' | 'json'>(body === undefined || isTable(body) ? 'table' : 'json')
  const canBeTable = body === undefined || isTable(body)
  return (
    <Section title={say.body}>
      <SegmentedControl
        size="xs"
        aria-label={say.bodyHow}
        value={canBeTable ? how : 'json'}
        data={[
          { value: 'table', label: say.table, disabled: !canBeTable },
          { value: 'json', label: say.json },
        ]}
        onChange={setHow}
      />
      {canBeTable && how === 'table' ? (
        <PairsField
          label={say.tableLabel}
          fields={fields}
          record={isTable(body) ? body : {}}
          error={error}
          nameLabel={say.name}
          valueLabel={say.value}
          add={say.addValue}
          onChange={(record) => onChange(Object.keys(record).length === 0 ? undefined : record)}
        />
      ) : (
        <JsonField body={body} fields={fields} error={error} onChange={onChange} />
      )}
    </Section>
  )
}

/** JSON as text. What is none is kept in the field and said; the step keeps the last that was. */
function JsonField({
  body,
  fields,
  error,
  onChange,
}: {
  readonly body: unknown
  readonly fields: readonly FieldGroup[]
  readonly error: string | undefined
  readonly onChange: (body: unknown) => void
}) {
  const id = useId()
  const ref = useRef<HTMLTextAreaElement>(null)
  const stored = body === undefined ? '' : JSON.stringify(body, null, 2)
  const [typed, setTyped] = useState(stored)
  const [question, setQuestion] = useState<FieldQuestion | null>(null)
  const read = typedJson(typed)
  const isStored = JSON.stringify(read?.value ?? null) === JSON.stringify(body ?? null)
  const shown = read === undefined || isStored ? typed : stored
  const set = (text: string) => {
    const next = typedJson(text)
    setTyped(text)
    if (next !== undefined) onChange(next?.value)
  }
  const put = (field: Field | null) => {
    const box = ref.current
    setQuestion(null)
    if (field === null || box === null) return
    // Within a text of JSON, where fields stand, quotation marks are escaped.
    const source = JSON.stringify(fieldSource(field)).slice(1, -1)
    set(shown.slice(0, box.selectionStart) + source + shown.slice(box.selectionEnd))
    box.focus()
  }
  return (
    <div>
      <div className={styles['labelled']}>
        <Input.Label htmlFor={id} size="sm">
          {say.jsonLabel}
        </Input.Label>
        <FieldMenu
          groups={fields}
          of={say.jsonLabel}
          question={question}
          onAsk={setQuestion}
          onClose={() => setQuestion(null)}
          onPut={put}
        />
      </div>
      <Textarea
        ref={ref}
        id={id}
        size="sm"
        autosize
        minRows={5}
        maxRows={18}
        spellCheck={false}
        classNames={{ input: styles['code'] ?? '' }}
        value={shown}
        {...(read === undefined ? { error: say.noJson } : error === undefined ? {} : { error })}
        onChange={(event) => set(event.currentTarget.value)}
      />
    </div>
  )
}
