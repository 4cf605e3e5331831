"""The words of politics, money, advertising and contacts, by language, for `accusations`. Written as in `accusation_words`."""

from __future__ import annotations

from hugo_llmpapers.summaries.checks.accusation_words import Subject

POLITICS = Subject(
    name="politics",
    said={
        "ja": (
            "選挙 投票 一票 与党 野党 保守党 政権 政党 首相 大統領 移民 増税 減税 国会 有権者 退陣 右翼 左翼 辞任 "
            "反対票 住民投票 国民投票"
        ),
        "en": (
            r"elections?\b vote(?:rs?)?_(?:for|should|must)\b immigrants?\b "
            r"(?:ruling|conservative|liberal|labou?r|communist)_party parliament prime_minister president(?:ial|s)?\b "
            r"(?:current_|this_|the_)?government_(?:must|should|has_to) ballot taxes\b referendum step(?:s|ped)?_down"
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
        r"geopol countr majority consensus ensembl self-consist aggregat poll jury panel committee civic parties\b "
        "citizen"
    ),
    accuses=False,
)  # fmt: skip
MONEY = Subject(
    name="coins and investments",
    said={
        "ja": (
            "仮想通貨 暗号(?:資産|通貨) ビットコイン [ァ-ヶー]コイン ウォレット (?:取引所|市場)に上場 値上がり "
            "先行販売 に投資す 儲か 元本 (?:専用の|この)コイン 株を(?:買|購) 損はしない 利益を得られ"
        ),
        "en": (
            r"crypto(?:s|currenc|\s|-) bitcoin [a-z]+coins?\b (?:this|the)_coin\b presale pre-sale wallet airdrop "
            r"invest_in\b early_buyers investors?\b (?:make|made)_a_fortune safe_bet shares_of_(?:the|a)_company "
            "get_rich"
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
        r"assets?\b prices?\b pricing portfolio econom bank funds?\b decentrali ethereum smart_contract shares?\b"
    ),
    accuses=False,
)  # fmt: skip
CONTACT = Subject(
    name="channels and accounts to turn to",
    said={
        "ja": (
            "テレグラム ディスコード ワッツアップ qrコード 微信 電話番号 振込先 口座 ツイッター インスタグラム "
            "フェイスブック ユーチューブ"
        ),
        "en": (
            r"telegram whatsapp discord\b wechat qr[_-]code phone_number bank_account twitter facebook instagram "
            "youtube linkedin tiktok"
        ),
        "zh": "二维码 微信 电报(?:频道|群) qq群 手机号",
        "ko": "텔레그램 디스코드 카카오톡 qr_?코드 전화번호 계좌",
        "de": "telegram whatsapp qr-?code telefonnummer bankkonto",
        "fr": "telegram whatsapp code_qr qr_code numéro_de_téléphone compte_bancaire",
        "es": "telegram whatsapp código_qr número_de_teléfono cuenta_bancaria",
        "ru": "telegram телеграм whatsapp qr-?код номер_телефона счёт_в_банке",
    },
    licence=(
        r"telegram whatsapp discord\b wechat qr\b barcode (?:tele)?phone social_media bank messaging twitter tweets? "
        "facebook instagram youtube linkedin tiktok video account"
    ),
    accuses=False,
)  # fmt: skip
ADVERTISING = Subject(
    name="advertising",
    said={
        "ja": "申し込 (?:会員|利用者|無料)登録 無料(?:で|の)試 特典 賞品 割引 メルマガ 今すぐ お得 先着 購読",
        "en": (
            r"sign(?:ing)?_up newsletter subscri(?:be|ption) free_trial discounts?\b prizes?\b giveaway apply_now "
            "(?:limited|special)_offer (?:is|are|now)_on_sale best_choice_for"
        ),
        "zh": "公众号 注册会员 免费(?:领|试) 优惠 奖品 订阅 限时",
        "ko": "혜택 무료_?체험 할인 경품 구독 지금_가입",
        "de": "rabatt newsletter kostenlos_(?:testen|probieren) gewinnspiel abonn",
        "fr": "abonne(?:z|ment) promotion_(?:spéciale|exclusive) gagnez newsletter",
        "es": "suscrib suscripción oferta_(?:especial|limitada) sorteo",
        "ru": "подписк подписывай подпишит скидк розыгрыш",
    },
    licence=(
        r"advert commerc shop customer free\b subscri promot market regist coupon discount consumer sales? prize "
        "newsletter account sign[_-]?up web[_-]?(?:site|page|agent|task) form[_-]filling recommend benefit award "
        "competition contest news reward factor"
    ),
    accuses=False,
)  # fmt: skip
TOUTING = (POLITICS, MONEY, CONTACT, ADVERTISING)
