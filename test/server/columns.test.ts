import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { replayRows, type ReplayRow } from '../../server/ingest/columns.ts'
import { parseReplayOptions } from '../../server/ingest/replayOptions.ts'

const NOW = Date.parse('2026-05-03T12:00:00.000Z')
const BASIC = ['--event', 'purchase', '--map', 'userId=customer', 'timestamp=date']

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tidemark-columns-'))
})
afterAll(() => rm(folder, { recursive: true }))

describe('rows', () => {
  test('columns by runs of blanks, a blank before the first, CRLF, days as YYYYMMDD: midnight UTC', async () => {
    const text =
      ' customer_id  date number_of_cds  dollar_value\r\n 00001 19970101  1   11.77\r\n 00001 19970101  1   11.77\r\n\t00002 19980630 12  .5 \r\n\r\n'
    const map = [
      '--columns',
      'blank',
      '--event',
      'purchase',
      '--map',
      'userId=customer_id',
      'timestamp:YYYYMMDD=date',
      'quantity:number=number_of_cds',
      'revenue:number=dollar_value',
    ]
    expect(await rows('CDNOW.txt', text, map)).toMatchObject([
      {
        line: 2,
        call: {
          kind: 'event',
          name: 'purchase',
          userId: '00001',
          messageId: 'CDNOW.txt:2',
          occurredAt: Date.parse('1997-01-01T00:00:00Z'),
          properties: { quantity: 1, revenue: 11.77 },
          active: true,
        },
      },
      { line: 3, call: { messageId: 'CDNOW.txt:3' } },
      {
        line: 4,
        call: {
          userId: '00002',
          occurredAt: Date.parse('1998-06-30T00:00:00Z'),
          properties: { quantity: 12, revenue: 0.5 },
        },
      },
    ])
  })

  test('CSV with quotes, a mark at the start, line breaks in a field, empty lines; each row has a line of its own', async () => {
    const text =
      '\uFEFFcustomer, date ,note\n1,2026-01-01,"a ""b"",\nc"\n\n2,2026-01-02T10:00:00+02:00,5" disk\n'
    expect(await rows('a.csv', text, [...BASIC, 'note=note'])).toMatchObject([
      { line: 3, call: { messageId: 'a.csv:3', properties: { note: 'a "b",\nc' } } },
      {
        line: 5,
        call: {
          messageId: 'a.csv:5',
          occurredAt: Date.parse('2026-01-02T08:00:00Z'),
          properties: { note: '5" disk' },
        },
      },
    ])
  })

  test.each([
    ['semicolon', ';'],
    ['tab', '\t'],
  ])('columns by %s', async (name, sign) => {
    const text = `customer${sign}date\n1${sign}2026-01-01\n`
    expect(await rows('a.csv', text, [...BASIC, '--columns', name])).toMatchObject([
      { line: 2, call: { userId: '1' } },
    ])
  })

  test('traits, an address, an own id, the name from a column; empty fields say nothing', async () => {
    const text =
      'who,at,what,key,name,vip,n\nada@example.org,2026-01-01,purchase,k1,Ada,yes,\n,2026-01-01,purchase,k2,,no,3\n'
    const map = [
      '--map',
      'email=who',
      'timestamp=at',
      'event=what',
      'id=key',
      'traits.firstName=name',
      'vip:boolean=vip',
      'properties.email=who',
      'n:number=n',
    ]
    expect(await rows('a.csv', text, map)).toEqual([
      {
        line: 2,
        bytes: text.length,
        skipped: [],
        call: {
          kind: 'event',
          name: 'purchase',
          email: 'ada@example.org',
          messageId: 'k1',
          occurredAt: Date.parse('2026-01-01T00:00:00Z'),
          properties: { vip: true, email: 'ada@example.org' },
          active: true,
          identification: { attributes: { FIRSTNAME: 'Ada' } },
        },
      },
      { line: 3, bytes: text.length, problems: [expect.stringMatching(/nothing says who this is/)] },
    ])
  })

  test('a row that cannot be read is told with its column, and the others go on', async () => {
    const text =
      'customer,date,total\n1,2026-01-01,12.50\n2,01/02/2026,12.50\n3,2026-01-01,"1,2"\n4,2026-01-01\n5,,1\n6,2027-01-01,1\n7,2026-01-01,1e999\n8,2026-01-01,\n'
    const found = await rows('a.csv', text, [...BASIC, 'total:number=total'])
    expect(
      found.map((row) => ('problems' in row ? `${row.line}: ${row.problems.join('; ')}` : row.line)),
    ).toEqual([
      2,
      '3: timestamp (column "date"): expected a time such as 2026-05-03 or 2026-05-03T12:30:00Z, got "01/02/2026"',
      '4: total (column "total"): expected a number such as 12.50, got "1,2"',
      '5: expected 3 columns, got 2',
      '6: /timestamp: is missing: expected the time at which it happened',
      '7: /timestamp: expected a time that is past, got "2027-01-01T00:00:00.000Z"',
      '8: /properties/total: expected a number that can be stored, got Infinity',
      9,
    ])
  })

  test('scores are not written by a file either', async () => {
    const text = 'customer,date,score\n1,2026-01-01,50\n'
    expect(await rows('a.csv', text, [...BASIC, 'traits.score:number=score'])).toMatchObject([
      { line: 2, skipped: [expect.stringMatching(/^\/context\/traits\/score: SCORE is kept by Tidemark/)] },
    ])
  })

  test('a property named like a part of the language is refused, not lost', async () => {
    expect(
      await rows('a.csv', 'customer,date,x\n1,2026-01-01,50\n', [...BASIC, '__proto__=x']),
    ).toMatchObject([{ problems: [expect.stringMatching(/^\/properties\/__proto__: /)] }])
  })

  test('a missing or double column, broken quotes and endless lines end the file, and say so', async () => {
    expect(await rows('a.csv', 'customer,day\n1,2\n1,3\n', BASIC)).toMatchObject([
      { line: 1, problems: ['expected a column "date", got "customer", "day"'] },
    ])
    expect(await rows('a.csv', 'customer,date,date\n1,2,3\n', BASIC)).toMatchObject([
      { line: 1, problems: ['expected one column "date", got several'] },
    ])
    expect(await rows('a.csv', 'customer,date\n1,2026-01-01\n"1,2\n3,4\n', BASIC)).toMatchObject([
      { line: 2, call: {} },
      { problems: [expect.stringMatching(/[Qq]uote/)] },
    ])
    expect(
      await rows('a.txt', `customer date\n${'x'.repeat(1_500_000)}`, [...BASIC, '--columns', 'blank']),
    ).toMatchObject([{ line: 2, problems: [expect.stringMatching(/at most 1000000/)] }])
    expect(await rows('a.csv', '', BASIC)).toEqual([])
  })

  test('lines of JSON by key or pointer; values keep their type; U+2028 ends no line', async () => {
    const text =
      '{"customer":7,"date":"2026-01-01","order":{"total":"12.5","a/b":[true]},"note":"a\u2028b"}\r\n\n[]\n{"customer"\n{"customer":8,"date":5}'
    const found = await rows('a.ndjson', text, [
      ...BASIC,
      'total:number=/order/total',
      'first=/order/a~1b/0',
      'note=note',
      'none=/order/none/x',
    ])
    expect(found).toMatchObject([
      { line: 1, call: { userId: '7', properties: { total: 12.5, first: true, note: 'a\u2028b' } } },
      { line: 3, problems: ['expected a JSON object'] },
      { line: 4, problems: [expect.stringMatching(/^expected a JSON object: /)] },
      { line: 5, problems: [expect.stringMatching(/^timestamp \(column "date"\)/)] },
    ])
  })

  test('lines of JSON without a map are calls as Segment writes them; the sentAt of then moves nothing', async () => {
    const calls = [
      {
        type: 'track',
        userId: 'u',
        event: 'x',
        timestamp: '2020-01-01T00:00:00Z',
        sentAt: '2020-01-01T00:00:05Z',
        messageId: 'm1',
      },
      { type: 'identify', userId: 'u', traits: { a: 1 }, timestamp: '2020-01-01T00:00:00Z' },
      { type: 'track', userId: 'u', event: 'x' },
      { type: 'import', userId: 'u', timestamp: '2020-01-01T00:00:00Z' },
      { type: 'track', userId: 'u', event: 'score.x', timestamp: '2020-01-01T00:00:00Z' },
    ]
    expect(await rows('calls.jsonl', calls.map((call) => JSON.stringify(call)).join('\n'), [])).toMatchObject(
      [
        { call: { messageId: 'm1', occurredAt: Date.parse('2020-01-01T00:00:00Z') } },
        { call: { kind: 'identify', messageId: 'calls.jsonl:2' } },
        { problems: ['/timestamp: is missing: expected the time at which it happened'] },
        { problems: [expect.stringMatching(/^\/type: expected one of /)] },
        { problems: [expect.stringMatching(/^\/event: /)] },
      ],
    )
  })

  test('lines longer than a chunk, and the last one without an end, are whole', async () => {
    const line = (index: number) =>
      JSON.stringify({ customer: `c${index}`, date: '2026-01-01', note: 'é'.repeat(700) })
    const found = await rows(
      'long.ndjson',
      Array.from({ length: 2_000 }, (_, index) => line(index)).join('\n'),
      [...BASIC, 'note=note'],
    )
    expect(found.map((row) => ('call' in row ? row.call.userId : row.problems))).toEqual(
      Array.from({ length: 2_000 }, (_, index) => `c${index}`),
    )
  })

  test('who stops early closes the file; a file that is not there is an error', async () => {
    const options = read(join(folder, 'early.csv'), BASIC)
    await writeFile(options.file, `customer,date\n${'1,2026-01-01\n'.repeat(100_000)}`)
    for await (const row of replayRows(options, NOW, () => false)) {
      expect(row.line).toBe(2)
      break
    }
    await expect(
      replayRows(read(join(folder, 'none.csv'), BASIC), NOW, () => false).next(),
    ).rejects.toMatchObject({ code: 'ENOENT' })
  })
})

