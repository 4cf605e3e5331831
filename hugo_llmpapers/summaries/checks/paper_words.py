"""How summaries speak of their paper and its authors, by language, for `accusations`.

Written as in `accusation_words`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Itself:
    """The words around a charge that make it one against the paper."""

    named: str
    """The paper, its authors, its results."""
    between: str
    """What may stand between that and a charge. Any other word makes it a sentence about the paper's subject: "the authors
    detect fabricated data", "the authors themselves have fabricated data"."""
    suffers: str = ""
    """One expression for a sentence in which something is done to the authors: they propose and show, and are not accused,
    dismissed or praised."""
    after: str = ""
    """One expression for what follows a charge that is the sentence's predicate."""


ITSELF: Mapping[str, Itself] = {
    "ja": Itself(
        named=(
            "(?:本|この|当該|同|今回の)(?:論文|研究|稿|報告|原稿|成果) "
            "(?:第[一二三四五1-5]|筆頭|責任|共同?|最終)?著者 (?:報告された|実験)(?:結果|数値|データ)"
        ),
        between=(
            "自身 自体 本人 ら たち [のはもがにをで、] その後 すでに 既に 後日 後 昨年 先月 今年 現在 また 多く 大半 "
            "一部 ほとんど すべて 実験 結果 データ 測定値? 数値 図 内容 本文 成果 過去 論文 論文不正 研究 "
            "先週 今月 査読 対象 実際 判断 都合のよい 都合の悪い 主要な 定理 重大な "
            "不正 捏造 誤り 疑い 容疑 罪 理由 により による ため として 身 大学 所属機関 一人 詐欺 訴訟"
        ),
        suffers=(
            "著者(?:ら|たち|自身)*(?:は|も|が)[^。がは]{0,60}(?<!えら)(?<!考え)[さられわかたまばがな]れ(?:た|ている|ていた|ており)(?=。|、|$)"
        ),
        after=(
            "(?:[さしでた済げら定中だ師]|判決|処分|が(?:発覚|判明|見つ|明らか|指摘|疑)|"
            "を(?:認|受|理由|働|行|疑)|に(?:問|よ|より|手)"
            "|の(?:疑|手続|容疑|罪|判決|対象)|と(?:し|認|判|な|さ))"
            "[ぁ-ん認定指摘判明発覚見付分知疑問受処決手続中解雇理由責対象報結論言]{0,16}(?:た|いる|ある|だ|され|り)"
            "(?=。|、|が、|と|こと|ため|という|ので|$)"
        ),
    ),
    "en": Itself(
        named=(
            r"(?:this|the|its|their)_(?:very_|same_|own_|present_)?"
            r"(?:paper|article|work|study|manuscript|preprint|submission|(?:\w+_)?authors?) "
            "(?:one|some|several|all|two)_of_(?:the|its)_authors "
            "(?:the|its|their|these)_(?:reported_|own_)?(?:results|data|figures|experiments|measurements)"
        ),
        between=(
            "of this the paper work study article authors? itself themselves himself herself has have had was were is "
            "are be been being also later since now already even reportedly allegedly then soon shortly known said "
            "thought believed reported found caught to guilty a an for because in defendants? accused suspected "
            "admitt?e?d? confess(?:ed)? that they he she own their his her data results figures experiments under "
            "investigation as well once subsequently eventually committed engaged involved charged with by journal "
            r"last week month year too currently subject again before all \w+ly"
        ),
        suffers=(
            r"\b(?:the|its|their|all|both|one|some)_(?:\w+_)?(?:of_the_)?authors?_(?:have_|has_|had_|\w+ly_|also_|later_|since_|now_){0,3}"
            r"(?:been|were|was|are|is|being|got)_(?:\w+ly_|also_|later_|since_|now_)?"
            r"(?!inspired|motivated|interested|concerned|convinced|surprised|limited|need)(?:\w{3,}ed|sued|caught|found|known|under)\b"
        ),
        after=(
            r"(?!\w*_(?:detect\w*|corpus|cases|benchmark|papers|articles|citations|references|documents|prevention|news"
            r"|by_(?:a_|an_|the_)?(?:\w+_)?(?:models?|agents?|attackers?)))"
        ),
    ),
    "zh": Itself(
        named="(?:本|该|此|这篇)(?:论文|文|研究|文章) (?:第[一二三]|通讯|共同)?作者(?!.{0,3}的方法) 实验(?:结果|数据)",
        between=(
            "自身 本身 自己 上周 去年 也 已经? 后来 因 由于 被 的 在 大部分 实验 结果 数据 部分 内容 大量 曾 正 是 均 都 之一 "
            "其中一位 们 存在 涉嫌 遭到? 受到? 学术不端 造假 诈骗"
        ),
        after="(?!.{0,3}(?:检测|案例|的?论文|的?引文|问题的|语料|识别))",
    ),
    "ko": Itself(
        named=(
            "(?:이|본|해당)_(?:논문|연구)(?:은|는|도|이|가|의)? "
            "(?:제?[1-3일이삼]|교신|공동)?저자(?:들|는|은|가|의|도|들은|들이|들의)*"
        ),
        between=(
            "이미 이후 나중에 데이터 조작이 드러나 실험 결과 결과는 자신도 역시 모두 연구 중 한 명은 대부분은 혐의로 "
            "현재 상당 부분은 지난주 철회를"
        ),
        after=r"(?!\S*_?(?:사례|탐지|말뭉치|논문을|인용))",
    ),
    "de": Itself(
        named=(
            "(?:diese|die|dieser|der|vorliegende)_(?:vorliegende_|eigene_)?"
            "(?:arbeit|studie|artikel|aufsatz|veröffentlichung) "
            r"(?:die|der|den|ihre|gegen_die)_(?:\w+_)?autor(?:en|in|innen)? "
            r"die_(?:\w+_)?(?:ergebnisse|daten|messwerte)"
        ),
        between=(
            "selbst letzte woche jahr ist sind wurde wurden hat haben bereits auch inzwischen später wegen worden eigenen? "
            "ihre daten ergebnisse dieser arbeit eine?[rs]? läuft des wissenschaftlichen als"
        ),
        after=r"(?!\w*_(?:arbeiten|artikel|zitate))",
    ),
    "fr": Itself(
        named=(
            "(?:cet|l['’]|ce|cette|son|le)_?(?:article|travail|étude|papier|manuscrit) "
            r"(?:les|l['’]|ses|le|un_des)_?(?:\w+_)?auteurs? (?:les|ses)_(?:résultats|données)"
        ),
        between=(
            "a ont est elles-mêmes commis sont été lui-même elle-même eux-mêmes aussi déjà depuis pour de leurs? propres? "
            "données résultats ensuite plus tard avoir d['’] un une également"
        ),
        after=r"(?!\w*_(?:articles|citations))",
    ),
    "es": Itself(
        named=(
            "(?:este|el|la|esta|su)_(?:mismo_|misma_|propio_|presente_)?(?:artículo|trabajo|estudio|manuscrito) "
            r"(?:los|el|sus|uno_de_los)_(?:\w+_)?autor(?:es)? (?:los|sus)_(?:resultados|datos)"
        ),
        between=(
            "ha han cometido fue fueron sido ya también mismos? después más tarde es son está están por sus propios datos "
            "resultados un una de del"
        ),
        after=r"(?!\w*_(?:artículos|citas))",
    ),
    "ru": Itself(
        named=(
            "(?:сама_)?(?:эта_|данная_|эту_|данную_)?(?:статья|работа|публикация) "
            r"(?:\w+_)?автор(?:ы|ов|а)? (?:эти_)?(?:результаты|данные)"
        ),
        between=(
            "сама тоже недавно уже была? были позже затем впоследствии этой "
            "статьи работы сами за из-за своих свои данных результаты "
            "является также потом в"
        ),
        after=r"(?!\w*_(?:статей|статьи))",
    ),
}  # fmt: skip
