"""Addresses in a summary: links, hosts, mail, accounts and telephone numbers, also those spelled out in words.

Most of them would not be links on the page, but a reader could follow them. A paper's own address is no exception: an
abstract that gives orders contains the address, too.
"""

from __future__ import annotations

import re
import unicodedata

_DOMAINS = re.compile(
    r"\.(?:"
    # generic ones that are not the name of a file type, library or method
    r"com|org|net|info|biz|io|ai|app|dev|xyz|ly|gg|gl|onion|eth|example|test|online|site|website|shop|store|boutique|club|vip"
    r"|casino|bet|blog|wiki|news|today|email|agency|cloud|icu|fun|win|top|loan|tienda|finance|exchange|capital"
    # countries
    r"|jp|cn|ru|kr|tw|hk|uk|eu|us|de|fr|nl|ch|br|tv|su"
    r")(?![\w-])",
    re.ASCII,
)
_NON_LATIN_DOMAINS = re.compile(
    r"[^\W_]\.(?:みんな|コム|セール|ファッション|ストア|クラウド|ポイント|テスト|рф|рус|онлайн|сайт|орг|ком|дети|москва|бг|срб|укр|бел"
    r"|中国|中國|公司|网络|網路|网址|在线|商城|商店|集团|网站|手机|香港|台湾|台灣|新加坡|测试|한국|닷컴|닷넷|테스트|भारत|संगठन|ไทย)(?![A-Za-z])"
)
"""https://data.iana.org/TLD/tlds-alpha-by-domain.txt"""
_LINK = re.compile(
    r"[a-z]://|\bh(?:xx|\*\*|tt)ps?\b ?:|www\.|(?:javascript|data|mailto|tel):[^\s]|@(?:[\w-]+\.[a-z]|(?<![\w.]@)\w{2})"
    r"|\b(?:t\.me|wa\.me|goo\.gl|youtu\.be|lin\.ee|amzn\.to|is\.gd)\b",
    re.ASCII,
)
_NUMBERS = re.compile(
    r"(?<![\d.])(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)\.){3}(?:25[0-5]|2[0-4]\d|1?\d?\d)(?![\d.]\d)"  # IPv4
    r"|\[?\b(?:[0-9a-f]{1,4}:){4,7}:?[0-9a-f]{1,4}\b"  # IPv6
    r"|(?<![\d+])\+\d{1,3}(?:[ -]?\(?\d{2,5}\)?){2,4}(?!\d)|(?<![\d-])0\d{1,4}-\d{1,4}-\d{3,4}(?![\d-])",  # telephone
    re.ASCII,
)
_ENDING = (
    r"(?:com|net|org|info|io|ai|app|dev|xyz|me|co|shop|store|online|site|gg|ly|jp|cn|ru|kr|de|fr|es|uk|eu|example"
    r"|コム|ネット|オーグ|オルグ|ジェーピー|アイオー|エーアイ|ショップ|ストア|オンライン|ком|ру|рф|орг|нет|康姆|컴|넷|케이알)"
)
_SPELLED = re.compile(
    r"\w\w ?[\[({<] ?(?:\.|dot|d0t|period|slash|ドット|スラッシュ|点|점|punkt|point|punto|точка) ?[\])}>] ?\w\w"
    r"|[a-z0-9]{2} ?[\[({<] ?(?:at|@) ?[\])}>] ?[a-z0-9]{2}|アットマーク"
    rf"|\w[ 、・-]?(?:ドット|どっと)[ とに、・-]?{_ENDING}(?!ァ|バブル|企業|時代|[a-z])"
    rf"|\w (?:dot|d0t|punkt|point|punto|точка|ponto|점) {_ENDING}(?![\w-])"
    r"(?! (?:bubble|boom|crash|crisis|era|years|burst|compan|firm|stock|mani))"
    r"|\bdot,? (?:and )?(?:then )?(?:com|net|org)\b(?! \w+)"
    r"|\w[ 、・](?:テン|てん|点)[ 、・]?(?:コム|ネット|オーグ|アイオー|ジェーピー)"
    r"|\w[ 、・]ハイフン[ 、・]\w[^。]{0,20}(?:コム|ネット|オーグ|アイオー|ジェーピー)"
    r"|ビットリー|\b(?:(?:bit|adf|ow) (?:dot )?ly|goo (?:dot )?gl|tinyurl(?: (?:dot )?com)?) (?:slash|/)"
    r"|(?:letters|dot|period|point|full stop),? (?:the letters )?"
    r"(?:c,? o,? (?:and )?m|n,? e,? (?:and )?t|o,? r,? (?:and )?g|i,? (?:and )?o)\b"
    r"|\w[·‧•・∙]\s?(?:com|net|org|io|shop|xyz)\b|\w点(?:康姆|com\b|cn\b|net\b)|\w ?닷 ?(?:컴|넷)(?! ?(?:버블|기업|시대|붕괴))"
)
_NAMES = re.compile(r"(?<![\w.-])(?:(?:asp|ado|vb|ml)\.net|(?:character|together|eleuther)\.ai)(?![\w.-]*\w)", re.ASCII)
"""Products whose name looks like a host, such as https://dotnet.microsoft.com/."""
_DOTTED = re.compile(r"(?<![\w./@-])([A-Za-z][\w-]+)(?:\.[a-z\d-]+)*\.([a-z]{2,})(?![\w-])", re.ASCII)
"""A word, a dot, a word in small letters: a host, unless it is a file, a package or a product."""
_FILE_TYPES = re.compile(
    "gov|jsx?|mjs|tsx?|c?pp|cc|hpp|cs|py|ipynb|jsonl?|ya?ml|toml|md|txt|[ct]sv|pdf|html?|xml|css|sql|tex|bib|log|cfg|ini|sh|bash|rs|go"
    "|java|kt|rb|php|lua|jl|lean|sol|zip|tar|gz|pth?|bin|safetensors|gguf|onnx|parquet|np[yz]|pkl|png|jpe?g|svg|gif|mp[34]|wav|exe"
    "|lock|env|cuh?|proto|vue|svelte|wasm|docx|xlsx|pptx"
)
_PACKAGES = re.compile(
    "torch|numpy|np|tf|jax|scipy|sklearn|pandas|os|sys|math|random|keras|nn|functools|transformers|pyannote"
)
_ASCII_RUN = re.compile(r"[!-~]+")


