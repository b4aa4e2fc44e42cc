"""The trained model: what it learns, how sure it may be, what it is kept as, and when a new one takes its place."""

import io
import pickle
from datetime import UTC, datetime

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from classifier import Knowledge, classify
from classifier.model import LABELS, OTHER, Model, Sample
from classifier.model.features import features
from classifier.model.promotion import Shown, is_frozen, judge, shown
from classifier.model.training import ENOUGH, Fold, lower_bound, thresholds, train
from records.record import FaultRecord
from records.words import DecidedBy, Disposition, Service
from tests.classifier.reports import report

AT = datetime(2026, 11, 27, tzinfo=UTC)
FAULTS = ("не горит лампочка", "обрыв кабеля", "пропала сеть в доме", "гудка нет совсем", "линия мертва")
FIXES = ("как сменить пароль", "где оплатить счёт", "настроить роутер", "подключить приставку", "узнать баланс")
REST = ("купите наши окна", "кредит под залог", "приглашаем на выставку", "скидки на шины", "поздравляем вас")
PLACES = ("дом", "двор", "школа", "офис", "дача", "магазин", "склад", "гараж", "подъезд", "кухня", "двадцать", "утро")


def samples(number: int) -> list[Sample]:
    """Give texts that words tell apart, none twice."""
    made = []
    for count in range(number):
        kind = count % 3
        words = (FAULTS, FIXES, REST)[kind]
        text = f"{words[count // 3 % 5]} {PLACES[count // 15 % 12]} {PLACES[count // 180 % 12]} {'я' * (count // 900)}"
        made.append(Sample(text=text, label=LABELS[kind], language="ru"))
    return made


MODEL, FOLD = train(samples(360), corrections=360, made=AT)


def test_it_tells_texts_apart_that_it_did_not_learn_from() -> None:
    assert sum(truth == said for truth, said in zip(FOLD.truth, FOLD.said, strict=True)) == len(FOLD.truth) == 360
    told = MODEL.predict("пропала сеть и обрыв кабеля на чердаке")
    assert (told.label, told.sure, told.version) == ("incident", True, MODEL.version)
    assert told.confidence > 0.9
    assert sum(told.shares.values()) == pytest.approx(1, abs=0.001)
    assert MODEL.predict("как сменить пароль на чердаке").label == "typical_fix"
    assert MODEL.predict("скидки на шины на чердаке").label == OTHER


def test_it_says_what_spoke_for_a_label() -> None:
    told = MODEL.why("у соседки 12 обрыв кабеля", "incident", most=2)
    assert {word for word, _ in told} == {"обрыв", "кабеля"}
    assert all(weight > 0 for _, weight in told)
    assert MODEL.why("", "incident") == []


def test_a_model_of_few_texts_decides_nothing() -> None:
    few, _ = train(samples(ENOUGH - 30), corrections=0, made=AT)
    assert few.card.thresholds == {}
    assert not few.predict("обрыв кабеля").sure


def test_too_few_texts_make_no_model() -> None:
    with pytest.raises(ValueError, match="at least 5 texts of two labels"):
        train([one for one in samples(40) if one.label == OTHER], corrections=0, made=AT)


def test_a_file_gives_the_same_model_again() -> None:
    again = Model.load(MODEL.dump())
    assert again.dump() == Model.load(again.dump()).dump()
    assert again.version == Model.load(MODEL.dump()).version
    text = "линия мертва двор"
    assert again.predict(text).label == MODEL.predict(text).label
    assert again.predict(text).confidence == pytest.approx(MODEL.predict(text).confidence, abs=0.01)


class Trap:
    def __reduce__(self) -> tuple[object, tuple[str]]:
        return (pytest.fail, ("a model's file ran code",))


def test_a_file_from_elsewhere_runs_nothing() -> None:
    with pytest.raises(ValueError, match="no model of ours"):
        Model.load(pickle.dumps(Trap()))
    file = io.BytesIO()
    np.savez(file, card=np.array([Trap()], dtype=object))
    with pytest.raises(ValueError, match="no model of ours"):
        Model.load(file.getvalue())
    with pytest.raises(ValueError, match="no model of ours"):
        Model.load(MODEL.dump()[:-500])


def test_the_threshold_is_the_lowest_that_the_target_bears() -> None:
    right = [(0.5 + number / 1000, "incident", "incident") for number in range(400)]
    wrong = [(0.5 + number / 100, "typical_fix", "incident") for number in range(10)]
    truth, said, sure = [], [], []
    for confidence, real, told in right + wrong:
        truth.append(real)
        said.append(told)
        sure.append(confidence)
    found = thresholds(Fold(truth=tuple(truth), said=tuple(said), confidence=tuple(sure)))
    assert 0.5 <= found["incident"] < 0.7
    assert "typical_fix" not in found
    above = [real == told for real, told, one in zip(truth, said, sure, strict=True) if one >= found["incident"]]
    assert lower_bound(sum(above), len(above)) >= 0.95


