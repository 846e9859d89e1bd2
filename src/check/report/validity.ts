import { countNouns } from '../../matrix/format-count.ts'

/** For how many whole days a certificate is still valid, in words. */
export function describeValidity (daysLeft: number): string {
  return daysLeft < 0 ? 'expired' : `expires in ${countNouns(daysLeft, 'day')}`
}
