import { apache } from './apache.ts'
import { caddy } from './caddy.ts'
import { cloudflare } from './cloudflare.ts'
import { githubPages } from './github-pages.ts'
import { haproxy } from './haproxy.ts'
import { netlify } from './netlify.ts'
import { nginx } from './nginx.ts'
import { plainFiles } from './plain-files.ts'
import { s3 } from './s3.ts'
import type { Target } from './target.ts'
import { vercel } from './vercel.ts'

/** Every host and proxy that documents can be exported for. */
export const targets = {
  files: plainFiles,
  cloudflare,
  netlify,
  vercel,
  'github-pages': githubPages,
  s3,
  nginx,
  caddy,
  apache,
  haproxy
} as const satisfies Record<string, Target>

export type TargetName = keyof typeof targets

export const targetNames = Object.keys(targets).filter(isTargetName)

export function isTargetName (name: string): name is TargetName {
  return Object.hasOwn(targets, name)
}

export function targetOf (name: TargetName): Target {
  return targets[name]
}