describe('formats of times, all UTC', () => {
  const at = async (format: string, value: string) => {
    const [row] = await rows('a.csv', `c;t\n1;${value}\n`, [
      '--columns',
      'semicolon',
      '--event',
      'x',
      '--map',
      'userId=c',
      `timestamp:${format}=t`,
    ])
    return row && 'call' in row ? new Date(row.call.occurredAt).toISOString() : undefined
  }
  test.each([
    ['YYYYMMDD', '19970101', '1997-01-01T00:00:00.000Z'],
    ['YYYY-MM-DD HH:mm:ss', '2026-01-31 23:59:58', '2026-01-31T23:59:58.000Z'],
    ['D.M.YYYY H:mm', '1.2.2026 9:05', '2026-02-01T09:05:00.000Z'],
    ['M/D/YYYY', '12/31/2025', '2025-12-31T00:00:00.000Z'],
    ['YYYY-MM-DDTHH:mm:ss.SSSZ', '2026-01-01T01:02:03.004Z', '2026-01-01T01:02:03.004Z'],
    ['unix', '1000000000.5', '2001-09-09T01:46:40.500Z'],
    ['unixms', '1000000000123', '2001-09-09T01:46:40.123Z'],
    ['YYYYMMDD', '19970230', undefined],
    ['YYYYMMDD', '1997-01-01', undefined],
    ['M/D/YYYY', '13/01/2025', undefined],
    ['YYYY.MM.DD', '2025x01x01', undefined],
    ['unix', '99999999999999', undefined],
    ['unix', 'now', undefined],
  ])('%s: %s is %s', async (format, value, instant) => {
    expect(await at(format, value)).toBe(instant)
  })
})

