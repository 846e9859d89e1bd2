import t from 'tap'
import { healthyOptions } from '../support/check-cli.ts'
import { docker, hardening, image } from '../support/container.ts'
import { startHealthyWorld } from '../support/healthy-world.ts'

t.test('check runs in the image, with the memory and permissions of a sidecar', async t => {
  const world = await startHealthyWorld(t)
  const options = (await healthyOptions(world)).map(option => option === world.caFile ? '/ca.pem' : option)
  const trust = `--volume=${world.caFile}:/ca.pem:ro`
  const run = ['run', '--rm', '--network=host', trust, ...hardening, image, 'check', 'example.com', ...options]
  t.match(await docker(...run), /^Federation works\. Clients can log in\. No problems found\.\n/)
  const check = ['check', 'example.com', '--dns=127.0.0.1', '--timeout=1']
  const offline = ['run', '--rm', '--network=none', ...hardening, image, ...check]
  await t.rejects(docker(...offline), { code: 1, stdout: /discovery\.dns/ }, 'a failure exits with 1')
})
