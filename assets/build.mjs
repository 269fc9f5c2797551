// Builds assets/dist from styles/, scripts/, icons/ and images/.
//
// The folder is written beside its place and renamed, so a reader sees the old
// build or the new one and never half of either. File names carry a hash of
// their content: a browser may keep them for a year. `manifest.json` maps the
// plain name to the hashed one; `.br` and `.gz` twins are made here once
// instead of on every request.
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, extname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { brotliCompressSync, constants, gzipSync } from 'node:zlib'
import * as esbuild from 'esbuild'
import * as sass from 'sass'

const here = dirname(fileURLToPath(import.meta.url))
const dist = join(here, 'dist')
const made = new Map()

const compiled = sass.compile(join(here, 'styles/app.scss'), {
  loadPaths: [here, join(here, 'styles'), join(here, 'node_modules')],
  quietDeps: true,
  style: 'compressed'
})
const css = await esbuild.transform(compiled.css, { loader: 'css', minify: true, target: ['chrome90', 'safari14', 'firefox90'] })
made.set('app.css', Buffer.from(css.code))

for (const name of ['app', 'desk']) {
  const result = await esbuild.build({
    entryPoints: [join(here, `scripts/${name}.ts`)],
    bundle: true,
    minify: true,
    format: 'esm',
    target: ['es2020'],
    legalComments: 'none',
    write: false
  })
  made.set(`${name}.js`, Buffer.from(result.outputFiles[0].contents))
}

for (const file of readdirSync(join(here, 'images'))) {
  made.set(file, readFileSync(join(here, 'images', file)))
}

// The page that checks receipts without us: one file with script and style inside, good for file://. Its policy
// names both by hash, so nothing else in it can run and nothing can be loaded or sent.
const script = await esbuild.build({
  entryPoints: [join(here, 'verify/page.ts')],
  bundle: true,
  minify: true,
  format: 'iife',
  target: ['es2020'],
  legalComments: 'none',
  charset: 'utf8',
  write: false
})
const code = script.outputFiles[0].text.trim().replaceAll('</script', '<\\/script')
const style = (await esbuild.transform(readFileSync(join(here, 'verify/page.css'), 'utf8'), { loader: 'css', minify: true })).code.trim()
const sha = (text) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`
const policy = `default-src 'none'; script-src ${sha(code)}; style-src ${sha(style)}; form-action 'none'; base-uri 'none'`
const page = readFileSync(join(here, 'verify/page.html'), 'utf8')
  .replace('{{policy}}', () => policy)
  .replace('{{style}}', () => style)
  .replace('{{script}}', () => code)

const next = mkdtempSync(join(here, '.dist-'))
const manifest = {}
for (const [name, bytes] of made) {
  const hash = createHash('sha256').update(bytes).digest('hex').slice(0, 12)
  const extension = extname(name)
  const hashed = `${name.slice(0, -extension.length)}-${hash}${extension}`
  manifest[name] = hashed
  writeFileSync(join(next, hashed), bytes)
  if (['.css', '.js', '.svg'].includes(extension)) {
    writeFileSync(join(next, `${hashed}.br`), brotliCompressSync(bytes, {
      params: { [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY }
    }))
    writeFileSync(join(next, `${hashed}.gz`), gzipSync(bytes, { level: 9 }))
  }
}
writeFileSync(join(next, 'verify.html'), page)
writeFileSync(join(next, 'verify.policy'), `${policy}\n`)
writeFileSync(join(next, 'manifest.json'), `${JSON.stringify(manifest, null, 2)}\n`)

mkdirSync(next, { recursive: true, mode: 0o755 })
const old = `${next}-old`
if (existsSync(dist)) renameSync(dist, old)
renameSync(next, dist)
rmSync(old, { recursive: true, force: true })

for (const [name, bytes] of made) {
  const small = brotliCompressSync(bytes).length
  console.log(`${manifest[name].padEnd(28)} ${String(bytes.length).padStart(7)} B  ${String(small).padStart(6)} B compressed`)
}
