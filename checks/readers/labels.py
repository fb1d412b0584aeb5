"""Value labels of SPSS files and the hash of all their labels (FNV-1a, 64 bits), as pyreadstat reads them: what `tests/samples.rs` expects.

    pip install pyreadstat pandas
    python checks/readers/labels.py ../shared/data/surveys/togo_mics6_2017/*.sav
"""

import sys

import pyreadstat


def text_of(value):
    if isinstance(value, str):
        return value.rstrip()
    return str(int(value)) if float(value).is_integer() else repr(value)


for path in sys.argv[1:]:
    _, meta = pyreadstat.read_sav(path, metadataonly=True)
    lines, count = [], 0
    for name, label in zip(meta.column_names, meta.column_labels):
        lines.append(f"{name}={(label or '').rstrip()}\n")
        labels = meta.variable_value_labels.get(name, {})
        lines += sorted(f"{text_of(value)}={label.rstrip()}\n" for value, label in labels.items())
        count += len(labels)
    number = 0xCBF29CE484222325
    for byte in "".join(lines).encode():
        number = (number ^ byte) * 0x100000001B3 & 0xFFFFFFFFFFFFFFFF
    print(path, meta.file_encoding, len(meta.column_names), count, f"{number:#018x}")
