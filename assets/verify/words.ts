// What the page says, in both languages.
export type Lang = 'zh' | 'en'

const words = {
  title: ['回执离线核验', 'Offline receipt check'],
  lead: ['这个网页自己就能核验，断网也行，不会把文件发给任何人。', 'This page checks by itself, also without a network, and sends the file to nobody.'],
  file: ['回执证明文件', 'Proof of the receipt (file)'],
  text: ['或者把内容贴在这里', 'Or paste its content here'],
  trusted: ['您从别处得到的日志公钥（可不填）', 'Public keys of the log that you got elsewhere (optional)'],
  keys: ['每行一个公钥', 'One key a line'],
  button: ['核验', 'Check'],
  other: ['English', '中文'],
  colon: ['：', ': '],
  good: ['通过', 'Holds'],
  bad: ['不通过', 'Fails'],
  open: ['未定', 'Open'],
  'whole-good': ['核验通过：这张回执没有被改过，并且在签了名的日志里。', 'It holds: the receipt is unchanged and stands in the signed log.'],
  'whole-open': ['这张回执没有被改过，但还没有签名的日志包含它，请过一小时重新下载证明文件。', 'The receipt is unchanged, but no signed log covers it yet. Download the proof again in an hour.'],
  'whole-bad': ['核验不通过：文件被改过、不完整，或者不是本平台出的。', 'It fails: the file was changed, is incomplete, or is not from this platform.'],
  form: ['文件是回执证明', 'The file is the proof of a receipt'],
  hash: ['记录的内容与核验码一致', 'The record fits its check code'],
  event: ['记录的编号和序号与回执一致', 'The record has the number and sequence of the receipt'],
  path: ['记录在日志里，位置正确', 'The record stands in the log, at its place'],
  signature: ['日志的签名有效', 'The signature of the log is valid'],
  trust: ['签名的公钥是您信任的', 'The keys that signed are those you trust'],
  stamp: ['时间戳', 'Time stamps'],
  'trust-open': [
    '用的是文件里自带的公钥：能看出改动，但不能证明是谁签的。请把公钥与平台公布的对照。',
    'The keys inside the file were used: changes show, but not who signed. Compare the keys with those the platform publishes.'
  ],
  'path-open': ['还没有签名的日志包含它', 'No signed log covers it yet'],
  'stamp-open': ['文件里有时间戳，这个网页不核验它（可用 openssl ts）', 'The file has time stamps; this page does not check them (openssl ts does)'],
  what: ['证明了什么', 'What was proved'],
  'what-1': ['下面这条记录当时就是这样登记的，之后一个字也没有改。', 'The record below was registered as it stands, and not a letter was changed since.'],
  'what-2': ['它和别的记录一起进了日志；谁要删它、改它、换顺序，都会与签过名的日志矛盾。', 'It is in the log with all others; whoever deletes, edits or reorders it contradicts the log that was signed.'],
  not: ['没有证明什么', 'What was not proved'],
  'not-1': ['办理的结果对不对、材料的内容是真是假。', 'Whether the outcome is right, or what the papers say is true.'],
  'not-2': ['今天的日志还是不是同一本：这要由平台的 consistency 接口或另一份签名日志来比对。', 'Whether today’s log is still the same one: compare with the platform’s consistency proof or another signed head.'],
  'not-3': ['准确的时间：时间由平台自己记录，除非另有时间戳。', 'The exact time: the platform itself wrote it down, unless a time stamp says so.'],
  record: ['记录', 'The record'],
  number: ['办件编号', 'Matter number'],
  seq: ['序号', 'Sequence'],
  at: ['时间', 'Time'],
  action: ['动作', 'Act'],
  step: ['之后的环节', 'Step after it'],
  code: ['完整核验码', 'Whole check code'],
  log: ['日志', 'Log'],
  size: ['项', 'entries']
} as const

export type Key = keyof typeof words

export const say = (lang: Lang, key: Key): string => words[key][lang === 'zh' ? 0 : 1]