describe('options', () => {
  test('the map goes on to the next option; the file may stand anywhere', () => {
    const orders = [
      ['sales.csv', ...BASIC],
      [...BASIC, 'sales.csv'],
      ['--map', 'userId=customer', 'sales.csv', '--event', 'purchase', '--map', 'timestamp=date'],
    ]
    for (const argv of orders)
      expect(parseReplayOptions(argv)).toMatchObject({
        ok: true,
        options: {
          file: 'sales.csv',
          separator: 'comma',
          source: 'sales.csv',
          event: 'purchase',
          mappings: [{ column: 'customer' }, { column: 'date' }],
        },
      })
  })

  test('a column may have "=" and ":" in its name', () => {
    expect(read('a.csv', [...BASIC, 'x:number=a=b:c'])).toMatchObject({
      mappings: [{}, {}, { name: 'x', type: 'number', column: 'a=b:c' }],
    })
  })

  test('the source is the name of the file, or what it is called', () => {
    expect(read('/a/b/sales.csv', BASIC).source).toBe('sales.csv')
    expect(read('/a/b/sales.csv', [...BASIC, '--source', 'shop 2025']).source).toBe('shop 2025')
  })

  test('--until now is the only until', () => {
    expect(read('a.csv', BASIC).untilNow).toBe(false)
    expect(read('a.csv', [...BASIC, '--until', 'now']).untilNow).toBe(true)
    expect(problems(['a.csv', ...BASIC, '--until', 'then'])).toEqual(['--until: expected now, got "then"'])
  })

  test('all problems at once', () => {
    expect(
      problems([
        '--columns',
        'x',
        '--map',
        'a',
        'userId:text=b',
        'timestamp:YYYY=c',
        'q:int=d',
        'q=e',
        'q=f',
        '--evnt',
        '--event',
        'score.x',
      ]),
    ).toEqual([
      expect.stringMatching(/^--evnt: expected one of "--columns", "--event", "--map", "--source"/),
      '--columns: expected one of "comma", "semicolon", "tab", "blank", got "x"',
      '--event: expected a name that Tidemark does not use itself, got "score.x"',
      '--map "userId:text=b": expected no type for userId',
      '--map "timestamp:YYYY=c": expected a format of YYYY MM DD HH mm ss SSS with year, month and day, or unix or unixms',
      '--map "q:int=d": expected the type one of "text", "number", "boolean"',
      '--map: expected q once',
    ])
  })

  test.each([
    [[], 'FILE: expected one file, got none'],
    [['a.csv', 'b.csv', ...BASIC], 'FILE: expected one file, got "a.csv", "b.csv"'],
    [
      ['a.csv', '--event', 'x', '--map', 'userId=a'],
      '--map: expected timestamp=COLUMN, since past events are replayed at their time',
    ],
    [
      ['a.csv', '--event', 'x', '--map', 'timestamp=a'],
      '--map: expected userId=COLUMN, anonymousId=COLUMN or email=COLUMN',
    ],
    [
      ['a.csv', '--map', 'userId=a', 'timestamp=b'],
      '--event: expected the name of the events, or --map event=COLUMN',
    ],
    [['a.csv', ...BASIC, 'event=kind'], '--event: expected none, since --map says which column tells it'],
    [['a.csv', ...BASIC, '=x'], '--map "=x": expected FIELD=COLUMN'],
    [
      ['a.csv', ...BASIC, '--source', ''],
      '--source: expected a name of 1 to 200 characters, none of them a control character',
    ],
    [['a.csv', '--map', 'userId=a', 'timestamp=b', '--event'], '--event: expected one value, got none'],
    [['a.csv', ...BASIC, '--event', 'y'], '--event: expected one value, got 2'],
    [
      ['a.ndjson', ...BASIC, '--columns', 'tab'],
      '--columns: expected none, since the file has a JSON object on each line',
    ],
    [
      ['a.csv', ...BASIC.slice(2), '--event', 'a.*'],
      '--event: expected an event name that is no wildcard, got "a.*"',
    ],
    [
      ['a.csv', ...BASIC, 'timestamp:YYYYMMDDD=x'],
      '--map "timestamp:YYYYMMDDD=x": expected a format of YYYY MM DD HH mm ss SSS with year, month and day, or unix or unixms',
    ],
  ])('%j', (argv, problem) => {
    expect(problems(argv)).toContain(problem)
  })

  test('who asks for help gets no problems', () => {
    expect(parseReplayOptions(['--help'])).toEqual({ ok: false, problems: [] })
  })
})

function read(file: string, argv: readonly string[]) {
  const parsed = parseReplayOptions([file, ...argv])
  if (!parsed.ok) throw new Error(parsed.problems.join('\n'))
  return parsed.options
}

function problems(argv: readonly string[]): readonly string[] {
  const parsed = parseReplayOptions(argv)
  return parsed.ok ? [] : parsed.problems
}

async function rows(name: string, text: string, argv: readonly string[]): Promise<readonly ReplayRow[]> {
  const file = join(folder, name)
  await writeFile(file, text)
  const found: ReplayRow[] = []
  for await (const row of replayRows(read(file, argv), NOW, (attribute) => attribute === 'SCORE'))
    found.push(row)
  return found
}
