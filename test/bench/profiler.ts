// Loaded into the measured server with `--import`: SIGUSR2 begins a CPU profile, a second one writes it to PROFILE.
import { writeFileSync } from 'node:fs'
import { Session } from 'node:inspector'

const session = new Session()
session.connect()
session.post('Profiler.enable')
session.post('Profiler.setSamplingInterval', { interval: 200 })
let running = false
process.on('SIGUSR2', () => {
  if (!running) session.post('Profiler.start')
  else
    session.post('Profiler.stop', (_error, { profile }) => {
      writeFileSync(process.env['PROFILE'] ?? '', JSON.stringify(profile))
    })
  running = true
})
