"""Writes a Hugo post that surveys the day's notable LLM papers.

Each folder imports only folders below it in this list:

    cli         commands: options, output, exit codes
    doctor      what is wrong with a site or a machine, before a run
    pipeline    a day becomes a post (`new`), and what else is made of posts: refresh, backfill, prebuild
    setup       what `init` adds to a site
    post        Post -> template data -> archetype -> trial build -> page bundle
    summaries   a paper's summary: prompt, Claude, checks against its source
    site        Hugo's configuration, our settings, what the blog has already
    sources     arXiv, Semantic Scholar, Hugging Face: Listing -> Paper -> Candidate
    web         HTTP client, retries, rate limit, cache
    figures     one figure out of a PDF, in a process of its own
    text        LaTeX, formulas and Markdown of strangers
    sample      an invented day, for `--sample` and the tests
"""

__version__ = "0.1.0"
