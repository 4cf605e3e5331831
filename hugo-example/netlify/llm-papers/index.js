// Before Hugo in a Netlify build: brings back the posts of earlier builds and writes today's, with `hugo-llmpapers prebuild`.
// Copy the folder netlify/llm-papers and the lines of netlify.toml into your blog.
//
// The hooks: https://docs.netlify.com/extend/develop-and-share/develop-build-plugins/
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { delimiter, join, relative, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

// Relative to the site, as Netlify keeps it: .netlify is its own folder, which Hugo does not look into.
const KEPT = '.netlify/llm-papers'

// What the tool needs, each file with its hash.
const LOCK = fileURLToPath(new URL('requirements.txt', import.meta.url))

// Netlify ends a build after a quarter of an hour or so. `timeBudget` ends `prebuild` long before this.
const LOOK_MS = 30_000
const INSTALL_MS = 5 * 60_000
// How long the wheels that are kept may take; a whole installation takes seconds.
const WHEELS_MS = 60_000
const PREBUILD_MS = 9 * 60_000

// Where a pull request is built, nothing is read from the cache, installed, started or kept: what a stranger proposes gets no
// key, and no post into the cache of the site. https://docs.netlify.com/build/configure-builds/environment-variables/
const isPreview = () => process.env.CONTEXT !== 'production'

export const onPreBuild = async ({ utils, inputs, constants }) => {
  if (isPreview()) {
    const summary = `Nothing is done in a preview: its context is ${process.env.CONTEXT}.`
    utils.status.show({ title: 'LLM papers', summary })
    return
  }
  let said
  try {
    await restored(utils)
    said = await prebuild(utils, inputs, constants.CACHE_DIR)
  } catch (error) {
    // The longer message of a failed program repeats its output, which the log has already.
    said = { failed: true, summary: (error.shortMessage ?? error.message).split('\n')[0], text: '' }
  }
  const { failed, summary, text } = said
  // failBuild works by throwing, so it stands outside of all that is caught.
  if (failed && inputs.strict) utils.build.failBuild(`llm-papers: ${summary}`)
  utils.status.show({ title: failed ? 'No new post of LLM papers' : 'LLM papers', summary, text })
}

// Netlify calls this only after a build that worked, and that is right: a post that breaks Hugo would come back with the
// cache and break every build. What the failed build has paid for is lost.
export const onPostBuild = async ({ utils }) => {
  if (isPreview()) return
  try {
    await utils.cache.save(KEPT)
  } catch (error) {
    console.error(`The cache cannot be saved, so the next build will not have this post: ${error.message}`)
  }
}

const restored = async (utils) => {
  try {
    await utils.cache.restore(KEPT)
  } catch (error) {
    console.error(`The cache cannot be read, so earlier posts are missing: ${error.message}`)
    // It may be there in half.
    await rm(KEPT, { recursive: true, force: true })
  }
}

const prebuild = async (utils, inputs, cache) => {
  const work = await mkdtemp(join(tmpdir(), 'llm-papers-'))
  try {
    const tool = await found(utils, inputs, cache, work)
    const report = join(work, 'report.json')
    const args = [...tool.args, 'prebuild', '--report', report, ...(inputs.strict ? ['--strict'] : [])]
    const env = { ...tool.env, HUGO_PARAMS_LLMPAPERS_CACHEDIR: resolve(KEPT, 'cache') }
    const ran = await run(utils, tool.file, args, { env, timeout: PREBUILD_MS, reject: false })
    const text = await readFile(report, 'utf8').catch(() => undefined)
    if (text === undefined) throw new Error(ran.shortMessage ?? 'prebuild has told nothing')
    return told(JSON.parse(text), ran.exitCode)
  } finally {
    await rm(work, { recursive: true, force: true })
  }
}

// The command of the path, else one that is installed for this build.
const found = async (utils, { command, requirements }, cache, work) => {
  const look = { stdio: 'ignore', reject: false, timeout: LOOK_MS, env: WITHOUT_KEYS }
  if ((await run(utils, command, ['--version'], look)).exitCode === 0) return { file: command, args: [], env: {} }
  // `-P`, below, is an error for an older one.
  const isNew = ['-I', '-c', 'import sys; sys.exit(sys.version_info < (3, 11))']
  if ((await run(utils, 'python3', isNew, look)).exitCode !== 0) {
    throw new Error('The tool needs Python 3.11 or newer: set PYTHON_VERSION = "3.13" in netlify.toml.')
  }
  const folder = join(work, 'tool')
  await install(utils, requirements, cache, work, folder)
  const PYTHONPATH = [folder, process.env.PYTHONPATH].filter(Boolean).join(delimiter)
  return { file: 'python3', args: ['-P', '-m', 'hugo_llmpapers'], env: { PYTHONPATH } }
}

// Nothing that the cache holds is run unless the lock in the repository has its hash, as every program of an earlier build could
// write there: so wheels are kept, not what was installed from them, and pip looks at each of them in each build. What the lock
// does not name comes anew from where it is published, or from the repository.
const install = async (utils, requirements, cache, work, folder) => {
  const wheels = resolve(cache, 'llm-papers-wheels')
  // Where an earlier version of this plugin kept what it ran.
  await rm(resolve(cache, 'llm-papers-tool'), { recursive: true, force: true })
  const locked = ['--quiet', '--no-deps', '--require-hashes', '--only-binary', ':all:', '-r', LOCK]
  const into = ['install', '--no-compile', '--target', folder]
  const fromWheels = [...into, '--no-index', '--find-links', wheels, ...locked]
  const until = Date.now() + INSTALL_MS
  // A pipe among the wheels would be waited for.
  const first = Math.min(until, Date.now() + WHEELS_MS)
  if ((await pip(utils, fromWheels, first, { stdio: 'ignore', reject: false })).failed) {
    console.log('Downloading what the tool needs, for this build and the next ones')
    await rm(wheels, { recursive: true, force: true })
    await pip(utils, ['download', '--dest', wheels, ...locked], until)
    await pip(utils, fromWheels, until)
  }
  if (requirements.length === 0) return
  console.log(`Installing ${requirements.join(' ')}`)
  const asked = join(work, 'requirements.txt')
  await writeFile(asked, `${requirements.join('\n')}\n`)
  await pip(utils, [...into, '--quiet', '--no-deps', '-r', asked], until)
  const env = { ...WITHOUT_KEYS, PYTHONPATH: folder }
  const { stdout } = await pip(utils, ['check'], until, { stdio: 'pipe', reject: false, env })
  const lacks = stdout.split('\n').find((line) => line.startsWith('hugo-llmpapers '))
  if (lacks) throw new Error(`${lacks} Take the folder netlify/llm-papers of the version that you install.`)
}

// Without pip's own cache, out of which it takes wheels without looking at their hashes; with `-P`, so that a pip.py of the
// site is not taken for pip.
const pip = (utils, args, until, options = {}) => {
  const pip = ['-P', '-m', 'pip', '--disable-pip-version-check', '--no-cache-dir']
  const timeout = Math.max(1, until - Date.now())
  return run(utils, 'python3', [...pip, ...args], { env: WITHOUT_KEYS, ...options, timeout })
}

// What is built while it is installed needs no key.
const WITHOUT_KEYS = Object.fromEntries(
  Object.keys(process.env)
    .filter((name) => /^(ANTHROPIC_|CLAUDE_)|^(S2_API_KEY|HF_TOKEN)$/.test(name))
    .map((name) => [name, undefined]),
)

// As the path says; Netlify's own way would put the folder that node lies in before it.
const run = (utils, file, args, options) => utils.run(file, args, { ...options, preferLocal: false })

// The report is text about papers and days; the tool writes no key into it.
const told = ({ status, reason, remedy, days, brought_back, notes }, exitCode) => {
  const back = brought_back.filter(({ path }) => path).map(({ name }) => `${name}: brought back`)
  const each = days.map(({ day, status, path, reason }) =>
    [`${day}: ${status}`, path && relative('.', path), reason].filter(Boolean).join(', '),
  )
  const failed = exitCode !== 0 || status === 'failed' || status === 'out of time'
  return { failed, summary: reason ?? status, text: [...each, ...back, ...notes, remedy].filter(Boolean).join('\n') }
}
