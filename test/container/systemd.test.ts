import { readFileSync } from 'node:fs'
import t from 'tap'
import { attacks } from '../hostile/attacks.ts'
import { eventually } from '../hostile/server.ts'
import { startMachine } from '../support/systemd-container.ts'

const folder = new URL('../../examples/systemd/', import.meta.url)
const page = readFileSync(new URL('README.md', folder), 'utf8')
const unit = readFileSync(new URL('matrix-well-known.service', folder), 'utf8')

/** What each block of commands on the page is for; the test runs them all. */
const blocks = [...page.matchAll(/^```sh\n(.*?)^```$/gms)].map(([, text = '']) => text.trimEnd())
const [install, validate, start, request, restart, status, journal, reload, timer, report, ...others] = blocks
const [monitor, monitorReport, update, remove, ...more] = others

const { run, show } = await startMachine(t)
/** `systemctl status` has a status of its own for a unit that doesn't run. */
const readStatus = async (): Promise<string> => await run(`${status} --no-pager --full || [ $? = 3 ]`)
/** The package isn't in npm's cache by its name. */
const runBlock = async (text = ''): Promise<string> =>
  await run(text.replace(/(npm install --global) matrix-well-known\b(@latest)?/, '$1 /root/matrix-well-known.tgz'))
const readServer = async (host = 'example.com'): Promise<string> =>
  await run(`curl --silent --fail --header 'Host: ${host}' http://127.0.0.1:8080/.well-known/matrix/server`)
const document = '{"m.server":"matrix.example.com:443"}'
const environmentFile = '/etc/matrix-well-known.env'
const setM = (server: string): string => `sed -i 's,^M_SERVER=.*,M_SERVER=${server},' ${environmentFile}`

