"""Trains the models that choose a page's text and tell what a page is; README.md says how.

Everything is cross-validated by domain: no page is scored by a model that saw another page of its site. Besides each page as it is,
a model is trained on the page with other surroundings (around.py), because that is what the next look at a page brings.
"""

import argparse
import hashlib
import pathlib
import random
import sys
import urllib.parse

import lightgbm
import numpy

import around
import blocks
import cases
from likeness import compare, words
from pages import Page

FOLDS = 5
#: Suites of articles and news count more than their pages are many: most users watch such pages.
SUITE_WEIGHTS = {"fundus": 3.0, "readability": 2.0}
KIND_WEIGHTS = {"forum": 0.6, "listing": 0.5}
VARIANT_WEIGHT = 0.5
VARIANTS = ["60 % taken away", "another page's added", "30 % taken away", "60 % taken away"]
SEED = 20_261

TREES = dict(
    objective="binary", num_leaves=16, learning_rate=0.12, min_data_in_leaf=100, feature_fraction=0.2, bagging_fraction=0.7,
    bagging_freq=1, lambda_l2=20, max_bin=63, num_threads=2, seed=1, deterministic=True, force_row_wise=True, verbose=-1)
TREE_COUNT = 120
KIND_TREES = {**TREES, "num_leaves": 6, "min_data_in_leaf": 15, "learning_rate": 0.1}
KIND_TREE_COUNT = 60
KINDS = ["article", "documentation", "forum", "listing"]

# As in PageText.swift.
PROBABLE_SCORE, SHARE_OF_MEAN, THRESHOLDS = 0.45, 0.55, (0.15, 0.6)


def domain(case):
    host = urllib.parse.urlsplit(case.url or "").hostname or case.id
    labels = host.split(".")
    if host == "fakehost" or len(labels) < 3:
        return case.id if host == "fakehost" else host
    return ".".join(labels[-3:] if len(labels[-2]) <= 3 and len(labels[-1]) == 2 else labels[-2:])


def fold(case):
    return int(hashlib.md5(domain(case).encode()).hexdigest(), 16) % FOLDS


def kind(case):
    return case.kind or "article"


def variants(all_cases):
    """Each page with other surroundings."""
    source, other = random.Random(SEED), None
    for number, case in enumerate(all_cases):
        try:
            page = Page(case)
            other = page if other is None or page.units else other
            copy = page.copy()
            around.CHANGES[VARIANTS[number % len(VARIANTS)]](copy, other, source)
            yield case, copy.bytes()
        except (IndexError, ValueError):
            continue


def weights(page, of_variant):
    """A block counts by its share of the page's article, so that every page counts the same."""
    good = page.words[page.labels >= 0.5].sum()
    weight = numpy.minimum(page.words / max(good, 60), 0.5) * KIND_WEIGHTS.get(kind(page.case), 1.0)
    return (weight * SUITE_WEIGHTS.get(page.case.suite, 1.0) + 1e-4) * (VARIANT_WEIGHT if of_variant else 1.0)


def train(pages, changed, columns):
    rows, labels, weight = [], [], []
    for page, of_variant in [*((page, False) for page in pages), *((page, True) for page in changed)]:
        has_words = page.labels >= 0
        rows.append(page.features[has_words][:, columns])
        labels.append(page.labels[has_words] >= 0.5)
        weight.append(weights(page, of_variant)[has_words])
    data = lightgbm.Dataset(
        numpy.concatenate(rows), label=numpy.concatenate(labels).astype(int), weight=1000 * numpy.concatenate(weight))
    return lightgbm.train(TREES, data, num_boost_round=TREE_COUNT)


def score(sums):
    return 0.5 + 0.5 * sums / numpy.sqrt(sums * sums + 3)


def kept(page, scores):
    probable = scores >= PROBABLE_SCORE
    total = page.words[probable].sum()
    if not total:
        return scores >= scores.max() / 2
    mean = (scores * page.words)[probable].sum() / total
    return scores >= numpy.clip(mean * SHARE_OF_MEAN, *THRESHOLDS)


def cross_validated(pages, changed, columns):
    """For each page the text that a model chooses which was trained on other sites."""
    texts = {}
    for one in range(FOLDS):
        model = train([page for page in pages if fold(page.case) != one], [page for page in changed if fold(page.case) != one], columns)
        for page in pages:
            if fold(page.case) == one:
                chosen = kept(page, score(model.predict(page.features[:, columns], raw_score=True)))
                texts[page.case.id] = "\n".join(text for text, is_kept in zip(page.texts, chosen) if is_kept)
    return texts


def show(title, pages, texts):
    rows = {}
    for page in pages:
        if page.case.text:
            likeness = compare(words(page.case.text), words(texts[page.case.id]))
            rows.setdefault(page.case.group, []).append(likeness)
    print(title)
    for group, likenesses in rows.items():
        means = [numpy.mean([getattr(one, name) for one in likenesses]) for name in ("precision", "recall", "f1")]
        print(f"  {group:<22}{len(likenesses):>5}   P {means[0]:.4f}  R {means[1]:.4f}  F1 {means[2]:.4f}", flush=True)


