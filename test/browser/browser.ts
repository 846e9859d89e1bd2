import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { chromium } from 'playwright-core'
import type { BrowserContext, BrowserContextOptions, Page } from 'playwright-core'
import type { Test } from 'tap'

/** A browser in which scripts may run. */
export async function openBrowser (t: Test, options: BrowserContextOptions = {}): Promise<BrowserContext> {
  const browser = await chromium.launch({
    executablePath: '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking']
  })
  t.teardown(async () => { await browser.close() })
  return await browser.newContext(options)
}

/** What a page tried to do, besides being shown. */
export interface Attempts {
  readonly requests: string[]
  readonly messages: string[]
}

export async function openPage (
  t: Test, context: BrowserContext, html: string
): Promise<{ page: Page, attempts: Attempts }> {
  const file = join(t.testdir(), 'report.html')
  writeFileSync(file, html)
  const page = await context.newPage()
  const attempts: Attempts = { requests: [], messages: [] }
  page.on('request', request => { attempts.requests.push(request.url()) })
  page.on('console', message => { attempts.messages.push(message.text()) })
  page.on('pageerror', error => { attempts.messages.push(error.message) })
  page.on('dialog', async dialog => { attempts.messages.push(dialog.message()); await dialog.dismiss() })
  await page.goto(`file://${file}`)
  attempts.requests.splice(0, 1)
  return { page, attempts }
}

/** In the page: opens all that is folded, points at everything, and says what is there. */
export const inspectPage = `(() => {
  for (const details of document.querySelectorAll('details')) details.open = true
  for (const element of document.querySelectorAll('*')) {
    for (const name of ['mouseover', 'focus', 'error', 'load', 'toggle']) element.dispatchEvent(new Event(name))
  }
  const elements = [...document.querySelectorAll('*')]
  return {
    attacked: typeof attacked,
    tags: [...new Set(elements.map(element => element.localName))],
    handlers: elements.flatMap(element => element.getAttributeNames()).filter(name => name.startsWith('on')),
    links: elements.flatMap(element => element.getAttribute('href') ?? [])
  }
})()`

/** Elements that no page has. */
const forbidden = ['script', 'img', 'iframe', 'base', 'object', 'embed', 'form', 'b']

/**
 * Tests that nothing on a page runs or is requested, whatever it has.
 *
 * @param links the only ones that it may have.
 */
export async function testHarmless (t: Test, context: BrowserContext, html: string, links: RegExp): Promise<void> {
  const { page, attempts } = await openPage(t, context, html)
  const found = await page.evaluate<{ tags: string[], attacked: string, handlers: string[], links: string[] }>(
    inspectPage
  )
  t.equal(found.attacked, 'undefined')
  t.strictSame(found.handlers, [])
  t.strictSame(found.tags.filter(tag => forbidden.includes(tag)), [])
  t.strictSame(found.links.filter(link => !links.test(link)), [])
  t.strictSame(attempts, { requests: [], messages: [] })
  await page.close()
}

/** The media in which a page is read. */
const media = [['light', 'screen'], ['dark', 'screen'], ['dark', 'print']] as const

/** Tests that all text can be read, and that paper is white. */
export async function testContrast (t: Test, html: string): Promise<void> {
  for (const [colorScheme, medium] of media) {
    const { page } = await openPage(t, await openBrowser(t, { colorScheme }), html)
    await page.emulateMedia({ media: medium, colorScheme })
    const contrasts = await page.evaluate<Array<[text: string, contrast: number]>>(measureContrast)
    t.ok(contrasts.length > 20)
    t.strictSame(contrasts.filter(([, contrast]) => contrast < 4.5), [], `${colorScheme}, ${medium}`)
    const paper = await page.evaluate('getComputedStyle(document.documentElement).backgroundColor')
    t.equal(paper === 'rgb(255, 255, 255)', colorScheme === 'light' || medium === 'print')
  }
}

/** In the page: the contrast of each text with the page or the box behind it (WCAG 2.2, 1.4.3). */
const measureContrast = `(() => {
  const luminance = color => color.match(/[\\d.]+/g).slice(0, 3).map(Number).map(value => value / 255)
    .map(value => value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4)
    .reduce((sum, value, i) => sum + value * [0.2126, 0.7152, 0.0722][i], 0)
  const backgroundOf = element => {
    const color = getComputedStyle(element).backgroundColor
    return color !== 'rgba(0, 0, 0, 0)' || element.parentElement === null ? color : backgroundOf(element.parentElement)
  }
  return [...document.querySelectorAll('body *')].filter(element =>
    [...element.childNodes].some(node => node.nodeType === 3 && node.data.trim() !== '') && element.checkVisibility())
    .map(element => {
      const style = getComputedStyle(element)
      const [low, high] = [luminance(element.localName === 'text' ? style.fill : style.color),
        luminance(backgroundOf(element))].sort((left, right) => left - right)
      return [element.textContent, (high + 0.05) / (low + 0.05)]
    })
})()`