t.test('the commands on the page and in the unit install and start it', async t => {
  t.strictSame(more, [])
  const commands = [...unit.slice(0, unit.indexOf('[Unit]')).matchAll(/^# {3}(\S.*)$/gm)].map(([, text]) => text)
  t.strictSame(commands, [...install?.split('\n') ?? [], start], 'the unit has the same commands')
  await runBlock(install)
  await run(setM('https://matrix.example.com'))
  await t.rejects(runBlock(validate), { code: 78, stdout: /M_SERVER is "https:\/\/matrix\.example\.com"/ })
  await run(setM('matrix.example.com:443'))
  t.match(await runBlock(validate), 'matrix.example.com:443')
  t.equal(await run('systemctl list-units --failed --no-legend "run-*"'), '', 'no unit of a validation stays')
  await runBlock(start)
  // It listens as soon as it has started.
  const response = await runBlock(request)
  t.match(response, /^HTTP\/1\.1 200 OK\r\n[^]*\{"m\.server":"matrix\.example\.com:443"\}$/)
  t.equal(await run('systemctl is-enabled matrix-well-known'), 'enabled')
  t.match(await readStatus(), 'Status: "Listening at http://127.0.0.1:8080"')
})

t.test('the process has a user and no privileges, and writes no files', async t => {
  const pid = await show('MainPID')
  const status = await run(`cat /proc/${pid}/status`)
  t.notMatch(status, /^[UG]id:.*\t0\b/m)
  t.match(status, /^NoNewPrivs:\t1$/m)
  t.match(status, /^Seccomp:\t2$/m)
  for (const set of ['CapInh', 'CapPrm', 'CapEff', 'CapBnd', 'CapAmb']) {
    t.match(status, new RegExp(`^${set}:\t0+$`, 'm'), set)
  }
  const mounts = await run(`cat /proc/${pid}/mounts`)
  t.match(mounts, /^\S+ \/ \S+ ro,/m)
})

t.test('with wrong settings, the start fails, once, and the status says what to change', async t => {
  await run(setM('https://matrix.example.com'))
  await t.rejects(runBlock(restart), { code: 1, stderr: /systemctl status matrix-well-known/ })
  t.strictSame([await show('ActiveState'), await show('ExecMainStatus')], ['failed', '78'])
  t.match(await readStatus(), /M_SERVER is .*matrix\.example\.com:443/)
  await run(setM('matrix.example.com:443'))
  await runBlock(restart)
  t.equal(await readServer(), document)
  t.equal(await show('NRestarts'), '0')
})

t.test('while another program has the port, it tries again, and the journal says why', async t => {
  await run('systemctl stop matrix-well-known')
  // systemd itself listens as soon as this returns.
  await run('systemd-run --quiet --unit=other --socket-property=ListenStream=127.0.0.1:8080 true')
  await t.rejects(runBlock(restart), { code: 1 })
  t.equal(await show('ActiveState'), 'activating')
  t.match(await runBlock(journal), 'PORT is 8080: the address is already in use')
  // This also forgets the starts, of which systemd allows five in ten seconds.
  await run('systemctl stop other.socket matrix-well-known && systemctl reset-failed matrix-well-known')
  await runBlock(restart)
  t.equal(await readServer(), document)
})

t.test('a reload reads the sites again, without a restart', async t => {
  const sites = '/etc/matrix-well-known.d'
  await run(`mkdir ${sites} && echo SERVER_NAME=example.org > ${sites}/example.org.env &&
    printf 'SITES_DIR=${sites}\\nSITES_RELOAD_SECONDS=0\\n' >> ${environmentFile}`)
  await runBlock(restart)
  t.equal(await eventually(() => readServer('example.org')), '{"m.server":"example.org:443"}')
  const pid = await show('MainPID')
  await run(`echo M_SERVER=new.example.org:443 >> ${sites}/example.org.env`)
  await runBlock(reload)
  const changed = '{"m.server":"new.example.org:443"}'
  await eventually(async () => { if (await readServer('example.org') !== changed) throw new Error('not yet') })
  t.equal(await show('MainPID'), pid)
  t.equal(await readServer(), document)
  await run(`chmod 600 ${sites}/example.org.env`)
  await t.rejects(runBlock(validate), { code: 78, stdout: /example\.org\.env: fault: no permission to read it/ })
  await run(`sed -i /^SITES_/d ${environmentFile}`)
  await runBlock(restart)
})

t.test('the timer starts a check; one that fails shows, and its report is in the journal', async t => {
  await runBlock(timer)
  t.equal(await run('systemctl is-active matrix-well-known-check.timer'), 'active')
  // The container is offline.
  await t.rejects(run('systemctl start matrix-well-known-check'), { code: 1, stderr: /failed/ })
  t.match(await runBlock(report), 'discovery.dns')
})

t.test('the monitor runs beside the server, with the same settings', async t => {
  await runBlock(monitor)
  t.equal(await run('systemctl is-enabled matrix-well-known-monitor'), 'enabled')
  t.match(await run('curl --silent --fail http://127.0.0.1:8081/'), 'example.com')
  t.match(await run('systemctl status --no-pager --full matrix-well-known-monitor'),
    'Status: "Listening at http://127.0.0.1:8081"')
  t.match(await runBlock(monitorReport), 'monitoring 1 name at http://127.0.0.1:8081')
  await run('systemctl stop matrix-well-known-monitor')
  t.equal(await run('systemctl show --value --property=Result matrix-well-known-monitor'), 'success')
})

t.test('it is started again when it is killed', async t => {
  await eventually(() => readServer())
  const pid = await show('MainPID')
  await run('systemctl kill --kill-whom=main --signal=KILL matrix-well-known')
  await eventually(async () => { if (await show('NRestarts') !== '1') throw new Error('not yet') })
  t.equal(await eventually(() => readServer()), document)
  t.not(await show('MainPID'), pid)
})

t.test('within its memory, it keeps serving whatever connections do', async t => {
  // A new copy of node isn't in the page cache yet. What the unit reads of it counts as its memory.
  await run(`cd /usr/local/bin && cp node copy && sync copy && mv copy node &&
    dd if=node iflag=nocache count=0 status=none`)
  for (const [index, { name }] of attacks.entries()) {
    // Systemd allows no more than five starts in ten seconds.
    await run('systemctl reset-failed matrix-well-known')
    await runBlock(restart)
    await eventually(() => readServer())
    const pid = await show('MainPID')
    const result: { connections: number, wrong: string[] } =
      JSON.parse(await run(`node /repository/test/container/systemd/attack.ts ${index}`))
    t.strictSame(result.wrong, [], name)
    t.equal(await show('MainPID'), pid, 'the same process')
    const memory = /VmHWM:\s+(\d+)/.exec(await run(`cat /proc/${pid}/status`))?.[1]
    t.comment(`each of ${result.connections} ${name}: ${memory} kB`)
  }
})

t.test('its memory is limited: with too little, the kernel ends it', async t => {
  t.equal(await show('MemoryMax'), String(160 * 1024 ** 2))
  await run('systemctl set-property --runtime matrix-well-known MemoryMax=16M')
  await run('systemctl restart matrix-well-known').catch(() => '')
  await eventually(async () => { if (Number(await show('NRestarts')) < 1) throw new Error('not yet') })
  t.match(await run('journalctl --unit=matrix-well-known --output=cat --grep=status=9/KILL'), 'code=killed')
  await run('systemctl set-property --runtime matrix-well-known MemoryMax=160M')
})

t.test('it can be updated, stopped and removed', async t => {
  const pid = await show('MainPID')
  await runBlock(update)
  t.equal(await readServer(), document)
  t.not(await show('MainPID'), pid)
  t.equal(await run('systemctl is-active matrix-well-known-monitor || true'), 'inactive')
  await run('systemctl stop matrix-well-known')
  t.strictSame([await show('Result'), await show('ExecMainStatus')], ['success', '0'])
  await runBlock(remove)
  t.equal(await show('LoadState'), 'not-found')
  const failed = await run('systemctl list-units --failed --no-legend "matrix-well-known*"')
  t.equal(failed, '', 'not even the check that has failed')
  await t.rejects(run('command -v matrix-well-known'))
})
