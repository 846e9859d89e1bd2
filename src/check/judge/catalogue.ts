import { accessFindings } from './access.ts'
import { baseUrlOwnerFindings } from './base-url-owner.ts'
import { baseUrlFindings } from './base-urls.ts'
import { callServiceFindings } from './call-services.ts'
import { callFindings } from './calls.ts'
import { certificateFindings } from './certificates.ts'
import { timeFindings } from './check-time.ts'
import { changedPathFindings } from './changed-paths.ts'
import { clientDiscoveryFindings } from './client-discovery.ts'
import { contactFindings } from './contacts.ts'
import { contentFindings } from './content.ts'
import { corsFindings } from './cors.ts'
import { decodedPathFindings } from './decoded-paths.ts'
import { deliveryFindings } from './delivery.ts'
import { discoveryFindings } from './discovery.ts'
import { dnsServerFindings } from './dns-server.ts'
import { documentFindings } from './documents.ts'
import { driftFindings } from './drift.ts'
import { federationFindings } from './federation.ts'
import { gatewayFindings } from './gateway.ts'
import { homeserverFindings } from './homeserver.ts'
import { hostFindings } from './host.ts'
import { identityServerFindings } from './identity-server.ts'
import { installationFindings } from './installation.ts'
import { intentFindings } from './intent.ts'
import { jsonFindings } from './json-faults.ts'
import { keyFindings } from './keys.ts'
import { loginWayFindings } from './login-ways.ts'
import { lookupFindings } from './lookups.ts'
import { addressFindings } from './reachability.ts'
import { misplacedContentFindings } from './misplaced-content.ts'
import { privateAddressFindings } from './private-addresses.ts'
import { redirectFindings } from './redirects.ts'
import { splitBrainFindings } from './split-brain.ts'
import { strictnessFindings } from './strictness.ts'

/** All findings. */
export const catalogue = {
  ...dnsServerFindings,
  ...lookupFindings,
  ...installationFindings,
  ...discoveryFindings,
  ...federationFindings,
  ...decodedPathFindings,
  ...gatewayFindings,
  ...keyFindings,
  ...addressFindings,
  ...privateAddressFindings,
  ...certificateFindings,
  ...hostFindings,
  ...documentFindings,
  ...accessFindings,
  ...changedPathFindings,
  ...jsonFindings,
  ...strictnessFindings,
  ...misplacedContentFindings,
  ...contentFindings,
  ...contactFindings,
  ...deliveryFindings,
  ...redirectFindings,
  ...splitBrainFindings,
  ...corsFindings,
  ...homeserverFindings,
  ...loginWayFindings,
  ...baseUrlFindings,
  ...baseUrlOwnerFindings,
  ...identityServerFindings,
  ...callFindings,
  ...callServiceFindings,
  ...driftFindings,
  ...intentFindings,
  ...clientDiscoveryFindings,
  ...timeFindings
}
