/** The command that sends a first event to this very server. */
export function firstEvent(origin: string): string {
  return [
    `curl -u "$TIDEMARK_WRITE_KEY:" ${origin}/v1/batch \\`,
    `  -H 'content-type: application/json' -d '{ "batch": [`,
    `    { "type": "identify", "userId": "ada", "traits": { "email": "ada@example.com", "firstName": "Ada" } },`,
    `    { "type": "track", "userId": "ada", "event": "newsletter_subscribed" }`,
    `  ] }'`,
  ].join('\n')
}
