import t from 'tap'
import { healthyOptions } from '../support/check-cli.ts'
import { docker, hardening, image } from '../support/container.ts'
import { startHealthyWorld } from '../support/healthy-world.ts'

t.test('the image checks, too, with the memory and the rights of a sidecar', async t => {
  const world = await startHealthyWorld(t)
  const options = (await healthyOptions(world)).map(option => option === world.caFile ? '/ca.pem' : option)
  const run = ['run', '--rm', '--network=host', `--volume=${world.caFile}:/ca.pem:ro`, ...hardening, image, 'check', 'example.com', ...options]
  t.match(await docker(...run), /^Federation works\. Clients can log in\. Nothing to mend\.\n/)
  const failing = ['run', '--rm', '--network=none', ...hardening, image, 'check', 'example.com', '--dns=127.0.0.1', '--timeout=1']
  await t.rejects(docker(...failing), { code: 1, stdout: /discovery\.dns/ }, 'a failure is status 1')
})
