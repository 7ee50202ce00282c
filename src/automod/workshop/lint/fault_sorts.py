"""The sorts of load faults: what each is, and why it matters."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

Words = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Sort:
    """One sort of fault."""

    code: str
    name: str
    slugs: tuple[str, ...]
    """What the loader calls it."""
    title: Words
    why: Words


SORTS: Final = (
    Sort(
        "AM001", "not_yaml", ("yaml",),
        {
            "en": "file that is no YAML",
            "ar": "ملف ليس بصيغة YAML",
        },
        {
            "en": "Nothing in the file is read until its shape is sound, so all of its material "
            "is missing. The place is where reading stopped; what is wrong often stands "
            "just above.",
            "ar": "لا يُقرأ شيء من الملف حتى يسلم شكله، فتغيب كل مواده. والموضع هو حيث توقفت "
            "القراءة، والخطأ كثيرًا ما يكون فوقه مباشرة.",
        },
    ),
    Sort(
        "AM002", "wrong_encoding", ("encoding",),
        {
            "en": "text that is not UTF-8",
            "ar": "نص ليس بترميز UTF-8",
        },
        {
            "en": "Letters cannot be told from the bytes. In Excel, save as 'CSV UTF-8': any "
            "other choice may turn Arabic into other letters or question marks.",
            "ar": "لا يمكن معرفة الحروف من البايتات. في إكسل احفظ بصيغة 'CSV UTF-8'، فغيرها قد "
            "يحوّل العربية إلى حروف أخرى أو علامات استفهام.",
        },
    ),
    Sort(
        "AM003", "unreadable_file", ("file",),
        {
            "en": "file that cannot be read",
            "ar": "ملف لا يمكن قراءته",
        },
        {
            "en": "A file that is named and not there, too large, or outside of its package's "
            "folder is not loaded, and neither is what it holds.",
            "ar": "الملف المذكور غير الموجود، أو الكبير جدًا، أو الواقع خارج مجلد حزمته، لا "
            "يُحمَّل ولا يُحمَّل ما فيه.",
        },
    ),
    Sort(
        "AM004", "ragged_table", ("table",),
        {
            "en": "table whose rows do not fit its header",
            "ar": "جدول لا توافق صفوفه عناوينه",
        },
        {
            "en": "A row with more cells than the header was cut at a delimiter inside of a "
            "value: what would be read is not what was meant. Quote the cell.",
            "ar": "الصف الذي تزيد خلاياه على العناوين قُطع عند فاصل داخل قيمة، فما سيُقرأ ليس "
            "المقصود. ضع الخلية بين علامتي اقتباس.",
        },
    ),
    Sort(
        "AM005", "nothing_to_load", ("nothing",),
        {
            "en": "no package, or no policy table",
            "ar": "لا توجد حزمة أو جدول سياسات",
        },
        {
            "en": "A ruleset is packages and exactly one policy table. Name the folder that "
            "holds both.",
            "ar": "مجموعة القواعد حزمٌ وجدول سياسات واحد فقط. حدّد المجلد الذي يحويهما معًا.",
        },
    ),
    Sort(
        "AM006", "second_of_its_name", ("second",),
        {
            "en": "second package, override or policy table of one name",
            "ar": "حزمة أو استثناء أو جدول سياسات مكرر الاسم",
        },
        {
            "en": "Which of the two holds would depend on the order of files. Rename one, or "
            "merge them.",
            "ar": "أيُّهما يسري سيعتمد على ترتيب الملفات. غيّر اسم أحدهما أو ادمجهما.",
        },
    ),
    Sort(
        "AM010", "unknown_key", ("unknown_key",),
        {
            "en": "key or column that is not known",
            "ar": "مفتاح أو عمود غير معروف",
        },
        {
            "en": "A misspelt key does nothing: 'wieght: strong' would leave the material "
            "without its weight. Notes of your own may begin with 'x-'.",
            "ar": "المفتاح المكتوب خطأً لا يفعل شيئًا: 'wieght: strong' يترك المادة بلا وزنها. "
            "ويمكن أن تبدأ ملاحظاتك الخاصة بـ 'x-'.",
        },
    ),
    Sort(
        "AM011", "bad_value", ("bad_value",),
        {
            "en": "value that its key does not take",
            "ar": "قيمة لا يقبلها مفتاحها",
        },
        {
            "en": "A kind, status, weight, date or list that cannot be read leaves its entry "
            "out.",
            "ar": "النوع أو الحالة أو الوزن أو التاريخ أو القائمة التي لا يمكن قراءتها تُخرج "
            "إدخالها كله.",
        },
    ),
    Sort(
        "AM012", "missing_key", ("missing",),
        {
            "en": "key that has to be there is missing",
            "ar": "مفتاح لازم غير موجود",
        },
        {
            "en": "Without it the entry says too little to act on: a material needs its kind "
            "and its value, a package its name, version and owner.",
            "ar": "من دونه لا يكفي الإدخال للعمل به: المادة تحتاج نوعها وقيمتها، والحزمة تحتاج "
            "اسمها وإصدارها ومالكها.",
        },
    ),
    Sort(
        "AM013", "null_value", ("null",),
        {
            "en": "key without a value",
            "ar": "مفتاح بلا قيمة",
        },
        {
            "en": "In YAML an unquoted # begins a comment and ~ is nothing, so a hashtag "
            "vanishes without a word. Quote it.",
            "ar": "في YAML تبدأ # غير المقتبسة تعليقًا، و~ تعني لا شيء، فيختفي الوسم بصمت. ضعه "
            "بين علامتي اقتباس.",
        },
    ),
    Sort(
        "AM014", "misplaced_key", ("misplaced",),
        {
            "en": "key that this kind does not have",
            "ar": "مفتاح لا يخص هذا النوع",
        },
        {
            "en": "It would be without effect, and whoever wrote it expects one: a gap between "
            "the words of a keyword, a boundary of a link.",
            "ar": "لن يكون له أثر، ومن كتبه ينتظر أثرًا: فجوة بين كلمات كلمة مفردة، أو حدود "
            "لرابط.",
        },
    ),
    Sort(
        "AM020", "duplicate_material", ("duplicate",),
        {
            "en": "same material twice after folding",
            "ar": "المادة نفسها مرتين بعد التوحيد",
        },
        {
            "en": "Case, tatweel, marks and hamza on alef are folded away, so both match the "
            "same text. Two rows would drift apart: one is edited, the other still acts.",
            "ar": "تُوحَّد حالة الأحرف والتطويل والحركات وهمزة الألف، فتطابق المادتان النص "
            "نفسه. وبمرور الوقت يُعدَّل صف ويبقى الآخر يعمل.",
        },
    ),
    Sort(
        "AM021", "id_taken", ("id_taken",),
        {
            "en": "id that something else has",
            "ar": "معرّف يحمله شيء آخر",
        },
        {
            "en": "Hits, examples, rules and overrides speak of ids: one id for two things "
            "makes all of them doubtful.",
            "ar": "المطابقات والأمثلة والقواعد والاستثناءات تشير إلى المعرّفات، ومعرّف واحد "
            "لشيئين يجعلها كلها موضع شك.",
        },
    ),
    Sort(
        "AM022", "empty_after_folding", ("empty",),
        {
            "en": "nothing is left after folding",
            "ar": "لا يبقى شيء بعد التوحيد",
        },
        {
            "en": "The value is made of tatweel, marks or invisible characters alone. It shows "
            "something on the screen and could match nothing, or everywhere.",
            "ar": "القيمة كلها تطويل أو حركات أو محارف غير مرئية. تظهر على الشاشة ولا يمكن أن "
            "تطابق شيئًا، أو تطابق كل مكان.",
        },
    ),
    Sort(
        "AM023", "lost_letters", ("question_marks",),
        {
            "en": "nothing but question marks",
            "ar": "لا شيء غير علامات استفهام",
        },
        {
            "en": "The letters were lost when the table was saved in another encoding than "
            "UTF-8. They cannot be brought back from here: save it again as CSV UTF-8.",
            "ar": "ضاعت الحروف عندما حُفظ الجدول بترميز غير UTF-8، ولا يمكن استعادتها من هنا. "
            "احفظه من جديد بصيغة CSV UTF-8.",
        },
    ),
    Sort(
        "AM024", "unusable_value", ("unusable",),
        {
            "en": "value that is none of its kind",
            "ar": "قيمة ليست من نوعها",
        },
        {
            "en": "A pattern that does not compile, a domain that is no host, a phone number "
            "that is too short: it can never match.",
            "ar": "نمط لا يُترجم، أو نطاق ليس اسم مضيف، أو رقم هاتف قصير جدًا: لا يمكن أن يطابق "
            "أبدًا.",
        },
    ),
    Sort(
        "AM025", "missing_weight", ("weightless",),
        {
            "en": "material or rule without a weight",
            "ar": "مادة أو قاعدة بلا وزن",
        },
        {
            "en": "How much a hit counts is a decision that somebody has to make. Write it, or "
            "once for all in 'defaults'; 'signal' counts only in rules.",
            "ar": "كم تزن المطابقة قرار يجب أن يتخذه أحد. اكتب الوزن، أو اكتبه مرة للجميع في "
            "'defaults'؛ و'signal' لا يُحسب إلا في القواعد.",
        },
    ),
    Sort(
        "AM026", "ends_before_it_begins", ("dates",),
        {
            "en": "last day before the first",
            "ar": "آخر يوم قبل أول يوم",
        },
        {
            "en": "It would act on no day at all.",
            "ar": "لن يسري في أي يوم على الإطلاق.",
        },
    ),
    Sort(
        "AM030", "unknown_code", ("unknown_code",),
        {
            "en": "policy code that the table does not have",
            "ar": "رمز سياسة غير موجود في الجدول",
        },
        {
            "en": "Nobody has said what this code asks in any market, so a hit could decide "
            "nothing.",
            "ar": "لم يحدد أحد ما يطلبه هذا الرمز في أي سوق، فلا يمكن للمطابقة أن تقرر شيئًا.",
        },
    ),
    Sort(
        "AM031", "unknown_market", ("unknown_market",),
        {
            "en": "market that is not known",
            "ar": "سوق غير معروف",
        },
        {
            "en": "Scoped to a name that no creative carries, it would act nowhere. Write an "
            "ISO country code, or a market or group of the policy table.",
            "ar": "إن قُيّد باسم لا يحمله أي إعلان فلن يسري في أي مكان. اكتب رمز دولة ISO أو "
            "سوقًا أو مجموعة من جدول السياسات.",
        },
    ),
    Sort(
        "AM032", "unknown_name", ("unknown_name",),
        {
            "en": "name of something that is not there",
            "ar": "اسم شيء غير موجود",
        },
        {
            "en": "A rule, example, cap or override that speaks of a material, tag or package "
            "which does not exist has no effect, and looks as if it had.",
            "ar": "القاعدة أو المثال أو الحد أو الاستثناء الذي يشير إلى مادة أو وسم أو حزمة غير "
            "موجودة لا أثر له، ويبدو كأن له أثرًا.",
        },
    ),
    Sort(
        "AM040", "broken_condition", ("condition",),
        {
            "en": "condition that cannot be read as one",
            "ar": "شرط لا يمكن قراءته",
        },
        {
            "en": "It is not told what has to hold, or it would hold without any hit.",
            "ar": "لا يتضح ما الذي يجب أن يتحقق، أو أنه يتحقق بلا أي مطابقة.",
        },
    ),
    Sort(
        "AM041", "widening", ("widening", "critical"),
        {
            "en": "override or allow that may not do this",
            "ar": "استثناء أو سماح لا يجوز له ذلك",
        },
        {
            "en": "An override only narrows, so that nobody widens rules past their review; and "
            "no advertiser is allowed past a critical code.",
            "ar": "الاستثناء يضيّق فقط، كي لا يوسّع أحد القواعد متجاوزًا المراجعة؛ ولا يُسمح "
            "لأي معلن بتجاوز رمز حرج.",
        },
    ),
    Sort(
        "AM042", "faulty_policy_table", ("policy",),
        {
            "en": "policy table that contradicts itself",
            "ar": "جدول سياسات يناقض نفسه",
        },
        {
            "en": "What is asked in a market cannot be told, so no decision can be made for it.",
            "ar": "لا يمكن معرفة المطلوب في السوق، فلا يمكن اتخاذ قرار بشأنه.",
        },
    ),
    Sort(
        "AM050", "unusable_sample", ("sample",),
        {
            "en": "image, video or hash that cannot be used",
            "ar": "صورة أو فيديو أو بصمة لا يمكن استعمالها",
        },
        {
            "en": "Without a sample that can be decoded there is nothing to compare pictures "
            "with.",
            "ar": "من دون عينة يمكن فك ترميزها لا يوجد ما تُقارن به الصور.",
        },
    ),
    Sort(
        "AM060", "formula_cell", ("formula",),
        {
            "en": "cell with a formula",
            "ar": "خلية فيها صيغة",
        },
        {
            "en": "What a formula shows depends on the program that opens it. Material is what "
            "was decided: paste it as a value.",
            "ar": "ما تعرضه الصيغة يعتمد على البرنامج الذي يفتحها. المادة قرار محدد: ألصقها "
            "قيمةً.",
        },
    ),
    Sort(
        "AM061", "merged_cells", ("merged",),
        {
            "en": "merged cells",
            "ar": "خلايا مدمجة",
        },
        {
            "en": "Only the first of them holds the value; the other rows would be read as "
            "blank. Split them and fill each row.",
            "ar": "الأولى وحدها تحمل القيمة، وستُقرأ الصفوف الأخرى فارغة. افصلها واملأ كل صف.",
        },
    ),
    Sort(
        "AM062", "typed_cell", ("typed",),
        {
            "en": "cell that Excel turned into a date or a number",
            "ar": "خلية حوّلها إكسل إلى تاريخ أو رقم",
        },
        {
            "en": "A phone number has lost its zero, or a word became a date, and what was "
            "typed cannot be told any more. Format the column as text and write it again.",
            "ar": "ضاع صفر رقم الهاتف أو صارت الكلمة تاريخًا، ولم يعد يُعرف ما كُتب. نسّق "
            "العمود كنص واكتبها من جديد.",
        },
    ),
)  # fmt: skip
"""In order of their codes."""
