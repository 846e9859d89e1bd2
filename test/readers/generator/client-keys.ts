import fc from 'fast-check'
import { baseUrl, mostly, secureUrl } from './names.ts'

/** Anything that JSON can say. */
export const json: fc.Arbitrary<unknown> = fc.jsonValue({ maxDepth: 4, stringUnit: 'binary' })

const focus = mostly<unknown>(
  fc.record({ type: fc.constant('livekit'), livekit_service_url: baseUrl }),
  fc.oneof<Array<fc.Arbitrary<unknown>>>(
    fc.record({ type: fc.constantFrom('com.example.sfu', 'nextgen'), url: json }),
    fc.record({
      type: fc.constantFrom('livekit', 'other', 1, null),
      livekit_service_url: fc.oneof(secureUrl, json),
      livekit_alias: json
    }, { requiredKeys: [] }),
    json
  )
)
const foci = mostly<unknown>(fc.array(focus, { maxLength: 3 }), json)
const tileServer = mostly<unknown>(
  fc.record({ map_style_url: secureUrl }),
  fc.oneof(fc.record({ map_style_url: json }, { requiredKeys: [] }), json)
)
const optional = { requiredKeys: [] }
/** Seldom under both names. */
const known = mostly<object>(
  fc.oneof(
    fc.record({ 'm.tile_server': tileServer, 'org.matrix.msc4143.rtc_foci': foci }, optional),
    fc.record({ 'org.matrix.msc3488.tile_server': tileServer, 'm.rtc_foci': foci }, optional)
  ),
  fc.oneof(
    fc.record({ 'm.tile_server': tileServer, 'org.matrix.msc3488.tile_server': tileServer }),
    fc.record({ 'm.rtc_foci': foci, 'org.matrix.msc4143.rtc_foci': foci })
  )
)

const keyName = mostly(
  fc.stringMatching(/^com\.example\.[a-z]{1,8}$/),
  fc.oneof(fc.string({ unit: 'binary', maxLength: 4 }), fc.constant('\ud800')).map(text => `com.example.${text}`)
)
const nested = fc.integer({ min: 1, max: 140 })
  .map((levels): unknown => JSON.parse('['.repeat(levels) + ']'.repeat(levels)))

/** Keys of `/client` besides the two of the specification, as a text in JSON. */
export const clientKeys = fc.tuple(known, fc.dictionary(keyName, mostly(json, nested), { maxKeys: 3 }))
  .map(([known, others]) => JSON.stringify({ ...known, ...others }))
