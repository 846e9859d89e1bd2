import { accessFindings } from './access.ts'
import { baseUrlFindings } from './base-urls.ts'
import { callFindings } from './calls.ts'
import { certificateFindings } from './certificates.ts'
import { timeFindings } from './check-time.ts'
import { contentFindings } from './content.ts'
import { corsFindings } from './cors.ts'
import { deliveryFindings } from './delivery.ts'
import { discoveryFindings } from './discovery.ts'
import { documentFindings } from './documents.ts'
import { driftFindings } from './drift.ts'
import { federationFindings } from './federation.ts'
import { homeserverFindings } from './homeserver.ts'
import { hostFindings } from './host.ts'
import { identityServerFindings } from './identity-server.ts'
import { intentFindings } from './intent.ts'
import { jsonFindings } from './json-faults.ts'
import { keyFindings } from './keys.ts'
import { loginFindings } from './login.ts'
import { lookupFindings } from './lookups.ts'
import { addressFindings } from './reachability.ts'
import { redirectFindings } from './redirects.ts'
import { splitBrainFindings } from './split-brain.ts'

/** All findings. */
export const catalogue = {
  ...lookupFindings,
  ...discoveryFindings,
  ...federationFindings,
  ...keyFindings,
  ...addressFindings,
  ...certificateFindings,
  ...hostFindings,
  ...documentFindings,
  ...accessFindings,
  ...jsonFindings,
  ...contentFindings,
  ...deliveryFindings,
  ...redirectFindings,
  ...splitBrainFindings,
  ...corsFindings,
  ...homeserverFindings,
  ...baseUrlFindings,
  ...identityServerFindings,
  ...callFindings,
  ...driftFindings,
  ...intentFindings,
  ...loginFindings,
  ...timeFindings
}