def find_address(text: str, source: str) -> str | None:
    """Return the first address in a summary of `source`, usually in lower case; None if there is none.

    `source` matters only for the few products whose name looks like a host, such as ASP.NET.
    """
    lower, known = (unicodedata.normalize("NFKC", one).casefold() for one in (text, source))
    lower = _NAMES.sub(lambda name: name[0].replace(".", " ") if name[0] in known else name[0], lower)
    for pattern in (_LINK, _DOMAINS, _NON_LATIN_DOMAINS, _NUMBERS):
        if (found := pattern.search(lower)) is not None:
            return _surrounding_word(lower, found)
    if (found := _SPELLED.search(lower)) is not None:
        return found[0]
    dotted = _DOTTED.finditer(unicodedata.normalize("NFKC", text))
    return next((word[0] for word in dotted if not _is_name(word)), None)


def _is_name(word: re.Match[str]) -> bool:
    return (
        _FILE_TYPES.fullmatch(word[2]) is not None
        or _PACKAGES.fullmatch(word[1].lower()) is not None
        or _NAMES.fullmatch(word[0].lower()) is not None
    )


def _surrounding_word(text: str, found: re.Match[str]) -> str:
    """Return the run of ASCII without blanks around a match: the link that a dot belongs to."""
    runs = (run[0] for run in _ASCII_RUN.finditer(text) if run.start() <= found.start() < run.end())
    return next(runs, found[0])
