// Checks the bundle of a receipt: the event's hash, its way to the root, the signatures of the head. No network, no
// document: what it finds is told by page.ts, and the journeys run it as it is.
import { ed25519 } from '@noble/curves/ed25519'
import { sha256 } from '@noble/hashes/sha2'
import { sm2 } from 'sm-crypto-v2'

export interface Bundle {
  format: string
  number: string
  seq: number
  alg: string
  event: string
  hash: string
  index: number | null
  path: string[]
  checkpoint: string | null
  keys: string[]
  stamps?: { authority: string; at: string; token: string }[]
}

/** What one check came to; `open` is what cannot be said yet or here. */
export interface Finding {
  id: 'form' | 'hash' | 'event' | 'path' | 'signature' | 'trust' | 'stamp'
  state: 'good' | 'bad' | 'open'
  detail?: string
}

export interface Result {
  findings: Finding[]
  bundle?: Bundle
  event?: Record<string, unknown>
  head?: { origin: string; size: number }
}

interface Key {
  name: string
  id: string
  suite: 'ed25519' | 'sm2-sm3'
  public: Uint8Array
}

const SM2 = 'sm2-sm3'
/** The signer's identifier of GM/T 0009, part of what SM2 hashes. */
const SIGNER = '1234567812345678'

const utf8 = (text: string) => new TextEncoder().encode(text)
const hex = (bytes: Uint8Array) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')

function unhex(text: unknown): Uint8Array | null {
  if (typeof text !== 'string' || !/^([0-9a-f]{2})+$/.test(text)) return null
  return Uint8Array.from(text.match(/../g) ?? [], (pair) => parseInt(pair, 16))
}

function unbase64(text: string): Uint8Array | null {
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(text) || text.length % 4) return null
  return Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0))
}

function joined(...parts: Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0))
  let at = 0
  for (const part of parts) {
    whole.set(part, at)
    at += part.length
  }
  return whole
}

const node = (left: Uint8Array, right: Uint8Array) => sha256(joined(Uint8Array.of(1), left, right))

/** `name+id+base64`, as transparency logs write a key. */
export function readKey(text: string): Key | null {
  const [, name, id, coded] = /^([^\s+]+)\+([0-9a-f]{8})\+(\S+)$/.exec(text.trim()) ?? []
  const bytes = coded ? unbase64(coded) : null
  if (!name || !id || !bytes) return null
  if (hex(sha256(joined(utf8(`${name}\n`), bytes))).slice(0, 8) !== id) return null
  if (bytes[0] === 1 && bytes.length === 33) return { name, id, suite: 'ed25519', public: bytes.slice(1) }
  const mark = joined(Uint8Array.of(0xff), utf8(SM2))
  if (bytes.length === mark.length + 65 && mark.every((byte, at) => bytes[at] === byte)) {
    return { name, id, suite: SM2, public: bytes.slice(mark.length) }
  }
  return null
}

/** RFC 9162, section 2.1.3.2. Sizes of logs are whole numbers far below 2^53. */
export function leads(leaf: Uint8Array, index: number, size: number, path: Uint8Array[], root: Uint8Array): boolean {
  if (!Number.isSafeInteger(index) || index < 0 || index >= size) return false
  let place = BigInt(index)
  let last = BigInt(size - 1)
  let hash = leaf
  for (const part of path) {
    if (last === 0n) return false
    if ((place & 1n) === 1n || place === last) {
      hash = node(part, hash)
      while ((place & 1n) === 0n && place !== 0n) {
        place >>= 1n
        last >>= 1n
      }
    } else {
      hash = node(hash, part)
    }
    place >>= 1n
    last >>= 1n
  }
  return last === 0n && hex(hash) === hex(root)
}

interface Head {
  text: string
  origin: string
  size: number
  root: Uint8Array
  lines: { name: string; id: string; signature: Uint8Array }[]
}