def test_the_bound_is_what_a_share_is_at_least() -> None:
    assert lower_bound(0, 0) == 0
    assert lower_bound(60, 60) == pytest.approx(0.957, abs=0.002)
    assert lower_bound(90, 100) < 0.9


def test_the_frozen_texts_are_the_same_for_ever() -> None:
    frozen = [one.text for one in samples(100) if is_frozen(one)]
    assert frozen == [one.text for one in reversed(samples(100)) if is_frozen(one)][::-1]
    assert 8 < len(frozen) < 40


GOOD = Shown(texts=100, right=95, decided=80, decided_right=79, found={"incident": 0.95, "typical_fix": 0.95})


def test_the_first_model_is_promoted_and_an_equal_one_after_it() -> None:
    assert judge(GOOD, None).promoted
    assert judge(GOOD, GOOD).promoted


@pytest.mark.parametrize(
    ("worse", "why"),
    [
        (replace(GOOD, right=85), "surely right"),
        (replace(GOOD, decided_right=70), "wrong in 10 of 80"),
        (replace(GOOD, found={"incident": 0.99, "typical_fix": 0.8}), "finds 80% of typical_fix"),
    ],
)
def test_a_worse_model_is_kept_aside_with_the_reason(worse: Shown, why: str) -> None:
    verdict = judge(worse, GOOD)
    assert not verdict.promoted
    assert why in "; ".join(verdict.reasons)


def test_what_a_model_shows_is_counted() -> None:
    told = shown(MODEL, samples(90))
    assert (told.texts, told.right, told.found["incident"]) == (90, 90, 1.0)


@given(st.text(max_size=400), st.sampled_from(["ru", "zh", "it", "en", "de"]))
def test_any_text_gets_an_answer(text: str, language: str) -> None:
    features(text, language)
    told = MODEL.predict(text)
    assert told.label in LABELS
    assert 0 <= told.confidence <= 1


def test_a_huge_text_is_looked_at_in_its_beginning_only() -> None:
    assert (
        MODEL.predict("обрыв кабеля " + "пароль " * 200_000).label
        == MODEL.predict("обрыв кабеля " + "пароль " * 500).label
    )


def decided(text: str, knowledge: Knowledge, **changes: object) -> FaultRecord:
    one = report(text, language="ru", **changes)
    return replace(one, classification=classify(one, knowledge, model=MODEL))


def test_the_model_decides_where_no_row_does(knowledge: Knowledge) -> None:
    found = decided("пропала линия мертва обрыв кабеля гудка", knowledge).classification
    assert found.disposition is Disposition.INCIDENT
    mine = classify(report("линия мертва в подъезде", language="ru"), knowledge)
    with_model = decided("линия мертва в подъезде", knowledge).classification
    assert mine.disposition is None
    assert with_model.disposition is Disposition.INCIDENT
    assert with_model.decided_by is DecidedBy.MODEL
    assert with_model.route
    assert with_model.model
    assert with_model.model.version == MODEL.version
    assert "мертва" in with_model.model.because


def test_rows_and_a_sure_model_at_odds_are_a_person_s_question(knowledge: Knowledge) -> None:
    text = "Как сменить пароль от Wi-Fi роутера? как сменить пароль"
    alone = classify(report(text, language="ru", service=Service.BROADBAND), knowledge)
    assert alone.disposition is Disposition.TYPICAL_FIX
    contrary = Model.load(MODEL.dump())
    contrary.card = replace(contrary.card, labels=("typical_fix", "incident", OTHER), thresholds={"incident": 0.5})
    found = classify(report(text, language="ru", service=Service.BROADBAND), knowledge, model=contrary)
    assert found.disposition is None
    assert found.model
    assert found.model.label == "incident"


def test_a_certain_row_hears_no_model(knowledge: Knowledge) -> None:
    contrary = Model.load(MODEL.dump())
    contrary.card = replace(contrary.card, labels=("typical_fix", "incident", OTHER), thresholds={"typical_fix": 0.0})
    found = classify(report("Горит красная лампочка LOS, обрыв кабеля", language="ru"), knowledge, model=contrary)
    assert found.disposition is Disposition.INCIDENT
    assert found.decided_by is DecidedBy.RULE
