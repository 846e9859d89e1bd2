// The package's `matrix-well-known`: the check.
export { checkServer } from './check/check.ts'
export type { CheckOptions, Finding, FindingId, Override, Part, Report, Severity } from './check/check.ts'
export { InvalidValueError } from './matrix/invalid-value.ts'
export type { InvalidValueCode } from './matrix/invalid-value.ts'
export type { Site } from './site/site.ts'
