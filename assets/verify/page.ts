// The page around check.ts: takes a file or a text, and says in plain words what was proved and what was not.
import { type Finding, type Result, check } from './check'
import { type Key, type Lang, say } from './words'

let lang: Lang = navigator.language.toLowerCase().startsWith('zh') ? 'zh' : 'en'
let last: Result | null = null

const by = <T extends HTMLElement>(id: string) => document.getElementById(id) as T
const made = (name: string, text = '', className = '') => {
  const element = document.createElement(name)
  element.textContent = text
  if (className) element.className = className
  return element
}

function words() {
  document.documentElement.lang = lang === 'zh' ? 'zh-CN' : 'en'
  for (const element of document.querySelectorAll<HTMLElement>('[data-say]')) {
    element.textContent = say(lang, element.dataset.say as Key)
  }
  by('lang').textContent = say(lang, 'other')
  by('lang').lang = lang === 'zh' ? 'en' : 'zh-CN'
  if (last) show(last)
}

function line(finding: Finding): HTMLElement {
  const item = made('li', '', finding.state)
  item.append(made('strong', say(lang, finding.state)), say(lang, 'colon'), say(lang, finding.id))
  const more = finding.state === 'open' && (['trust', 'path', 'stamp'] as const).find((id) => id === finding.id)
  if (more) item.append(made('br'), say(lang, `${more}-open`))
  if (finding.detail && finding.id !== 'path') item.append(made('br'), made('small', finding.detail))
  item.dataset.check = `${finding.id}-${finding.state}`
  return item
}

function list(title: Key, keys: Key[]): HTMLElement[] {
  const items = made('ul')
  items.append(...keys.map((key) => made('li', say(lang, key))))
  return [made('h2', say(lang, title)), items]
}

function show(result: Result) {
  last = result
  const { findings, bundle, event } = result
  const has = (state: Finding['state'], id?: Finding['id']) => findings.some((one) => one.state === state && (!id || one.id === id))
  const state = has('bad') ? 'bad' : has('open', 'path') ? 'open' : 'good'
  const box = by('result')
  box.hidden = false
  box.className = state
  box.replaceChildren(made('h2', say(lang, `whole-${state}`)))
  const checks = made('ul')
  checks.append(...findings.map(line))
  box.append(checks)
  if (state === 'bad' || !bundle || !event) return
  if (state === 'good') box.append(...list('what', ['what-1', 'what-2']))
  box.append(...list('not', ['not-1', 'not-2', 'not-3']), made('h2', say(lang, 'record')))
  const facts = made('dl')
  const to = (event.public as Record<string, unknown> | undefined)?.to
  const head = result.head && `${result.head.origin} · ${result.head.size} ${say(lang, 'size')}`
  const rows: [Key, unknown][] = [
    ['number', bundle.number.replace(/(\d{4})(?=\d)/g, '$1 ')],
    ['seq', bundle.seq],
    ['at', event.at],
    ['action', event.action],
    ['step', to],
    ['code', bundle.hash],
    ['log', head]
  ]
  for (const [key, value] of rows) {
    if (value !== undefined) facts.append(made('dt', say(lang, key)), made('dd', String(value)))
  }
  box.append(facts)
}

by('lang').addEventListener('click', () => {
  lang = lang === 'zh' ? 'en' : 'zh'
  words()
})
by<HTMLInputElement>('file').addEventListener('change', async (event) => {
  const file = (event.target as HTMLInputElement).files?.[0]
  if (!file) return
  by<HTMLTextAreaElement>('text').value = await file.text()
  by<HTMLFormElement>('form').requestSubmit()
})
by('form').addEventListener('submit', (event) => {
  event.preventDefault()
  show(check(by<HTMLTextAreaElement>('text').value, by<HTMLTextAreaElement>('keys').value))
  by('result').scrollIntoView({ block: 'nearest' })
})
words()
