"""Texts as strangers could send them: by hand, and drawn by hypothesis from what acts in a Hugo site.

Which characters honest titles and abstracts really hold, and how often, was counted once; each of them is here.
"""

from __future__ import annotations

from functools import cache
from typing import TypeVar

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from hugo_llmpapers.text import markdown

T = TypeVar("T")
PLACES = {
    "heading": markdown.heading,
    "paragraph": markdown.paragraph,
    "list item": markdown.paragraph,
    "details": markdown.paragraph,
    "alt": markdown.alt,
}
"""The functions that escape a text, by the place of the text in a post."""
BY_HAND = (
    "plain text, 5% off: a–b (c) [d]",
    "0",
    "{{< foo >}} {{% bar %}} {{< /details >}} {{</* x */>}} {x{< foo >}x} {x{% foo %}x}",
    "a {{ .Site }} b }} c %} d {# e #}",
    '{{< t.inline >}}{{ os.Getenv "HOME" }}{{< /t.inline >}} {{< unclosed',
    "<script>alert(1)</script> if a<b and c>d the <think> token <!--more--> <img src=x onerror=y>",
    '<a href="https://x.example">residue</a> <!-- c --> <?php ?> <![CDATA[x]]> <svg/onload=x>',
    "AT&T &copy; &lt;b&gt; &#65; &#x41; a & b &amp &bogus; &&amp;",
    "*b* __c__ ~~g~~ `h` ```i``` **j** snake_case _k_ a_b_c __init__",
    ":smile: 12:30:45 a:b: :+1: :100: :e-mail:",
    "-- --- ---- ... .... .. \"d\" 'e' <<f>> O'Brien --flag 'til ``quoted'' 1990's",
    "https://a.example/b_c_d www.c.example d@e.example mailto:f@g.example ftp://h.example xmpp:i",
    "[^1]: note [a]: http://evil.example [x](javascript:alert(1)) ![y](z) [z][a] [ ] [x]",
    'Foo {#pwn} {.hidden} {style="display:none"} bar ##',
    "| a | b | ^sup^ ~sub~ ==mark== ++ins++ a||b |---|",
    "C# and F# #tag # x #",
    "1. one",
    "1) one",
    "2026. A year",
    "- item",
    "+ item",
    "* item",
    "-",
    "> quote",
    ": definition",
    "= x",
    "===",
    "# heading",
    "--- rule",
    "***",
    "~~~ fence",
    "``` fence",
    "    indented",
    "line one\nline two\n\n# new block\n- item\r\n---\n",
    "日本語の**「強調」**を含む文。『引用』…――",
    "\x00\x07\x1bcontrol\u202eright-to-left\u200bzero\u2028width\ufeff\u00a0\u3000",
    "emoji 😀👩‍🔬 and ligature ﬁ and combining é ½ ™ ",
    "[" * 300 + "x" + "]" * 300,
    "*" * 300,
    "<" * 300,
    "!" + "important" + "!",
    "~5% of 10~20 tokens, 2 ** 3, a~b",
    "(c) (tm) (r) 1/2 +- !! ??",
    "trailing blackslash C:\\path\\",
    "costs $5 and $10, ~$3 trillion, US$5 or A$6",
    "__hdeferred/ &#95;&#95;hdeferred&#47;x__d= \\_\\_hdeferred/ %5F_hdeferred/",
    "HAHAHUGOSHORTCODE1s2HBHB &#72;AHAHUGOSHORTCODE HUGOMORE42 {{__hugo_ctx pid=1}} ___hugonl_",
    "__h_pp_l1_0_Content__e= _&lowbar;h_p&#8203;p_l1",
)
LATEX = (
    "$\\tau^2$-bench",
    "$V_1$: Unifying",
    "$x<y$ and $a>b$ and $a & b$",
    "$<script>alert(1)</script>$ $</script>$ $-->$",
    "$\\href{javascript:alert(1)}{x}$ \\href{javascript:alert(1)}{x} \\url{javascript:alert(1)}",
    "$\\htmlData{a=b}{x}$ $\\htmlClass{a}{x}$ $\\style{color:red}{x}$ $\\class{a}{x}$ $\\includegraphics{https://x.example/y.png}$",
    "$\\def\\x{\\x\\x}\\x$ \\newcommand{\\y}{\\y} $\\require{html}$ $\\unicode{x3c}$ \\(\\href{x}{y}\\) \\[\\href{x}{y}\\]",
    "$a {{< foo >}} b$ ${{< foo >}}$ $\\{{% bar %}\\}$ ${x{< foo >}x}$ $\\%}x}$ \\({x{% foo %}x}\\)",
    "$x_1 + y_1$ $$z$$ \\(x\\) \\[y\\] \\% \\\\ trailing \\",
    "$x$$y$ $ z $ $$ $$$ $",
    "$5 and \\href{javascript:alert(1)}{x} and $10",
    "$*a*$ $_b_$ $`c`$ $[d](e)$ $:smile:$ $--$ $...$ $'q'$ $\"r\"$ $~s~$ $#$ $a|b$",
    "$\\text{\\_\\_hdeferred/}$ \\_\\_hdeferred/ $\\mathrm{HAHAHUGO}$SHORTCODE $\\_\\_h\\_pp\\_l1$",
    "unbalanced $a{b$ \\textbf{x \\frac{1} } {\\em y $\\begin{x}$ \\end{y}",
    "\\textbf{S}ta\\textbf{R} {\\em x} caf\\'e \\cite{a} \\foo{bar} \\method $\\cO^*$ \\textbf{costs $5}",
    "τ^2-bench 10^{-3} C_{50} x^(n+1) [^1] ^ ^^ a^ ^b _{c} r^{up}",
    "$\\tau$ costs $5",
)
_ACTING = """
{{< >}} {{% %}} {x{< >}x} {x{% %}x} /* */ <!-- --> <!--more--> <script> </script> <b a<b &copy; &amp &#65; &#x41;
http:// https:// ftp:// www. a@b.co mailto: example.com example.com/a_b -- --- ... << >> 's "q" :smile: :+1:
** __ ~~ == ++ ^^ || $$ \\( \\) \\[ \\] [^1] [x] [x](y) ![ ]( ](javascript:x) 1. 1) {#a} {.a} {a=b} |---| ``` ~~~
__hdeferred/ __h deferred/ __d= HAHAHUGO SHORTCODE 1s2HBHB HUGOMORE42 __h_pp _l1 _0_Content__e= {{__hugo_ctx ___hugonl_ &#95;_h
x_y _x_ a*b*c 日**本** ™ “ ” — – … ABC word 12 details /details xmpp: @user #tag [ ] (c) 1/2 !! ??
"""
_BLANKS = ("- ", "+ ", "* ", "> ", "# ", " ##", ": ", "    ", "| a | b |", "\n", "\n\n", "\r\n", "{{< /details >}}")
_CHARACTERS = "\\`*_{}[]<>&$~|^\"':@#-.=+!()/%;,?0129aZxé日「」）。、😀ﬁ \u3000\u00a0\t½×"
PIECES = (*_CHARACTERS, *_ACTING.split(), *_BLANKS)
"""What acts somewhere."""
_COMMANDS = r"""
\tau \textbf{ \emph{ \frac{ }{ } { \left( \right) \sqrt \text{ \href{ \url{ \def\x \mathcal{L} \foo \begin{x} \end{x} ^2 _1 ^{ _{
\% \, \' \{ \} \hat \log \begin \class{ \htmlData{ \verb|x| \input{ \unicode{x41} \over \\ & % $ $ $ $ \( \)
"""