def kind_model(pages, wanted):
    share = sum(kind(page.case) == wanted for page in pages) / len(pages)
    weight = [0.5 / share if kind(page.case) == wanted else 0.5 / (1 - share) for page in pages]
    data = lightgbm.Dataset(
        numpy.stack([page.page_features for page in pages]), label=[int(kind(page.case) == wanted) for page in pages], weight=weight)
    return lightgbm.train(KIND_TREES, data, num_boost_round=KIND_TREE_COUNT)


def show_kinds(pages):
    table = {wanted: dict.fromkeys(KINDS, 0) for wanted in KINDS}
    for one in range(FOLDS):
        others = [page for page in pages if fold(page.case) != one]
        models = {wanted: kind_model(others, wanted) for wanted in KINDS}
        for page in pages:
            if fold(page.case) == one:
                sums = {wanted: model.predict([page.page_features], raw_score=True)[0] for wanted, model in models.items()}
                table[kind(page.case)][max(sums, key=sums.get)] += 1
    print(f"kinds, in rows as they are{'':<6}" + "".join(f"{wanted:>15}" for wanted in KINDS))
    for wanted, row in table.items():
        print(f"  {wanted:<30}" + "".join(f"{row[guess]:>15}" for guess in KINDS), flush=True)


def write(model, names, name, path):
    trees = [tree["tree_structure"] for tree in model.dump_model()["tree_info"]]
    used = sorted({split for tree in trees for split in splits(tree)})
    position = {split: number for number, split in enumerate(used)}
    lines = [";".join(names[split] for split in used)] + [" ".join(entries(tree, position)) for tree in trees]
    body = "\n".join("        " + line for line in lines)
    path.write_text(
        f'// Written by Tests/Extraction/train.py; TreeModel says what it means.\nextension TreeModel {{\n'
        f'    static let {name}Table: StaticString = """\n{body}\n        """\n}}\n')
    print(f"{path}: {len(trees)} trees, {len(used)} features, {len(body)} bytes")


def splits(tree):
    if "split_feature" not in tree:
        return []
    return [tree["split_feature"], *splits(tree["left_child"]), *splits(tree["right_child"])]


def entries(tree, position):
    if "split_feature" not in tree:
        return ["=" + number(tree["leaf_value"], 3)]
    question = f"{position[tree['split_feature']]}<{number(tree['threshold'], 5)}:{number(tree['internal_value'], 2)}"
    return [question, *entries(tree["left_child"], position), *entries(tree["right_child"], position)]


def number(value, digits):
    return numpy.format_float_positional(float(f"{value:.{digits}g}"), trim="-")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--tidings", required=True, metavar="PATH", help="an executable with the features to train with")
    parser.add_argument("--cases", required=True, metavar="FOLDER")
    parser.add_argument("--without", nargs="*", default=[], metavar="START", help="leave out the features whose names begin so")
    parser.add_argument("--no-variants", action="store_true", help="train on the pages as they are only")
    parser.add_argument("--out-of-fold", metavar="FOLDER", help="write the cross-validated texts, for score.py --texts")
    parser.add_argument("--write", metavar="FOLDER", help="train on all pages and write the tables into Sources/TidingsFormats/HTML/Blocks")
    parser.add_argument("--kinds-only", action="store_true", help="the models of page kinds only: they need the text model in the executable")
    options = parser.parse_args()

    all_cases = cases.load(options.cases)
    names, pages = blocks.load(options.tidings, [(case, case.html) for case in all_cases])
    columns = [at for at, name in enumerate(names.features) if not name.startswith(tuple(options.without))]
    print(f"{len(pages)} pages, {sum(len(page.texts) for page in pages)} blocks, {len(columns)} features", file=sys.stderr)
    if not options.kinds_only:
        changed = [] if options.no_variants else blocks.load(options.tidings, list(variants(all_cases)))[1]
        ceiling = {page.case.id: "\n".join(text for text, label in zip(page.texts, page.labels) if label >= 0.5) for page in pages}
        show("the best choice of whole blocks", pages, ceiling)
        texts = cross_validated(pages, changed, columns)
        show("cross-validated" + (f", without {options.without}" if options.without else ""), pages, texts)
        if options.out_of_fold:
            folder = pathlib.Path(options.out_of_fold)
            folder.mkdir(parents=True, exist_ok=True)
            for page in pages:
                (folder / f"{page.case.file_name}.txt").write_text(texts[page.case.id])
        if options.write:
            write(train(pages, changed, columns), [names.features[at] for at in columns], "blocks",
                  pathlib.Path(options.write) / "TreeModel+Blocks.swift")
    show_kinds(pages)
    if options.write:
        for wanted in KINDS:
            write(kind_model(pages, wanted), names.page_features, wanted,
                  pathlib.Path(options.write) / f"TreeModel+{wanted.capitalize()}.swift")


if __name__ == "__main__":
    main()
