"""The words of accusations, of politics, of money and of contacts, by language, for `sensitive`.

A list of words is a string of regular expressions with blanks between them, in which `_` is a blank. They are for text in
lower case after NFKC. In languages written with blanks each begins at a word's start. To add a language, give it an entry
in `said` of every subject here, and one in `paper_words`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, eq=False)
class Subject:
    """What a summary may speak of only where its source does."""

    name: str
    """For a message in English."""
    said: Mapping[str, str]
    """How a summary speaks of it, by language (`ja`)."""
    licence: str
    """Beginnings of English words; a source that has one of them is about it. Papers have many words for one thing, and a
    summary that is wrongly refused costs a paper its place, so these are more than the translations of `said`."""
    of_it: Mapping[str, str] = field(default_factory=dict)
    """What is a charge only where it is said of the paper itself: `removed`."""
    accuses: bool = True
    """Whether it is a charge when said of a paper or its authors."""


WITHDRAWAL = Subject(
    name="withdrawal",
    said={
        "ja": "撤回 取り?下げ 掲載[^。]{0,4}取り?消 採択[^。]{0,4}取り?消 懸念表明",
        "en": (
            r"retract(?:ed|ions?|ing|s)?\b withdr(?:aw|ew) expression_of_concern revoke "
            "removal_of_(?:the|this)_paper"
        ),
        "zh": "撤稿 撤回 撤销",
        "ko": "철회 게재_?취소",
        "de": "zurückgezogen zurückziehung widerruf",
        "fr": "rétract désavou",
        "es": "retract retiraron",
        "ru": "отозва отзыв(?:а|у|ом)?_статьи ретрак",
    },
    licence=(
        "withdr retract revo[ck] recant rescind undo roll(?:ed|s|ing)?[_-]?back cancel takes?_back concern revers "
        "backtrack revis change_(?:its|their|his|her)_(?:mind|answer) drop(?:s|ped)?_"
    ),
    of_it={
        "ja": "取り?消さ?",
        "en": "removed taken_down revoked",
        "zh": "撤下",
        "ko": "취소",
        "de": "entfernt gelöscht",
        "fr": "retiré",
        "es": "retirad",
        "ru": "снята_с_публикации удалена",
    },
)  # fmt: skip
FABRICATION = Subject(
    name="fabrication",
    said={
        "ja": "捏造 ねつ造 でっち上げ 改ざん 改竄 偽造 粉飾",
        "en": (
            r"fabricat falsif(?:y|ied|ies|ication) fake faking forge(?:d|ry|ries)\b "
            r"ma(?:de|king|ke)[_-]up_(?!of\b)\w "
            r"(?:figures?|data|results?|numbers|images?|measurements?)_(?:(?:had|have|has|been|was|were|is|are)_){0,2}"
            r"(?:manipulated|doctored|invented|massaged)\b(?!_by) "
            "invent(?:ed|ing)_(?:the_|its_|their_)?(?:data|results|numbers|measurements)"
        ),
        "zh": "伪造 造假 捏造 篡改 编造",
        "ko": "날조 (?:데이터|결과|수치)_?조작 위조 지어낸",
        "de": "(?:ge)?fälsch erfunden fabriziert",
        "fr": "falsifi inventé fabriqué_de_toutes truqu trafiqu",
        "es": "falsific inventad amañad fabricad[oa]s?_por_los_autores manipulad[oa]s?_por_los_autores",
        "ru": "фальсифи сфальсифи выдуман подделан сфабрик подделк",
    },
    licence=(
        "fabricat forg(?:ed|er|ing) falsif (?:deep)?fak(?:e|ing) tamper manipulat hallucinat ma(?:d|k)(?:e|ing)[_-]up "
        "invented fictit fiction counterfeit spoof poison corrupt mislead decei decept false misinform disinform "
        "non-?exist alter(?:s|ed|ing|ation) unfaithful bogus imposs"
    ),
    of_it={
        "ja": "架空 偽物 虚偽 嘘 書き換え",
        "en": r"false\b untrue invented doctored massaged",
        "zh": "虚构 虚假 假的",
        "ko": "조작 거짓 가짜",
        "de": r"manipuliert falsch\b",
        "fr": r"fau(?:x|sse|sses)\b manipulé",
        "es": r"fals[oa]s?\b manipulad",
        "ru": "подтасован ложн",
    },
)  # fmt: skip
PLAGIARISM = Subject(
    name="plagiarism",
    said={
        "ja": "剽窃 盗用 盗作 無断(?:で)?(?:転載|使用|引用|複製) 二重投稿 (?:着想|アイデア|構想|発想)[^。]{0,16}盗",
        "en": (
            "plagiar stolen_from stole_ copied_[^.]{0,40}without_permission dual_submission "
            "(?:to|at)_two_venues_at_once"
        ),
        "zh": "抄袭 剽窃 盗用 一稿多投",
        "ko": "표절 도용 무단_?(?:전재|복제) 중복_?투고",
        "de": "plagi abgeschrieben gestohlen",
        "fr": "plagi volée?_à",
        "es": "plagi robad[oa]s?_a",
        "ru": "плаги украден",
    },
    licence=(
        "plagiar cop(?:y|ied) copyright steal stol theft imitat duplicat memori[sz] verbatim regurgit leak pira "
        "permission unauthori[sz]ed contamin"
    ),
)  # fmt: skip
MISCONDUCT = Subject(
    name="misconduct",
    said={
        "ja": (
            "研究不正 不正行為 不正を(?:認|働|はたら|行) 懲戒 処分(?:を受|さ) 解雇 停職 免職 倫理(?:規定)?違反 "
            "ハラスメント 買収 賄賂"
        ),
        "en": (
            "misconduct disciplined_for (?:dismissed|fired|suspended)_(?:for|because|from) unethical harass brib "
            "breach_of_[^.]{0,20}(?:ethics|rules)"
        ),
        "zh": "学术不端 处分 开除 骚扰 贿赂",
        "ko": "부정_?행위 징계 해임 파면 괴롭힘 성희롱 뇌물",
        "de": r"(?:wissenschaftlich\w*_)?fehlverhalten bestochen bestech belästig entlassen",
        "fr": "fraude_scientifique faute_(?:professionnelle|grave) sanctionné harcèlement licencié soudoy",
        "es": "mala_conducta sancionad acoso despedid soborn",
        "ru": (
            r"нарушени\w+_(?:научной_|исследовательской_)?этики "
            "недобросовестн наказан домогательств взятк уволен"
        ),
    },
    licence=(
        r"misconduct cheat fraud disciplinary fir(?:ed|ing)\b dismiss laid_off layoff suspen harass brib unethical "
        r"ethic dishonest integrity abus hack gaming gam(?:e|es)_the acquired_by acquisitions?\b merger scheming "
        r"misbehav malicious improper sanction punish bully toxic exploits?\b exploiting"
    ),
)  # fmt: skip
CRIME = Subject(
    name="crime",
    said={
        "ja": "詐欺 逮捕 容疑 有罪 前科 公判 犯罪 違法 指名手配 懲役 横領 盗まれた 密輸 マルウェア テロ(?!メ)",
        "en": (
            r"arrested convicted criminal crimes?\b illegal fraud scam swindl embezzl jail(?!b) imprison felon "
            "on_trial_for wanted_by launder stolen"
        ),
        "zh": "诈骗 欺诈 被捕 逮捕 犯罪 违法 非法 嫌疑 判刑",
        "ko": "사기 체포 혐의 범죄 불법 구속(?:되었|됐|수사|영장) 유죄 횡령",
        "de": "betrug betrüg verhaftet verbrech kriminell illegal verurteilt vorbestraft straftat",
        "fr": "escroqu arrêté criminel crime illégal condamné frauduleu fraude(?!_scientifique) détourn",
        "es": "estaf detenid criminal delito delincuen ilegal condenad fraud",
        "ru": "мошен арест преступ незаконн осужд[её]н судим задержан",
    },
    licence=(
        r"crim fraud scam phish arrest suspects?\b guilty convict illegal unlawful illicit offen[cs] malware ransom "
        "virus terror steal stol theft law legal police forensic detective investigator jailbr harm danger unsafe "
        r"cyber malicious prison courts?\b judic smuggl embezz weapon misus abus divert"
    ),
)  # fmt: skip
LAW = Subject(
    name="legal trouble",
    said={
        "ja": (
            "訴訟 訴えられ 提訴 告訴 告発 係争 被告 原告 裁判(?!官) (?:著作権|特許)[^。]{0,6}侵害 差し?止め 捜査 "
            "賠償 起訴 罰金"
        ),
        "en": (
            r"lawsuit sued\b suing litigat plaintiff defendant infring injunction court indict(?:ed|ment) prosecut "
            "police legal_action"
        ),
        "zh": "起诉 诉讼 被告 原告 法院 侵权 侵犯(?:了)?(?:版权|著作权|专利) 罚款",
        "ko": "소송 고소 고발 피고 원고(?:측|가_) 법원 침해 수사 기소",
        "de": (
            r"klage(?:n\b|\b) verklagt gericht(?:s|lich|e)?\b urheberrechtsverletzung patentverletzung staatsanwalt "
            "polizei"
        ),
        "fr": r"poursuivis?_en_justice procès\b plainte tribunal contrefaçon police\b",
        "es": r"demandad[oa]s?\b demandas?_judicial tribunal infracción juicio_contra policía querella",
        "ru": (
            r"подал[аи]?_в_суд суд(?:а|у|ом|е|ебн\w+)?\b иск(?:а|у|и|ов|ом)?\b "
            r"нарушени\w+_(?:авторск|патент) полици"
        ),
    },
    licence=(
        r"law legal legis su(?:ed|es|ing)\b litigat courts?\b copyright patent infring jurisd judic judg(?:e?ment)s?\b "
        r"judges['’] rulings?\b crim police investigator regulat complian gdpr licen[cs] liab plaintiff defendant "
        r"trials?\b fined\b intellectual_property damages prosecut detective forensic privacy intru attorney complain"
    ),
)  # fmt: skip
POLITICS = Subject(
    name="politics",
    said={
        "ja": "選挙 投票 一票 与党 野党 保守党 政権 政党 首相 大統領 移民 増税 減税 国会 有権者 退陣 右翼 左翼",
        "en": (
            r"elections?\b vote(?:rs?)?_(?:for|should|must)\b immigrants?\b "
            "(?:ruling|conservative|liberal|labou?r|communist)_party parliament prime_minister "
            r"president(?:ial|s)?\b (?:current_|this_|the_)?government_(?:must|should|has_to) ballot taxes\b"
        ),
        "zh": "选举 投票 执政党 在野党 政党 总统 总理 移民 政府(?:必须|应当|应该) 下台",
        "ko": "선거 투표 여당 야당 대통령 정권 이민자 국회 총리",
        "de": (
            r"(?:bundestags|landtags)?wahl(?:en)?\b wählt\b regierungspartei partei(?:en)?\b bundeskanzler einwander "
            "migrant"
        ),
        "fr": r"élections?\b votez parti_(?:au_pouvoir|politique) présidents?\b premier_ministre immigré",
        "es": r"eleccion(?:es)?\b elección\b vot[ea]n?\b partido_(?:del|en_el|político) presidente inmigrante",
        "ru": (
            r"выбор(?:ы|ах|ов)\b голосуйте партии\b партия\b партию\b "
            "президент мигрант"
        ),
    },
    licence=(
        "politic election elector vot(?:e|ing) ballot government president minister parliament congress immigra migra "
        r"tax(?:es|ation)?\b public_polic policymak partisan democra republic ideolog left[_-] conservati liberal "
        "geopol countr majority consensus ensembl self-consist aggregat poll jury panel committee civic"
    ),
    accuses=False,
)  # fmt: skip
MONEY = Subject(
    name="coins and investments",
    said={
        "ja": (
            "仮想通貨 暗号(?:資産|通貨) ビットコイン [ァ-ヶー]コイン ウォレット (?:取引所|市場)に上場 値上がり "
            "先行販売 に投資す 儲か 元本"
        ),
        "en": (
            r"crypto(?:s|currenc|\s|-) bitcoin [a-z]+coins?\b (?:this|the)_coin\b presale pre-sale wallet airdrop "
            r"invest_in\b early_buyers investors?\b"
        ),
        "zh": "加密货币 虚拟货币 比特币 [一-鿿]币(?!种) 钱包 赚钱 投资(?:者|于)",
        "ko": "암호_?화폐 가상_?화폐 비트코인 코인 지갑 투자하",
        "de": "krypto(?:w|g) bitcoin wer_[^.]{0,40}kauft investier(?:en|t)_(?:sie|in)",
        "fr": "crypto-?(?:monnaie|actif) bitcoin investi(?:r|ssez)_dans",
        "es": "criptomoneda criptoactivo bitcoin invertir_en invierta",
        "ru": (
            "криптовалют биткоин инвестируйте "
            r"токен\w*_(?:поступит|вырастет)"
        ),
    },
    licence=(
        r"crypto bitcoin [a-z]*coins?\b blockchain wallet invest(?!ig) stocks?\b financ trad(?:ed|ers?|ing)\b market "
        r"assets?\b prices?\b pricing portfolio econom bank funds?\b decentrali ethereum smart_contract"
    ),
    accuses=False,
)  # fmt: skip
CONTACT = Subject(
    name="channels and accounts to turn to",
    said={
        "ja": "テレグラム ディスコード ワッツアップ qrコード 微信 電話番号 振込先 口座",
        "en": r"telegram whatsapp discord\b wechat qr[_-]code phone_number bank_account",
        "zh": "二维码 微信 电报(?:频道|群) qq群 手机号",
        "ko": "텔레그램 디스코드 카카오톡 qr_?코드 전화번호 계좌",
        "de": "telegram whatsapp qr-?code telefonnummer bankkonto",
        "fr": "telegram whatsapp code_qr qr_code numéro_de_téléphone compte_bancaire",
        "es": "telegram whatsapp código_qr número_de_teléfono cuenta_bancaria",
        "ru": "telegram телеграм whatsapp qr-?код номер_телефона счёт_в_банке",
    },
    licence=r"telegram whatsapp discord\b wechat qr\b barcode (?:tele)?phone social_media bank messaging",
    accuses=False,
)  # fmt: skip
SUBJECTS = (WITHDRAWAL, FABRICATION, PLAGIARISM, MISCONDUCT, CRIME, LAW, POLITICS, MONEY, CONTACT)
