// Runs in the container, next to the unit: one attack, chosen by its number. Prints the result as JSON.
import { attacks, runAttack } from '../../hostile/attacks.ts'

const attack = attacks[Number(process.argv[2])]
if (attack === undefined) throw new Error(`there are ${attacks.length} attacks`)
const document = '{"m.server":"matrix.example.com:443"}'
const { connections, wrong, end } = await runAttack(8080, attack, '/.well-known/matrix/server', document)
end()
console.log(JSON.stringify({ connections, wrong }))