def texts() -> st.SearchStrategy[str]:
    """Strings of up to twenty pieces that act somewhere, or of any characters."""
    piece = st.sampled_from(PIECES)
    return st.one_of(
        st.lists(piece, min_size=1, max_size=20).map("".join),
        st.lists(piece, min_size=1, max_size=8).map(" ".join),
        st.text(min_size=1, max_size=40),
        st.text(st.sampled_from("\\`*_{}[]<>&$~|^\"':@#-.=+!()/% ab1"), min_size=1, max_size=12),
    )


def latex() -> st.SearchStrategy[str]:
    """The same, full of commands, braces and dollars."""
    return st.lists(st.sampled_from([*_COMMANDS.split() * 2, *PIECES, "a", "x", " "]), min_size=1, max_size=14).map(
        "".join
    )


@cache
def many() -> tuple[str, ...]:
    """More than a thousand that say anything at all."""
    given = dict.fromkeys((*BY_HAND, *LATEX, *drawn(texts(), 800), *drawn(latex(), 300)))
    return tuple(text for text in given if markdown.one_line(text))


def drawn(strategy: st.SearchStrategy[T], number: int) -> list[T]:
    """So many examples, so that one build of Hugo can try them all; a run that is repeated draws the same."""
    found: list[T] = []

    @settings(
        max_examples=number, derandomize=True, database=None, deadline=None, phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(strategy)
    def collect(example: T) -> None:
        found.append(example)

    collect()
    return found
