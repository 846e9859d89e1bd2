import { certificateFindings } from './certificates.ts'
import { timeFindings } from './check-time.ts'
import { discoveryFindings } from './discovery.ts'
import { federationFindings } from './federation.ts'
import { hostFindings } from './host.ts'
import { keyFindings } from './keys.ts'
import { legacyFindings } from './legacy.ts'
import { loginFindings } from './login.ts'
import { lookupFindings } from './lookups.ts'
import { addressFindings } from './reachability.ts'

/** All findings. */
export const catalogue = {
  ...lookupFindings,
  ...discoveryFindings,
  ...federationFindings,
  ...keyFindings,
  ...addressFindings,
  ...certificateFindings,
  ...hostFindings,
  ...legacyFindings,
  ...loginFindings,
  ...timeFindings
}
