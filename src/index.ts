export { checkServer } from './check/check.ts'
export type { CheckOptions, Finding, FindingId, Override, Part, Report, Severity } from './check/check.ts'
