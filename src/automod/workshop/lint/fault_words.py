"""What the loader says, in Arabic: its commonest sentences, by pattern."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

_PATTERNS: Final = (
    (r"(?P<v>.+) is not an? (?P<k>kind|view|boundary|status|severity|ground|stance)",
     "{v} ليس قيمة معروفة للمفتاح {k}"),
    (r"(?P<v>.+) is not a key of a material", "{v} ليس مفتاحًا لمادة"),
    (r"(?P<v>.+) is not a key here", "{v} ليس مفتاحًا هنا"),
    (r"(?P<v>.+) cannot stand here", "{v} لا يصح هنا"),
    (r"the column (?P<v>.+) is there twice", "العمود {v} مكرر"),
    (r"the key (?P<v>.+) is written twice \(first in line (?P<n>\d+)\)",
     "المفتاح {v} مكتوب مرتين (أولاهما في السطر {n})"),
    (r"(?P<v>'[\w\-]+') is missing", "{v} غير موجود"),
    (r"(?P<v>.+) has no value \(null\)", "{v} بلا قيمة"),
    (r"(?P<v>'[\w\-]+') is empty", "{v} فارغ"),
    (r"the same (?P<k>\w+) as in (?P<v>.+)", "مكررة: هي نفسها ({k}) في {v}"),
    (r"the id (?P<v>.+) is taken by (?P<w>.+)", "المعرّف {v} محجوز في {w}"),
    (r"the (?P<k>\w+) is empty after folding \(it was (?P<v>.+)\)",
     "لا يبقى شيء بعد التوحيد ({k}، كانت {v})"),
    (r"the (?P<k>\w+) is nothing but question marks", "لا شيء غير علامات استفهام ({k})"),
    (r"(?P<v>.+) is not a weight", "{v} ليس وزنًا"),
    (r"(?P<v>.+) is not a date", "{v} ليس تاريخًا"),
    (r"(?P<v>.+) is no day of the calendar", "{v} ليس يومًا في التقويم"),
    (r"(?P<v>.+) is not a number", "{v} ليس رقمًا"),
    (r"(?P<v>.+) is not a whole number", "{v} ليس عددًا صحيحًا"),
    (r"(?P<v>.+) is neither true nor false", "{v} ليس true ولا false"),
    (r"(?P<v>.+) is not a list", "{v} ليس قائمة"),
    (r"(?P<v>.+) is not an id", "{v} لا يصلح معرّفًا"),
    (r"(?P<v>.+) is not a tag", "{v} لا يصلح وسمًا"),
    (r"(?P<v>.+) is not a language", "{v} ليس رمز لغة"),
    (r"(?P<v>.+) is not a policy code", "{v} ليس رمز سياسة"),
    (r"(?P<v>.+) is not a code of the policy table", "{v} ليس من رموز جدول السياسات"),
    (r"(?P<v>.+) is not a market", "{v} ليس سوقًا معروفًا"),
    (r"'until' \((?P<v>.+)\) is before 'from' \((?P<w>.+)\)",
     "آخر يوم ({v}) قبل أول يوم ({w})"),
    (r"there is no package (?P<v>.+)", "لا توجد حزمة {v}"),
    (r"there is no material or rule (?P<v>.+)", "لا توجد مادة أو قاعدة {v}"),
    (r"there is no material (?P<v>.+)", "لا توجد مادة {v}"),
    (r"nothing has the tag (?P<v>.+)", "لا شيء يحمل الوسم {v}"),
    (r"no group (?P<v>.+) here", "لا توجد هنا مجموعة {v}"),
    (r"there is no table (?P<v>.+)", "لا يوجد جدول {v}"),
    (r"there is no such file or folder", "لا يوجد ملف أو مجلد كهذا"),
    (r"there is no such file", "لا يوجد ملف كهذا"),
    (r"the row has (?P<v>\d+) cells, the header has (?P<w>\d+)",
     "في الصف {v} خلايا، وفي العناوين {w}"),
    (r"this row is not CSV: (?P<v>.+)", "هذا الصف ليس CSV: {v}"),
    (r"has no header row", "لا يوجد صف عناوين"),
    (r"holds a formula, not a value", "فيها صيغة لا قيمة"),
    (r"holds the error (?P<v>.+), not a value", "فيها الخطأ {v} لا قيمة"),
    (r"holds merged cells \((?P<v>.+)\), not a value", "فيها خلايا مدمجة ({v}) لا قيمة"),
    (r"(?P<v>.+) is a number in this workbook, and text belongs here",
     "{v} رقم في هذا المصنف، ومكانه نص"),
    (r"(?P<v>.+) is a date in this workbook, and text belongs here",
     "{v} تاريخ في هذا المصنف، ومكانه نص"),
    (r"(?P<v>.+) is a time in this workbook, and text belongs here",
     "{v} وقت في هذا المصنف، ومكانه نص"),
    (r"(?P<v>.+) is true or false in this workbook, and text belongs here",
     "{v} قيمة منطقية في هذا المصنف، ومكانها نص"),
    (r"(?P<v>.+) is a (?:date|time|number) in this workbook, and a (?P<w>number|date) belongs here",
     "{v} لا يصح هنا في هذا المصنف، والمطلوب {w}"),
    (r"(?P<v>.+) is a time, and a date belongs here", "{v} وقت، ومكانه تاريخ"),
    (r"(?P<v>.+) stands below no header", "{v} تحت عمود بلا عنوان"),
    (r"has no 'package' sheet", "لا توجد فيه ورقة 'package' (الحزمة)"),
    (r"is no workbook that can be read: (?P<v>.+)", "ليس مصنفًا يمكن قراءته: {v}"),
    (r"a workbook has no rules: they have parts within parts",
     "لا قواعد في المصنف: أجزاؤها متداخلة"),
    (r"a second sheet (?P<v>.+) \(the first is (?P<w>.+)\)", "ورقة ثانية {v} (الأولى {w})"),
    (r"there is a value and no key", "هنا قيمة بلا مفتاح"),
    (r"the column (?P<v>.+) is missing", "العمود {v} غير موجود"),
    (r"the key (?P<v>.+) is written twice", "المفتاح {v} مكتوب مرتين"),
    (r"(?P<v>'\w+') does not stand here", "{v} ليس مكانه هنا"),
    (r"(?P<v>'\w+') has parts", "{v} له أجزاء"),
    (r"(?P<v>.+) is not a key of an allow", "{v} ليس مفتاحًا للسماح"),
    (r"(?P<v>.+) is not a key of an example", "{v} ليس مفتاحًا لمثال"),
    (r"format the column as text and type it again", "نسّق العمود كنص ثم اكتبه من جديد"),
    (r"put its value in its place", "ضع قيمتها مكانها"),
    (r"unmerge them and fill each cell", "ألغ الدمج واملأ كل خلية"),
    (r"write the package as YAML", "اكتب الحزمة بصيغة YAML"),
    (r"write above it what the column is, or clear it", "اكتب فوقها ما هو العمود، أو امسحها"),
    (r"it is in row (?P<v>\d+) already", "هو في الصف {v} من قبل"),
    (r"the first row is: key, value", "الصف الأول: key, value (المفتاح، القيمة)"),
    (r"write each in a row of its own, as (?P<v>.+)", "اكتب كل جزء في صف مستقل، هكذا: {v}"),
    (r"this is not YAML: (?P<v>.+)", "هذا ليس YAML: {v}"),
    (r"byte (?P<v>0x\w+) is not UTF-8", "البايت {v} ليس من UTF-8"),
    (r"no policy table was found", "لم يُعثر على جدول سياسات"),
    (r"no package was found", "لم يُعثر على حزمة"),
    (r"a second package (?P<v>.+) \(the first is in (?P<w>.+)\)",
     "حزمة ثانية باسم {v} (الأولى في {w})"),
    (r"(?P<v>.+) is no pattern: (?P<w>.+)", "{v} ليس نمطًا صحيحًا: {w}"),
    (r"(?P<v>.+) is no host or URL; write it like example\.com/path",
     "{v} ليس مضيفًا ولا رابطًا؛ اكتبه هكذا: example.com/path"),
    (r"(?P<v>.+) is not supported yet", "{v} غير مدعوم بعد"),
    (r"did you mean (?P<v>'.*')\?", "هل تقصد {v}؟"),
    (r"leave one out", "احذف أحدهما"),
    (r"leave 'view' out", "احذف 'view'"),
    (r"save the file as UTF-8", "احفظ الملف بترميز UTF-8"),
    (r"a table saved without UTF-8 loses letters: save it as CSV UTF-8",
     "الجدول المحفوظ بغير UTF-8 يفقد حروفه: احفظه بصيغة CSV UTF-8"),
    (r"quote it if you mean text", "ضعه بين علامتي اقتباس إن كان نصًا"),
    (r"quote it", "ضعه بين علامتي اقتباس"),
    (r"quote a cell that holds the delimiter", "ضع الخلية التي فيها الفاصل بين علامتي اقتباس"),
    (r"split a list at ';'", "افصل عناصر القائمة بـ ';'"),
    (r"one of: (?P<v>.+)", "أحد هذه: {v}"),
    (r"write it as (?P<v>.+)", "اكتبه هكذا: {v}"),
    (r"write 0 to 1, or (?P<v>.+)", "اكتب رقمًا من 0 إلى 1، أو {v}"),
    (r"write it, or once for all in 'defaults'; signal counts only in rules",
     "اكتبه، أو اكتبه مرة للجميع في 'defaults'؛ و signal لا يُحسب إلا في القواعد"),
    (r"exactly one in all", "واحد فقط في المجموع"),
)  # fmt: skip

_COMPILED: Final = tuple((re.compile(pattern), arabic) for pattern, arabic in _PATTERNS)
"""The first that fits the whole sentence."""


# A column of 100,000 rows has one fault a hundred thousand times.
@lru_cache(maxsize=4096)
def in_arabic(sentence: str) -> str:
    """A sentence of the loader in Arabic; as it is, behind a word of Arabic, where none is known.

    >>> in_arabic("'ZZ' is not a market")
    "'ZZ' ليس سوقًا معروفًا"
    """
    for pattern, arabic in _COMPILED:
        found = pattern.fullmatch(sentence)
        if found is not None:
            return arabic.format_map(found.groupdict())
    return f"خطأ في التحميل: {sentence}"
