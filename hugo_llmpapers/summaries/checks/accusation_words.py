"""The words of accusations, by language, for `accusations`.

A list of words is a string of regular expressions with blanks between them, in which `_` is a blank. They are for text in
lower case after NFKC. In languages written with blanks each begins at a word's start. To add a language, give it an entry
in `said` of every subject, here and in `touting_words`, and one in `paper_words`.
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
        "ja": "撤回 取り?下げ 掲載[^。]{0,4}取り?消 採択[^。]{0,4}取り?消 懸念表明 取りやめ",
        "en": (
            r"retract(?:ed|ions?|ing|s)?\b withdr(?:aw|ew) expression_of_concern revoke removal_of_(?:the|this)_paper "
            r"errat(?:um|a)\b"
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
        "backtrack revis change_(?:its|their|his|her)_(?:mind|answer) drop(?:s|ped)?_ errat corrigend"
    ),
    of_it={
        "ja": "取り?消さ? 無効 公開が停止 訂正(?:が出|を出) 誤り",
        "en": r"removed taken_down revoked pulled stopped no_longer_available erratum invalid\b wrong\b",
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
        "ja": "捏造 ねつ造 でっち上げ 改ざん 改竄 偽造 粉飾 水増し やらせ データの書き換え 隠蔽 偽って 偽り "
            "(?<![無不])作為(?!的|抽出) つじつまが合わ 作り話 でたらめだった "
            "(?:著者|研究者)[^。]{0,30}打ち明け "
            "(?:実際に|本当に)[^。]{0,6}測(?:った|定した)もので(?:は|も)?な 嘘を(?:認|白状) 後から書き(?:足|加|換) "
            "(?<=[、。])(?:実際に?は?)?(?:測定|計測|実験|試験|実証)(?:は|も|自体)"
            "[^。、]{0,8}行われ(?:ていない|なかった|ておらず) "
            "(?:機器|端末|装置|被験者|参加者|実験)[^。]{0,8}実在(?:せず|しな)",
        "en": (
            r"fabricat falsif(?:y|ied|ies|ication) fake faking forge(?:d|ry|ries)\b ma(?:de|king|ke)[_-]up_(?!of\b)\w "
            "(?:figures?|data|results?|numbers|images?|measurements?)_(?:(?:had|have|has|been|was|were|is|are)_){0,2}"
            r"(?:manipulated|doctored|invented|massaged)\b(?!_by) "
            "invent(?:ed|ing)_(?:the_|its_|their_)?(?:data|results|numbers|measurements) rigged "
            "conceal(?:s|ed|ing)?_(?:results|data|findings) passed_off "
            r"(?:admit|conced|confess)\w*_(?:that_)?(?:they|he|she)_(?:had_|have_)?(?:lied|cheated|faked|made|never) "
            "(?:measurements?|experiments?|trials?|tests?|surveys?|interviews?)_(?:(?:was|were|had|have|has|in_fact|actually)_){0,3}"
            r"(?:never_(?:been_)?(?:taken|made|run|done|carried|conducted|performed|held|took|happened)\b"
            r"|did_not_(?:happen|take_place)) "
            r"none_of_the_(?:numbers|results|measurements|data|figures)_"
            r"(?:\w+_){0,4}(?:was|were)_(?:actually|really|ever)\b "
            r"owned_up\b (?:came|come)_clean\b (?:authors['’]|own)_imagination "
            r"nobody_has_(?:been_able_to_)?(?:repeat|reproduc|replicat)"
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
        "non-?exist alter(?:s|ed|ing|ation) unfaithful bogus imposs invent fool untru conceal rigged "
        r"li(?:e|ed|es|ar|ars)\b lying\b confess reproduc replicat intention imaginat role[_-]?play"
    ),
    of_it={
        "ja": "架空 偽物 虚偽 嘘 書き換え 何も測定 一度も行 不正に操作",
        "en": (
            r"false\b untrue invented doctored massaged staged inflated rewritten "
            r"never_(?:measured|ran|run|carried|conducted|performed|tested)\b"
        ),
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
        "ja": (
            "剽窃 盗用 盗作 無断(?:で)?(?:転載|使用|引用|複製) 二重投稿 (?:着想|アイデア|構想|発想)[^。]{0,16}盗 "
            "丸写し 許可なく 横取り 未発表の[^。]{0,12}(?:持ち出|拝借|奪|写し取) "
            "(?:他人|他の研究者|別の研究者|同僚|学生|競争相手)の[^。]{0,14}(?:持ち出|拝借|奪っ|横流し|我が物) "
            "(?:同僚|公開前の[^。]{0,12})の[^。]{0,10}(?:写した|書き写)"
        ),
        "en": (
            "plagiar stolen_from stole_ copied_[^.]{0,40}without_permission dual_submission "
            "(?:to|at)_two_venues_at_once word_for_word lifted_from without_credit somebody_else['’]s_work "
            "stolen_code ideas?_(?:\\w+_)?belong(?:s|ed)?_to_(?:an)?others?\\b "
            r"taken_from_(?:\w+_){0,6}(?:colleague|rival|student)s?\b had_not_yet_published "
            r"unpublished_(?:\w+_)?(?:work|results|ideas?|drafts?)_(?:of|by|from)_(?:another|other|a|an|their|some)\b"
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
    of_it={
        "ja": "流用",
    },
)  # fmt: skip
MISCONDUCT = Subject(
    name="misconduct",
    said={
        "ja": (
            "研究不正 不正行為 不正を(?:認|働|はたら|行) 懲戒 処分(?:を受|さ) 解雇 停職 免職 倫理(?:規定)?違反 "
            "ハラスメント 買収 賄賂 論文不正 剥奪 追放 除名 不正に受給 嫌がらせ 失格 金品 袖の下 "
            "(?:査読|審査)(?:者|員|の担当者)[^。]{0,10}[をにへ][^。]{0,14}(?:贈|招待|招い|招か|接待|振る舞) "
            "査読[^。]{0,8}(?:謝礼|接待|贈り物|贈答|現金|便宜) 見返りに[^。]{0,12}(?:採択|採録|掲載) (?:名前|名義)を(?:勝手|無断)"
        ),
        "en": (
            "misconduct disciplined_for (?:dismissed|fired|suspended)_(?:for|because|from) unethical harass brib "
            "breach_of_[^.]{0,20}(?:ethics|rules) academic_dishonesty banned_(?:from|for)_(?:the|life) expelled "
            "stripped_of bullying by_deception serious_researcher kickback "
            r"(?:referees?|reviewers?|chairs?|editors?)_"
            r"(?:was|were)_(?:flown|promised|treated_to|offered)\b at_the_authors['’]_expense "
            "former_employer against_(?:its|their|his|her)_will "
            r"(?:reviewers?|referees?|editors?)_(?:\w+_)?(?:received|accepted|took|given|got)"
            r"_(?:\w+_)?(?:gifts?|money|favou?rs|cash)\b "
            "in_(?:exchange|return)_for_(?:its_|their_|the_)?(?:acceptance|publication|(?:good|favou?rable|kind|positive)_review)"
        ),
        "zh": "学术不端 处分 开除 骚扰 贿赂 解聘 造假被",
        "ko": "부정_?행위 징계 해임 파면 괴롭힘 성희롱 뇌물",
        "de": r"(?:wissenschaftlich\w*_)?fehlverhalten bestochen bestech belästig entlassen unredlich",
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
        "ja": (
            "詐欺 逮捕 容疑 有罪 前科 公判 犯罪 違法 指名手配 懲役 横領 盗まれた 密輸 マルウェア テロ(?!メ) 服役 "
            "書類送検 刑務所 実刑 薬物の所持 諜報 恐喝 取り調べ"
        ),
        "en": (
            r"arrested convicted criminal crimes?\b illegal fraud scam swindl embezzl jail(?!b) imprison felon "
            "on_trial_for wanted_by launder stolen prison serving_a_sentence extort under_arrest "
            "intelligence_(?:service|agency) terroris"
        ),
        "zh": "诈骗 欺诈 被捕 逮捕 犯罪 违法 非法 嫌疑 判刑 入狱 坐牢",
        "ko": "사기 체포 혐의 범죄 불법 구속(?:되었|됐|수사|영장) 유죄 횡령 복역 징역",
        "de": "betrug betrüg verhaftet verbrech kriminell illegal verurteilt vorbestraft straftat gefängnis",
        "fr": r"escroqu arrêté criminel crime illégal condamné frauduleu fraude(?!_scientifique) détourn prison\b",
        "es": "estaf detenid criminal delito delincuen ilegal condenad fraud prisión cárcel",
        "ru": (
            "мошен арест преступ незаконн осужд[её]н судим задержан "
            "тюрьм"
        ),
    },
    licence=(
        r"crim fraud scam phish arrest suspects?\b guilty convict illegal unlawful illicit offen[cs] malware ransom "
        "virus terror steal stol theft law legal police forensic detective investigator jailbr harm danger unsafe "
        r"cyber malicious prison courts?\b judic smuggl embezz weapon misus abus divert extort interrogat "
        "intelligence_(?:serv|agen|analy) espionage spy spies"
    ),
)  # fmt: skip
LAW = Subject(
    name="legal trouble",
    said={
        "ja": (
            "訴訟 訴えられ 提訴 告訴 告発 係争 被告 原告 裁判(?!官) (?:著作権|特許)[^。]{0,6}侵害 差し?止め 捜査 賠償 "
            "起訴 罰金 法律で禁じ 法で禁"
        ),
        "en": (
            r"lawsuit sued\b suing litigat plaintiff defendant infring injunction court indict(?:ed|ment) prosecut "
            "police legal_action demand(?:s|ed)?_(?:damages|compensation) (?:forbidden|banned|prohibited)_by_law "
            "fighting_over"
        ),
        "zh": "起诉 诉讼 被告 原告 法院 侵权 侵犯(?:了)?(?:版权|著作权|专利) 罚款",
        "ko": "소송 고소 고발 피고 원고(?:측|가_) 법원 침해 수사 기소",
        "de": (
            r"klage(?:n\b|\b) verklagt gericht(?:s|lich|e)?\b urheberrechtsverletzung patentverletzung staatsanwalt "
            "polizei"
        ),
        "fr": r"poursuivis?_en_justice procès\b plainte tribunal contrefaçon police\b",
        "es": (
            r"demandad[oa]s?\b demandas?_judicial tribunal infracción juicio_contra policía querella "
            "(?:presentado|interpuesto)_una_demanda"
        ),
        "ru": (
            r"подал[аи]?_в_суд суд(?:а|у|ом|е|ебн\w+)?\b иск(?:а|у|и|ов|ом)?\b "
            r"нарушени\w+_(?:авторск|патент) полици возмещени"
        ),
    },
    licence=(
        r"law legal legis su(?:ed|es|ing)\b litigat courts?\b copyright patent infring jurisd judic judg(?:e?ment)s?\b "
        r"judges['’] rulings?\b crim police investigator regulat complian gdpr licen[cs] liab plaintiff defendant "
        r"trials?\b fined\b intellectual_property damages prosecut detective forensic privacy intru attorney complain"
    ),
)  # fmt: skip
PERSON = Subject(
    name="a single author",
    said={
        "ja": "(?:第[一二三四五1-5]|筆頭|責任|最終)著者 著者の(?:一人|会社|ひとり|勤務先)",
        "en": (
            r"(?:first|second|third|fourth|senior|last|lead|corresponding)_authors?\b "
            r"(?:one|two|some|several)_of_(?:the|its)_authors\b the_author\b(?![-_'’]) "
            r"authors['’]_(?:company|newsletter|channel|video|employer|firm) one_author\b"
        ),
        "zh": "(?:第[一二三]|通讯|资深)作者 其中一位作者 作者的公",
        "ko": "(?:제?_?[1-3일이삼]|교신|책임)_?저자 저자_중_(?:한|두)",
        "de": r"(?:erste|zweite|dritte|letzte|federführende|korrespondierende)[rn]?_autor\w* eine[rs]?_der_autoren",
        "fr": r"(?:premier|première|deuxième|second|troisième|dernier)_auteure?\b l['’]une?_des_auteurs",
        "es": r"(?:primer|segund|tercer|últim)[oa]?_autora?\b uno_de_los_autores",
        "ru": r"(?:перв|втор|трет|последн)\w+_автор один_из_авторов",
    },
    licence=(
        "(?:first|second|senior|last|lead|corresponding|co)[_-]?authors? authorship authored "
        r"author_(?:attribution|identit|profil|persona|name) writers?\b novels? stylom personali"
    ),
    accuses=False,
)  # fmt: skip
"""No abstract says who is who among its authors, so no summary can know anything about one of them."""
VENUE = Subject(
    name="journals, publishers and universities",
    said={
        "ja": "掲載誌 論文集 学術誌 学会(?!習) 出版社 編集部 学位 大学(?:は|が|の調査) 学内の調査 所属機関",
        "en": (
            r"journals?\b publishers?\b the_editors\b proceedings\b "
            r"(?:a|an|the)_(?:\w+_)?committee_(?:\w+_)?(?:concluded|found|ruled)\b "
            r"inquiry programme_committee program_committee doctoral_degree conference "
            "the_university"
        ),
        "zh": "期刊 出版社 校方 学位",
        "ko": "학술지 학회 출판사 학위",
        "de": r"zeitschrift verlag\b universität\b",
        "fr": r"revue_scientifique la_revue\b éditeurs? l['’]université",
        "es": r"la_revista\b editorial la_universidad",
        "ru": "журнал(?!ир) издательств университет",
    },
    licence=(
        "journal publish publication venue conference workshop proceeding peer[_-]?review review editor award "
        "universit academ scholar scien literature research_paper student campus school college institut preprint "
        "manuscript degree book retract inquir enquir magazine news committee panel jury"
    ),
    accuses=False,
)  # fmt: skip
ACCUSATIONS = (WITHDRAWAL, FABRICATION, PLAGIARISM, MISCONDUCT, CRIME, LAW, PERSON, VENUE)
