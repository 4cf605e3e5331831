"""Praise, and sentences that want something of the reader: to cite, read, buy, install, visit, vote, send.

A summary tells what a paper says. It asks its reader for nothing, whatever the paper asks for: "models should cite their
sources" is a statement, "researchers should cite this paper" is not. The source's
quotations are left out before, by `quotations`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from functools import lru_cache

_PRAISE = (
    r"必読|史上最高(?:である|だ|の論文|の研究)|最高傑作|歴史に残る|見逃して(?:は|なら)",
    r"must[- ]read|best paper (?:ever|of all)|strong accept|paper should be accepted|highly recommend (?:this|reading)",
    r"click here|visit us|subscribe (?:to our|now)|buy now",
)

_IT_JA = r"(?:本|この|原|当)(?:論文|研究|稿|手法|成果|記事)"
_USE_JA = r"(?:引用|参照|読|言及|採択|採用|紹介|共有|拡散|推薦|評価)"
_MUST_JA = (
    r"(?:(?:なければ|なくては|ねば)ならない|べき|義務|必要がある|こと。|こと[^。]{0,8}勧め|勧め|推奨する|てほしい)"
)
_END_JA = r"(?=[。！!]|$)"
_JA = (
    # something is to be done with this paper
    rf"{_IT_JA}[をに][^。、]{{0,10}}{_USE_JA}[^。、]{{0,12}}{_MUST_JA}",
    rf"{_IT_JA}[をに][^。、]{{0,14}}(?:強く勧め|推奨する。)",
    r"(?:論文|研究)を[^。]{0,10}読むべき(?:だ|である)|採択(?:す|され)る?べき(?:だ|である)。",
    r"(?:^|。)(?![^。]*(?:出典|文献|根拠|証拠|情報源|原典|資料|文書|箇所|一節|条文|判例)[^。]{0,6}を)"
    r"[^。]*引用(?:す|され)る?べき(?:だ|である)",
    rf"引用(?:は|が)(?:必須|義務|不可欠)|引用を(?:欠か|怠|忘れ)|{_IT_JA}の引用[をは][^。]{{0,10}}(?:欠か|必須)",
    r"(?:賞|栄誉)を(?:与え|授け|贈)[^。]{0,6}べき|(?:受賞|引用|採択)に値する|興味のある(?:者|方|人|読者)は",
    r"(?:使わ|読ま|引用し)ない(?:理由は|手は)ない|引用しない(?:者|研究者|論文)は|(?:どうだろう|いかがだろう)か(?=。|$)|(?:尋ねる|聞く|頼む)とよい",
    r"(?:論文|研究)を[^。]{0,6}読んでおくべき",
    rf"{_IT_JA}[にを](?:触れ|言及|引用|挙げ|参照)[^。、]{{0,6}}(?:のが|のは|ことが|ことは)[^。]{{0,6}}(?:礼儀|常識|当然|作法|義務)",
    rf"{_IT_JA}を(?:知ら|読ま|引用せ|避けて|抜きに)[^。]{{0,24}}(?:できない|ありえない|語れない|ならない)",
    r"(?:論文名|題名|表題|論文の題)[^。]{0,4}で検索すると",
    # the reader is to do something
    r"(?:(?<!査)読者|皆さん|みなさん|皆様|あなた|閲覧者)(?:諸氏|たち|の皆さん|の皆様)?(?:は|も|にも?)[^。]{0,40}"
    r"(?:べき(?:だ|である)|なければならない|義務がある|必要がある|こと|ほしい|勧める|たい)。",
    rf"(?:ぜひ|是非)[^。]{{0,32}}(?:{_MUST_JA}|たい。)",
    r"(?:登録|購入|訪問|フォロー|アクセス|投票|寄付|送金|投資)(?:せよ|しよう|してほしい|すべきだ|すべきである)",
    # a sentence that ends as orders and invitations do
    r"(?:せよ|なさい|されたい|てほしい|てもらいたい|ください|下さい|ましょう|たまえ|してくれ|乞う|願う|願いたい|[てで](?:みる|おく)と(?:よい|いい|良い))"
    + _END_JA,
    r"(?:急げ|買え|見よ|読め|行け|送れ|入れ|試せ|使え|選べ|従え|押せ|忘れるな)" + _END_JA,
    r"(?:しよう|みよう|[えけせてねべめれげ]よう|(?<=[読頼込飲進])もう|[送守作売取乗知]ろう|(?<=[買使追願])おう"
    r"|(?<=[行書聞])こう|(?<=[選学])ぼう)" + _END_JA,
    r"(?:^|。)[^。はがも]{2,40}(?:する|送る|読む|入力|登録|押す|見る|示す|守る|行う|送信|購入)こと(?=。|$)",
)

_EN_VERBS = (
    r"(?:visit|install|buy|vote|send|click|cite|subscribe|donate|join|follow|share|download|check|see|contact|scan|sign|invest"
    r"|read|try|watch|enter|log|go|get|use|open|call|write|support|order|register|give|claim|star|tell|ask|pay|run|act"
    r"|remember|forget|learn|discover|email|reference|refer|look|head|grab|choose|stop|boycott|protest)"
)
_EN_OBJECTS = (
    r"(?:the|this|these|that|it|its|them|us|our|your|my|an?|now|today|here|to|for|on|in|at|up|out|more"
    r"|everything|all|before|with)"
)
_EN_MUST = r"(?:must|should|shall|ought to|need to|have to|has to|(?:obliged|required|expected) to)"
_EN = (
    rf"(?:^|[.!?:;] )(?:(?:now|today|then|so|just|simply|please),? )?{_EN_VERBS} {_EN_OBJECTS} ",
    r"(?:^|[.!?:;,] )(?:please|do not (?:miss|forget|wait)|don['’]t|never forget|make sure|be sure|remember to|hurry|act now)\b",
    r"(?:^|[.!?:;,] )(?:now is the time|let us|let['’]s)\b|\blearn more (?:at|on|about it|here)\b",
    r"\bwe (?:urge|encourage|invite|advise|ask) (?:you|readers|everyone|all)\b",
    rf"\b(?:readers?|you|everyone|everybody|the public|citizens) "
    rf"(?:{_EN_MUST}|can (?:now )?(?:win|get|buy|earn)|will (?:win|profit|get)"
    r"|(?:are|is) (?:\w+ )?(?:obliged|required|urged|invited|encouraged|asked|advised|welcome|bound) to)\b",
    r"(?-i:\b[Yy]ou (?:can|may|will|could|might|need|want|have)\b)",  # a title has capitals
    r"\bif you (?:sign|click|join|buy|send|visit|register|like|install|donate)\b",
    r"\byour (?:\w+ )?(?:wallet|account|password|name|donation|friends|computer|money|vote)\b",
    r"\bno reason not to \w+ (?:this|the)\b|\bwho (?:does|do) not cite (?:it|this)\b|(?:^|[.!?] )why not \w+ ",
    rf"(?:^|[.!?:;] )(?:press|push|tap|text|search for|type|hold|drag|fill) {_EN_OBJECTS} ",
    r"\b(?:customary|polite|proper|good form|good manners) to (?:cite|mention|credit|quote|name)\b"
    r"|\bwork (?:\w+ ){0,3}that (?:leaves|omits|ignores) [^.]{0,30}incomplete\b|\bcomes up first\b",
    r"\bciting (?:it|this \w+) is\b|\bthis (?:paper|work|study) uncited\b",
    r"\b(?:paper|work|study|authors?) deserves? (?:the|an?|to)\b",
    rf"\b(?:this|the present) (?:paper|work|study|article) {_EN_MUST} be "
    r"(?:\w+ )?(?:cited|read|accepted|published|shared|known)\b",
    r"\b(?:those|anyone|whoever|all) (?:who (?:is|are) )?interested (?:\w+ )?(?:should|must|can|may)\b",
    rf"\b{_EN_MUST} (?:\w+ ){{0,2}}(?:cite|quote|reference|read|adopt|accept|endorse|promote|credit|acknowledge|share|publish) "
    r"(?:\w+ )?(?:this\b|the present\b|the authors['’]|our\b|it\b|its (?:authors|findings|results))",
)

_ZH = (
    r"(?:^|[，。；：！])(?:请(?!求|教|愿)|务必|赶快|赶紧|快来|欢迎|立即|马上|立刻|敬请|切勿|不要错过)(?=\w)",
    r"(?:必须|应当|应该|应|务必|需要|都要)\w{0,4}(?:引用|阅读|采用|接收|录用|推荐|分享)(?:本|此|这|该)",
    r"(?:本|该|此)(?:文|论文|研究)(?:必须|应当|应该|值得)被?(?:引用|录用|阅读)",
    r"(?:读者|大家|各位|您|你们?)\w{0,4}(?:应|必须|可以|务必|需要|请)",
)
_KO = (
    r"(?:세요|십시오|시오|합시다|봅시다|하자|보자|해라|하라|마라|사라|써라|달라|바란다|바랍니다|권한다)[.!]",
    r"(?:이|본|해당) (?:논문|연구|방법)(?:을|를)[^.]{0,12}(?:인용|읽|채택|참조|언급|공유)[^.]{0,6}(?:해야|어야|할 것|의무)",
    r"(?:이|본) (?:논문|연구)[은는] (?:반드시 )?(?:인용|읽)\S*(?:되어야|혀야)",
    r"(?:독자|여러분|당신|누구나)[^.]{0,30}(?:해야|어야|하여야|할 것)",
)
_DE = (
    r"(?:^|[.!?:] )(?!(?:Sind|Wären|Werden|Können|Haben|Sollten) )\w{2,}(?:en|ern|eln) Sie\b",
    r"(?:^|[.!?:] )(?:Bitte|Wählt|Kauft?|Kaufe|Besucht?|Besuche|Installiert?|Installiere|Lest|Lies|Teilt|Teile|Abonnier\w*"
    r"|Klickt?|Klicke|Spendet?|Stimmt für|Zitiert?|Zitiere|Ladet?|Lade|Folgt|Folge|Schaut?|Meldet|Sendet?|Schickt?)\b",
    r"(?<=[a-zäöüß,] )(?:Ihnen|Ihre[mnrs]?|Euch|Eure[mnrs]?)\b",
    r"(?:müssen|sollten|sollen|muss|sollte)\b[^.]{0,40}\b(?:diese|die vorliegende|unsere|den vorliegenden)\w* "
    r"(?:Arbeit|Studie|Artikel|Aufsatz|Methode)[^.]{0,20}(?:zitieren|lesen|annehmen|anführen|nennen|übernehmen|teilen)",
    r"\b(?:[Dd]iesen?|[Dd]ieser) (?:Arbeit|Studie|Artikel|Aufsatz) (?:nicht )?(?:zitier|(?:muss|sollte) )",
    r"(?:Leser(?:innen)?|alle|jeder) (?:müssen|sollten|muss|sollte|sollen)\b",
)
_FR = (
    r"(?:^|[.!?:] )(?!(?:Chez|Assez|Rez)\b)[A-ZÉ]\w*ez\b",
    r"(?<!-)\b(?:vous|votre|vos)\b",
    r"\b(?:doi(?:t|vent)|devrai(?:t|ent)) (?:\w+ )?(?:citer|lire|adopter|accepter|partager|mentionner) "
    r"(?:cet|cette|ce|le présent|la présente|notre)\b",
    r"\b(?:[Cc]et article|[Cc]e travail|[Cc]ette étude) (?:doit|devrait|mérite d['’]) ?être (?:cité|lu|accepté|partagé)",
    r"\b(?:le lecteur|les lecteurs|chacun|tout le monde) (?:doi(?:t|vent)|devrai(?:t|ent))\b",
)
_ES = (
    r"(?:^|[.!?:] |¡)(?:Visite|Instale|Vote|Compre|Descargue|Lea|Cite|Comparta|Haga|Envíe|Suscríba\w*|Regístre\w*|Done|Invierta"
    r"|Siga|Consulte|Pruebe|Únase|Mire|Vea|Llame|Escriba|Apoye|Acceda|Recuerde|Aproveche|Contacte|Escanee|Introduzca|Visiten"
    r"|Voten|Compren|Por favor)\b",
    r"\b(?:usted(?:es)?|vuestr[oa]s?|tu|tus|os invit\w+)\b",
    r"\b(?:deben?|debería[n]?|tienen? que|ha de) (?:\w+ )?(?:citar|leer|adoptar|aceptar|compartir|mencionar) "
    r"(?:este|esta|el presente|la presente|nuestr[oa])\b",
    r"\b(?:[Ee]ste|[Ee]sta) (?:artículo|trabajo|estudio) (?:debe|debería|merece) ser (?:citad|leíd|aceptad)",
    r"\b(?:el lector|los lectores|todos|todo el mundo) (?:deben?|debería[n]?|tienen? que)\b",
)
_RU = (
    r"(?:^|[.!?:] )(?:Пожалуйста|Просим|Не забудь\w*|[А-ЯЁ]\w+(?:йте|ите)(?:сь)?)\b",
    r"\b(?:вам|вас|ваш\w*|вы)\b",
    r"(?:обязан\w*|долж\w*|следует|необходимо|нужно) (?:\w+ )?"
    r"(?:цитировать|читать|прочитать|прочесть|принять|упоминать|ссылаться на) (?:эту|данную|настоящую|наш)",
    r"\b(?:[Ээ]ту|[Ээ]та) (?:работу|статью|работа|статья) (?:должн\w+|следует|обязательно|нужно) "
    r"(?:\w+ )?(?:цитир|процитир|прочит|принят)",
    r"\b(?:читател\w+|все|каждый) (?:обязан\w*|долж\w+)\b",
)
_TABLES: Mapping[str, tuple[str, ...]] = {
    "ja": _JA,
    "en": _EN,
    "zh": _ZH,
    "ko": _KO,
    "de": _DE,
    "fr": _FR,
    "es": _ES,
    "ru": _RU,
}
_PRAISES = re.compile("|".join(_PRAISE), re.IGNORECASE)
_CAPITALS_TELL = frozenset({"de", "fr", "es", "ru"})
"""Where a sentence begins, and whom it speaks to."""


def appeal_in(text: str, tongue: str) -> str | None:
    """Praise or an appeal to the reader in a summary in that language (`ja`), without its source's quotations; None: none.

    In a language without a table only the usual words of praise in Japanese and English are known.
    """
    text = unicodedata.normalize("NFKC", text)
    found = _PRAISES.search(text) or _appeals(tongue).search(text)
    return found[0].strip() if found is not None else None


@lru_cache
def _appeals(tongue: str) -> re.Pattern[str]:
    flags = re.NOFLAG if tongue in _CAPITALS_TELL else re.IGNORECASE
    return re.compile("|".join(_TABLES.get(tongue, (r"(?!)",))), flags)
