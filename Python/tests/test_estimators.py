"""The estimators against scikit-learn's own checks, and against loops over the data."""

import pickle
import warnings

import numpy as np
import pytest
from sklearn.base import clone
from sklearn.exceptions import ConvergenceWarning
from sklearn.model_selection import GridSearchCV, cross_val_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.utils.estimator_checks import parametrize_with_checks

from bidual import ReLUClassifier, ReLUClassifierCV, ReLURegressor, ReLURegressorCV

# Proofs at the ranks of scikit-learn's samples would take their time; what is checked here is the behaviour.
QUICK = {"gap": 0.5, "time_limit": 5.0}


@parametrize_with_checks(
    [
        ReLURegressor(**QUICK),
        ReLUClassifier(**QUICK),
        ReLURegressorCV(folds=2, betas=2, beta_min_ratio=0.3, **QUICK),
        ReLUClassifierCV(folds=2, betas=2, beta_min_ratio=0.3, **QUICK),
    ]
)
def test_scikit_learn_checks(estimator, check):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        check(estimator)


@pytest.fixture
def samples():
    rng = np.random.default_rng(1)
    X = rng.normal(size=(40, 2)) * [1, 10] + [0, 5]
    y = np.abs(X[:, 0]) - 0.05 * X[:, 1] + 0.1 * rng.normal(size=40)
    return X, y


def by_loops(model, X):
    """The network's predictions, unit by unit."""
    found = []
    for x in X:
        if model.get("standardization"):
            x = (x - np.array(model["standardization"]["means"])) / np.array(model["standardization"]["scales"])
        if model["bias"]:
            x = np.append(x, 1)
        total = model.get("offset") or 0.0
        for u, alpha in zip(model["hidden"], model["output"]):
            total += alpha * max(0.0, float(np.dot(u, x)))
        found.append(total)
    return np.array(found)


def test_objective_is_that_of_the_predictions(samples):
    X, y = samples
    model = ReLURegressor(beta_ratio=0.05, gap=1e-5).fit(X, y)
    assert model.scope_ == "global" and model.relative_gap_ <= 1e-5
    assert model.lower_bound_ <= model.objective_
    assert np.allclose(model.predict(X), by_loops(model.model_, X), rtol=1e-12, atol=1e-12)
    weights = np.concatenate([np.ravel(model.model_["hidden"]), model.model_["output"]])
    objective = 0.5 * np.sum((model.predict(X) - y) ** 2) + 0.5 * model.beta_ * np.sum(weights**2)
    assert objective == pytest.approx(model.objective_, rel=1e-9)


@pytest.mark.parametrize("architecture", ["two-layer", "linear", "gated", "three-layer"])
@pytest.mark.parametrize("outputs", [1, 2])
def test_predictions_are_those_of_the_command(samples, architecture, outputs, tmp_path):
    from bidual import _command

    X, y = samples
    Y = y if outputs == 1 else np.column_stack([y, X[:, 0] ** 2])
    model = ReLURegressor(architecture=architecture, gap=0.3, width=2 if architecture == "three-layer" else None)
    if architecture == "gated":
        model.set_params(options=["--patterns", "gaussian:20"])
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        model.fit(X, Y)
    np.save(tmp_path / "x.npy", X)
    model.save(tmp_path / "model.json")
    _, printed = _command.run(["predict", "model.json", "x.npy"], str(tmp_path))
    theirs = np.array([[float(cell) for cell in line.split(",")] for line in printed.splitlines()[1:]])
    assert np.allclose(model.predict(X).reshape(theirs.shape), theirs, rtol=1e-12, atol=1e-12)


def test_certificates_are_proven_anew_and_refused_for_other_data(samples):
    X, y = samples
    model = ReLURegressor(gap=1e-3).fit(X, y)
    assert model.verify(X, y)["verified"]
    assert pickle.loads(pickle.dumps(model)).verify(X, y)["verified"]
    with pytest.raises(ValueError):
        model.verify(X, y + 1e-3)


def test_sample_weights_are_repetitions(samples):
    X, y = samples
    weights = np.arange(40) % 3
    one = ReLURegressor(beta=1.0, gap=1e-6).fit(X, y, sample_weight=weights)
    two = ReLURegressor(beta=1.0, gap=1e-6).fit(
        np.repeat(X, weights, axis=0), np.repeat(y, weights)
    )
    assert one.objective_ == pytest.approx(two.objective_, rel=1e-5)


def test_classes_of_any_spelling(samples):
    X, y = samples
    labels = np.array(["low", "high"])[(y > 0.3).astype(int)]
    model = ReLUClassifier(gap=1e-3).fit(X, labels)
    assert list(model.classes_) == ["high", "low"]
    assert model.score(X, labels) > 0.8
    proba = model.predict_proba(X)
    assert np.allclose(proba.sum(axis=1), 1)
    assert np.array_equal(model.classes_[proba.argmax(axis=1)], model.predict(X))
    assert model.verify(X, labels)["verified"]
    three = np.digitize(y, [0.2, 0.8])
    model = ReLUClassifier(gap=0.1).fit(X, three)
    assert model.predict_proba(X).shape == (40, 3) and model.score(X, three) > 0.6


def test_cross_validation_chooses_and_keeps_its_curve(samples):
    X, y = samples
    model = ReLURegressorCV(folds=4, betas=6, gap=1e-3, choose="min").fit(X, y)
    curve = model.cv_results_
    assert curve["folds"].shape == (6, 4)
    assert np.all(np.diff(curve["beta"]) < 0)
    assert curve["mean"][curve["best"]] == curve["mean"].min()
    assert model.beta_ == curve["beta"][curve["best"]]
    assert model.relative_gap_ <= 1e-3


def test_it_is_an_estimator_like_others(samples):
    X, y = samples
    pipeline = make_pipeline(StandardScaler(), ReLURegressor(gap=1e-2))
    assert cross_val_score(pipeline, X, y, cv=3).mean() > 0.5
    search = GridSearchCV(ReLURegressor(gap=1e-2), {"beta_ratio": [0.01, 0.9]}, cv=3).fit(X, y)
    assert search.best_params_ == {"beta_ratio": 0.01}
    assert clone(ReLURegressorCV(folds=3)).folds == 3


def test_a_gap_that_is_not_reached_is_told(samples):
    X, y = samples
    with pytest.warns(ConvergenceWarning, match="is not proven"):
        ReLURegressor(beta_ratio=0.01, gap=1e-14).fit(X, y)


@pytest.mark.parametrize(
    "settings, message",
    [
        ({"beta": -1.0}, "beta"),
        ({"gap": 0.0}, "gap"),
        ({"loss": "cubic"}, "cubic"),
        ({"options": ["--unknown"]}, "unknown"),
    ],
)
def test_bad_settings_are_value_errors(samples, settings, message):
    with pytest.raises(ValueError, match=message):
        ReLURegressor(**settings).fit(*samples)


def test_one_class_is_nothing_to_learn(samples):
    with pytest.raises(ValueError, match="one class only"):
        ReLUClassifier().fit(samples[0], np.zeros(40))
