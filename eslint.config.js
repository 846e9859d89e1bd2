import neostandard from 'neostandard'

export default neostandard({ ts: true, ignores: ['bundle/', 'dist/', '.tap/'] })