function readHead(note: string): Head | null {
  const end = note.lastIndexOf('\n\n')
  if (end < 0 || !note.endsWith('\n')) return null
  const text = note.slice(0, end + 1)
  const [origin, digits, coded, rest, ...more] = text.split('\n')
  const root = coded ? unbase64(coded) : null
  if (!origin || !/^(0|[1-9]\d{0,15})$/.test(digits ?? '') || root?.length !== 32 || rest !== '' || more.length) return null
  const lines = []
  for (const line of note.slice(end + 2, -1).split('\n')) {
    const [, name, signed] = /^\u2014 (\S+) (\S+)$/.exec(line) ?? []
    const bytes = signed ? unbase64(signed) : null
    if (!name || !bytes || bytes.length < 5) return null
    lines.push({ name, id: hex(bytes.slice(0, 4)), signature: bytes.slice(4) })
  }
  return lines.length ? { text, origin, size: Number(digits), root, lines } : null
}

function fits(key: Key, text: Uint8Array, signature: Uint8Array): boolean {
  try {
    if (key.suite === 'ed25519') return ed25519.verify(signature, text, key.public, { zip215: false })
    return sm2.doVerifySignature(text, hex(signature), hex(key.public), { hash: true, der: false, userId: SIGNER })
  } catch {
    return false
  }
}

/** Which suites signed; null when a line by a known key does not fit, or none is known. */
function signatures(head: Head, keys: Key[]): string[] | null {
  const suites = []
  for (const line of head.lines) {
    const key = keys.find((key) => key.name === line.name && key.id === line.id)
    if (!key) continue
    if (key.name !== head.origin || !fits(key, utf8(head.text), line.signature)) return null
    suites.push(key.suite)
  }
  return suites.length ? suites : null
}

/** Checks a bundle as text. `trusted` are keys the reader got elsewhere, one a line. */
export function check(text: string, trusted = ''): Result {
  const findings: Finding[] = []
  const say = (id: Finding['id'], state: Finding['state'], detail?: string) => findings.push({ id, state, detail })
  let bundle: Bundle
  try {
    bundle = JSON.parse(text)
    if (bundle?.format !== 'huifa-receipt-1' || bundle.alg !== 'sha256-jcs-1' || typeof bundle.event !== 'string') throw 0
  } catch {
    say('form', 'bad')
    return { findings }
  }
  say('form', 'good')
  const leaf = sha256(joined(Uint8Array.of(0), utf8(bundle.event)))
  say('hash', hex(leaf) === bundle.hash ? 'good' : 'bad', bundle.hash)
  let event: Record<string, unknown> = {}
  try {
    event = JSON.parse(bundle.event)
  } catch {
    // told as an event that does not name its matter
  }
  say('event', event.number === bundle.number && event.seq === bundle.seq ? 'good' : 'bad')
  if (bundle.checkpoint === null) {
    say('path', 'open')
    return { findings, bundle, event }
  }
  const head = readHead(String(bundle.checkpoint))
  if (!head) {
    say('path', 'bad')
    return { findings, bundle, event }
  }
  const path = Array.isArray(bundle.path) ? bundle.path.map(unhex) : [null]
  const whole = path.every((part): part is Uint8Array => part?.length === 32)
  say('path', whole && leads(leaf, bundle.index ?? -1, head.size, path, head.root) ? 'good' : 'bad', String(head.size))
  const wanted = trusted.split('\n').filter((line) => line.trim())
  const given = wanted.map(readKey)
  const inside = (Array.isArray(bundle.keys) ? bundle.keys : []).map((key) => readKey(String(key)))
  const keys = (wanted.length ? given : inside).filter((key): key is Key => key !== null)
  const suites = signatures(head, keys)
  say('signature', suites ? 'good' : 'bad', suites?.join(', '))
  say('trust', wanted.length ? (suites && !given.includes(null) ? 'good' : 'bad') : 'open', head.origin)
  if (bundle.stamps?.length) say('stamp', 'open', bundle.stamps.map((stamp) => stamp.at).join(', '))
  return { findings, bundle, event, head: { origin: head.origin, size: head.size } }
}
