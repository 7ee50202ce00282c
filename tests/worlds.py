"""What the simulated creatives of `evaluations` are made of: markets, materials, sentences."""

from __future__ import annotations

from dataclasses import dataclass

from automod.model.vocabulary import Action

MARKETS = {"ar": ("SA", "AE", "EG"), "en": ("NG", "AE", "SA"), "es": ("ES",)}
WANTED: dict[str, dict[str, Action]] = {
    "GMB.REAL": {"SA": "reject", "AE": "reject", "EG": "reject", "NG": "review", "ES": "restrict"},
    "WGT.PROD": {"SA": "review", "AE": "review", "EG": "reject", "NG": "reject", "ES": "restrict"},
    "CRY.INVEST": {"SA": "reject", "AE": "review", "EG": "reject", "NG": "reject", "ES": "review"},
}
CODE_TITLES = {
    "en": {"GMB.REAL": "Real-money gambling", "WGT.PROD": "Weight-loss products",
           "CRY.INVEST": "Crypto investment offers"},
    "ar": {"GMB.REAL": "القمار بالمال", "WGT.PROD": "منتجات إنقاص الوزن",
           "CRY.INVEST": "عروض استثمار العملات الرقمية"},
}  # fmt: skip


@dataclass(frozen=True)
class Material:
    """One material: its spelling in ads, how surely it is found, how often it is innocent."""

    id: str
    policy: str
    language: str
    surface: str
    weight: float = 0.9
    found: float = 0.92
    innocent: float = 0.2
    kind: str = "keyword"
    live: bool = True
    covered_by: str | None = None


def _of(package: str, policy: str, *words: tuple[str, str, float, float]) -> list[Material]:
    language = package[-2:]
    return [
        Material(f"{package}/{name}", policy, language, surface, weight, innocent=innocent)
        for name, surface, weight, innocent in words
    ]


MATERIALS: tuple[Material, ...] = (
    *_of("gambling-ar", "GMB.REAL", ("casino", "كازينو", 0.9, 3), ("bets", "مراهنات", 0.9, 1),
         ("sure-win", "ربح مضمون", 0.6, 1), ("jackpot", "جاكبوت", 0.6, 0.4),
         ("poker", "بوكر", 0.6, 2), ("free-spins", "لفات مجانية", 0.9, 0.1)),
    Material("gambling-ar/casino-online", "GMB.REAL", "ar", "كـازينو اونلاين", 0.95,
             covered_by="gambling-ar/casino", innocent=0),
    Material("gambling-ar/luck", "GMB.REAL", "ar", "حظك اليوم", 0.6, innocent=9),
    Material("gambling-ar/wheel", "GMB.REAL", "ar", "عجلة الحظ", 0.6, live=False),
    Material("gambling-ar/promise-contact", "GMB.REAL", "ar", "", 0.9, kind="rule"),
    *_of("gambling-en", "GMB.REAL", ("casino", "casino", 0.9, 1), ("jackpot", "jackpot", 0.6, 2),
         ("sure-bets", "sure bets", 0.9, 0.1), ("free-spins", "free spins", 0.9, 0.1),
         ("bet-now", "bet now", 0.9, 0.2)),
    *_of("gambling-es", "GMB.REAL", ("apuestas", "apuestas", 0.9, 0.4),
         ("giros", "giros gratis", 0.9, 0.1), ("tragaperras", "tragaperras", 0.9, 0.1)),
    *_of("weight-ar", "WGT.PROD",
         ("slimming", "حبوب تنحيف", 0.9, 0.3), ("fat", "حرق الدهون", 0.6, 4),
         ("kilos", "خسارة 10 كيلو", 0.6, 1), ("tea", "شاي التخسيس", 0.9, 0.3),
         ("needle", "إبر التخسيس", 0.9, 0.2)),
    *_of("weight-en", "WGT.PROD", ("burner", "fat burner", 0.9, 1), ("detox", "detox tea", 0.9, 1),
         ("pills", "slimming pills", 0.9, 0.1), ("kilos", "lose 10 kg", 0.6, 1)),
    Material("weight-ar/before-after", "WGT.PROD", "ar", "", 0.9, kind="rule"),
    *_of("weight-es", "WGT.PROD", ("quemador", "quemador de grasa", 0.9, 0.2),
         ("pastillas", "pastillas para adelgazar", 0.9, 0.1)),
    *_of("crypto-ar", "CRY.INVEST", ("daily", "أرباح يومية", 0.6, 2),
         ("bitcoin", "استثمار بيتكوين", 0.9, 1), ("sure-trade", "تداول مضمون", 0.9, 0.2)),
    *_of("crypto-en", "CRY.INVEST", ("profit", "guaranteed profit", 0.9, 0.6),
         ("robot", "bitcoin robot", 0.9, 0.3), ("double", "double your money", 0.9, 0.4)),
    *_of("crypto-es", "CRY.INVEST", ("ganancias", "ganancias garantizadas", 0.9, 0.3),
         ("duplica", "duplica tu dinero", 0.9, 0.2)),
    Material("crypto-en/returns", "CRY.INVEST", "en", "", 0.9, kind="rule"),
)  # fmt: skip

TEXTS = {
    "ar": (
        "العب معنا الآن {} واستلم مكافأتك خلال دقائق، واتساب 050 123 4567",
        "{} — الفرصة الأخيرة! سجّل عبر @winksa واحصل على 200 ريال هدية",
        "جرّب {} بدون أي مخاطرة، نتائج خلال أسبوع واحد فقط",
    ),
    "en": (
        "Join today: {} and your first reward is on us. WhatsApp +234 803 123 4567",
        "{} - last chance, sign up at @winnow and get it within minutes",
        "Try {} without any risk, results in a single week",
    ),
    "es": (
        "Empieza hoy: {} y tu primer premio corre de nuestra cuenta",
        "{} - última oportunidad, regístrate ya",
    ),
}
PLAIN = {
    "ar": (
        "فيلم {} في السينما هذا الأسبوع، احجز مقعدك",
        "خصم 30% على الأحذية الرياضية {} حتى نهاية الشهر",
        "اقرأ قصة {} في عدد المجلة الجديد",
    ),
    "en": (
        "New novel: {} by a prize-winning author, out on Friday",
        "30% off running shoes {} until the end of the month",
    ),
    "es": ("Estreno: {} en los mejores cines", "Zapatillas con 30% de descuento {}"),
}
