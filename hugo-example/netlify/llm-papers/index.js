// Before Hugo in a Netlify build: brings back the posts of earlier builds and writes today's, with `hugo-llmpapers prebuild`.
// Copy the folder netlify/llm-papers and the lines of netlify.toml into your blog.
//
// The hooks: https://docs.netlify.com/extend/develop-and-share/develop-build-plugins/
import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { readFile, rename, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { delimiter, join, relative, resolve } from 'node:path'

// Relative to the site, as Netlify keeps it: .netlify is its own folder, which Hugo does not look into.
const KEPT = '.netlify/llm-papers'

// Netlify ends a build after a quarter of an hour or so. `timeBudget` ends `prebuild` long before this.
const INSTALL_MS = 5 * 60_000
const PREBUILD_MS = 10 * 60_000

export const onPreBuild = async ({ utils, inputs, constants }) => {
  let said
  try {
    await restored(utils)
    said = await prebuild(utils, inputs, resolve(constants.CACHE_DIR, 'llm-papers-tool'))
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

const prebuild = async (utils, inputs, tools) => {
  const tool = await found(utils, inputs, tools)
  const report = join(tmpdir(), `llm-papers-${process.pid}.json`)
  try {
    const args = [...tool.args, 'prebuild', '--report', report, ...(inputs.strict ? ['--strict'] : [])]
    const env = { ...tool.env, HUGO_PARAMS_LLMPAPERS_CACHEDIR: resolve(KEPT, 'cache') }
    const ran = await utils.run(tool.file, args, { env, timeout: PREBUILD_MS, reject: false })
    if (!existsSync(report)) throw new Error(ran.shortMessage ?? 'prebuild has told nothing')
    return told(JSON.parse(await readFile(report, 'utf8')), ran.exitCode)
  } finally {
    await rm(report, { force: true })
  }
}

// The command of the path, else the one in `tools`, else a new one there. That is a folder of Netlify's cache which is used
// where it is, as copying the 9,000 files there and back takes as long as installing them; and it is a folder for PYTHONPATH,
// as a virtual environment has links that a cache may not keep.
const found = async (utils, { command, requirements }, tools) => {
  const { exitCode } = await utils.run(command, ['--version'], { stdio: 'ignore', reject: false })
  if (exitCode === 0) return { file: command, args: [], env: {} }
  const { stdout: python } = await utils.run('python3', ['-c', 'import sys; print(sys.version)'], { stdio: 'pipe' })
  const key = createHash('sha256').update(JSON.stringify([python, requirements])).digest('hex').slice(0, 16)
  const folder = join(tools, key)
  if (!existsSync(folder)) {
    console.log(`Installing ${requirements.join(' ')} for this build and the next ones`)
    await rm(tools, { recursive: true, force: true })
    const pip = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--target', `${folder}.part`]
    await utils.run('python3', [...pip, ...requirements], { timeout: INSTALL_MS })
    await rename(`${folder}.part`, folder)
  }
  const PYTHONPATH = [folder, process.env.PYTHONPATH].filter(Boolean).join(delimiter)
  return { file: 'python3', args: ['-P', '-m', 'hugo_llmpapers'], env: { PYTHONPATH } }
}

// The report is text about papers and days; the tool writes no key into it.
const told = ({ status, reason, remedy, days, brought_back, notes }, exitCode) => {
  const back = brought_back.filter(({ path }) => path).map(({ name }) => `${name}: brought back`)
  const each = days.map(({ day, status, path, reason }) =>
    [`${day}: ${status}`, path && relative('.', path), reason].filter(Boolean).join(', '),
  )
  const failed = exitCode !== 0 || status === 'failed' || status === 'out of time'
  return { failed, summary: reason ?? status, text: [...each, ...back, ...notes, remedy].filter(Boolean).join('\n') }
}
