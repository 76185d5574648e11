"""The estimators: each fit is a run of the command, whose certificate it keeps."""

from __future__ import annotations

import json
import tempfile
import warnings
from pathlib import Path

import numpy as np
from sklearn.base import BaseEstimator, ClassifierMixin, RegressorMixin
from sklearn.exceptions import ConvergenceWarning
from sklearn.utils.multiclass import check_classification_targets
from sklearn.utils.validation import _check_sample_weight, check_is_fitted, validate_data

from . import _command, _network


class _ReLUEstimator(BaseEstimator):
    """What all estimators share: the settings of a run, and what becomes of it."""

    def __init__(
        self,
        *,
        beta=None,
        beta_ratio=0.1,
        gap=1e-4,
        bias=True,
        standardize=True,
        intercept=True,
        method="exact",
        architecture="two-layer",
        width=None,
        time_limit=10.0,
        seed=0,
        threads=1,
        options=(),
    ):
        self.beta = beta
        self.beta_ratio = beta_ratio
        self.gap = gap
        self.bias = bias
        self.standardize = standardize
        self.intercept = intercept
        self.method = method
        self.architecture = architecture
        self.width = width
        self.time_limit = time_limit
        self.seed = seed
        self.threads = threads
        self.options = options

    # What differs between fit and cv.

    def _arguments(self) -> list[str]:
        strength = (
            ["--beta-ratio", _number(self.beta_ratio)]
            if self.beta is None
            else ["--beta", _number(self.beta)]
        )
        return ["fit", "--method", self.method, *strength, *_given("--width", self.width)]

    def _keep(self, report: dict) -> dict:
        """Takes what else the command printed, and gives the part of it that is about the network."""
        return report

    def _train(self, X, targets, sample_weight, settings):
        """Runs the command on n×d samples with n×c targets, and keeps the model, its certificate and what was printed."""
        d, c = X.shape[1], targets.shape[1]
        rows = self._rows(X, targets, sample_weight)
        arguments = ["--target", ",".join(f"c{d + k}" for k in range(c))]
        if rows.shape[1] > d + c:
            arguments += ["--weights", f"c{d + c}"]
        for name in ("bias", "standardize", "intercept"):
            if getattr(self, name):
                arguments.append(f"--{name}")
        arguments += ["--architecture", self.architecture, "--gap", _number(self.gap)]
        arguments += _given("--time-limit", self.time_limit)
        arguments += ["--seed", str(int(self.seed)), "--threads", str(int(self.threads))]
        head, *rest = self._arguments()
        with tempfile.TemporaryDirectory() as folder:
            np.save(Path(folder, "data.npy"), rows)
            line = [head, "data.npy", *rest, *arguments, *settings, *map(str, self.options)]
            line += ["--output", "model.json", "--certificate", "certificate.json", "--json", "--quiet"]
            code, printed = _command.run(line, folder, (0, _command.NOT_TO_TOLERANCE))
            self._model_text = Path(folder, "model.json").read_text()
            self._certificate_text = Path(folder, "certificate.json").read_text()
        report = self._keep(json.loads(printed))
        self.model_ = json.loads(self._model_text)
        self.certificate_ = json.loads(self._certificate_text)
        self.objective_ = report["objective"]
        self.lower_bound_ = report["lowerBound"]
        self.relative_gap_ = report.get("relativeGap", np.inf)
        self.scope_ = report["scope"]
        self.status_ = report["status"]
        self.beta_ = report["beta"]
        self.n_iter_ = max(1, report["iterations"])
        if code == _command.NOT_TO_TOLERANCE:
            warnings.warn(
                f"the gap that was asked for, {self.gap}, is not proven: status {self.status_}, relative gap "
                f"{self.relative_gap_:.2g}; raise time_limit or gap, or the penalty",
                ConvergenceWarning,
                stacklevel=3,
            )
        return self

    def _outputs(self, X) -> np.ndarray:
        check_is_fitted(self, "model_")
        X = validate_data(self, X, reset=False, dtype=np.float64)
        return _network.predictions(self.model_, X)

    def _samples(self, X, y, **checks):
        X, y = validate_data(self, X, y, dtype=np.float64, **checks)
        if len(X) < 2:
            raise ValueError("there is 1 sample; give at least two")
        return X, y

    def _rows(self, X, targets, sample_weight) -> np.ndarray:
        """Features, targets and, unless all are 1, weights, as the command is to have them.

        Equal samples become one that weighs as much as they, in an order of their own, and those of weight 0 are left out: a sample of
        weight 2 is one that stands twice, to the last digit. Where further options may name files by row, rows stay as they are.
        """
        rows = np.hstack([X, targets])
        weights = np.ones(len(rows)) if sample_weight is None else np.asarray(sample_weight, dtype=float)
        if not self.options:
            counted = weights != 0
            rows, places = np.unique(rows[counted], axis=0, return_inverse=True)
            weights = np.bincount(places.ravel(), weights=weights[counted], minlength=len(rows))
        return rows if (weights == 1).all() else np.hstack([rows, weights.reshape(-1, 1)])

    def _weights(self, sample_weight, X):
        return None if sample_weight is None else _check_sample_weight(
            sample_weight, X, ensure_non_negative=True
        )

    def verify(self, X, y, sample_weight=None) -> dict:
        """Proves the certificate anew from the data, the model and the certificate alone; what the command found.

        Raises ValueError where it does not hold, or the data are not those of training.
        """
        check_is_fitted(self, "model_")
        X = validate_data(self, X, reset=False, dtype=np.float64)
        rows = self._rows(X, self._targets(y), self._weights(sample_weight, X))
        with tempfile.TemporaryDirectory() as folder:
            np.save(Path(folder, "data.npy"), rows)
            Path(folder, "model.json").write_text(self._model_text)
            Path(folder, "certificate.json").write_text(self._certificate_text)
            line = ["verify", "model.json", "certificate.json", "data.npy", "--json"]
            code, printed = _command.run(line, folder, (0, _command.NOT_VERIFIED))
        if code == _command.NOT_VERIFIED:
            raise ValueError("the certificate does not hold for this model and these data")
        return json.loads(printed)

    def save(self, path) -> None:
        """Writes the model to a file that the command reads."""
        check_is_fitted(self, "model_")
        Path(path).write_text(self._model_text)


class ReLURegressor(RegressorMixin, _ReLUEstimator):
    """Regression by a two-layer ReLU network whose training objective is a proven global optimum.

    Minimises Σℓ(f(x), y) + β/2·Σ(‖u‖² + ‖α‖²) over networks of any width.

    Parameters
    ----------
    beta, beta_ratio : the weight of the penalty, or as a fraction of the smallest β at which the zero network is optimal.
    gap : the relative gap to prove; a ConvergenceWarning where that is not reached.
    bias, standardize, intercept : a penalised column of ones, standardised features, a free output offset.
    loss : 'squared', 'absolute', 'huber', 'quantile' or 'poisson', with `loss_parameter` as its threshold or level.
    method, architecture, width : as the command has them.
    time_limit : seconds after which the best network so far is the answer; None for none.
    options : further arguments of the command, as strings.

    Attributes
    ----------
    objective_, lower_bound_, relative_gap_, scope_, status_, beta_ : what is known of the network; only scope 'global' is a bound
        over all networks.
    model_, certificate_ : the files that the command wrote.
    """

    def __init__(
        self,
        *,
        beta=None,
        beta_ratio=0.1,
        gap=1e-4,
        bias=True,
        standardize=True,
        intercept=True,
        loss="squared",
        loss_parameter=None,
        method="exact",
        architecture="two-layer",
        width=None,
        time_limit=10.0,
        seed=0,
        threads=1,
        options=(),
    ):
        super().__init__(
            beta=beta,
            beta_ratio=beta_ratio,
            gap=gap,
            bias=bias,
            standardize=standardize,
            intercept=intercept,
            method=method,
            architecture=architecture,
            width=width,
            time_limit=time_limit,
            seed=seed,
            threads=threads,
            options=options,
        )
        self.loss = loss
        self.loss_parameter = loss_parameter

    def fit(self, X, y, sample_weight=None):
        """Trains on n×d samples with n targets, or n×c of them."""
        X, y = self._samples(X, y, multi_output=True, y_numeric=True)
        self._is_flat = y.ndim == 1
        targets = self._targets(y)
        settings = ["--loss", self.loss]
        if self.loss_parameter is not None:
            settings += ["--threshold" if self.loss == "huber" else "--level", _number(self.loss_parameter)]
        return self._train(X, targets, self._weights(sample_weight, X), settings)

    def predict(self, X):
        """The targets of n×d samples."""
        outputs = self._outputs(X)
        if self.loss == "poisson":
            outputs = np.exp(outputs)
        return outputs.ravel() if self._is_flat else outputs

    def _targets(self, y):
        y = np.asarray(y, dtype=np.float64)
        return y.reshape(len(y), -1)

    def __sklearn_tags__(self):
        tags = super().__sklearn_tags__()
        tags.target_tags.multi_output = True
        return tags


class ReLUClassifier(ClassifierMixin, _ReLUEstimator):
    """Classification by a two-layer ReLU network whose training objective is a proven global optimum.

    Two classes by the logistic loss, more by softmax; parameters and attributes as for ReLURegressor, and `classes_`.
    """

    def fit(self, X, y, sample_weight=None):
        """Trains on n×d samples with n labels."""
        X, y = self._samples(X, y)
        check_classification_targets(y)
        weights = self._weights(sample_weight, X)
        if weights is not None:
            X, y, weights = X[weights != 0], y[weights != 0], weights[weights != 0]
        self.classes_, places = np.unique(y, return_inverse=True)
        if len(self.classes_) < 2:
            raise ValueError("there is one class only: there is nothing to learn; give samples of two classes")
        settings = ["--loss", "logistic" if len(self.classes_) == 2 else "softmax"]
        return self._train(X, places.reshape(-1, 1), weights, settings)

    def decision_function(self, X):
        """The log-odds of the second of two classes, n numbers; else the outputs, n×c."""
        outputs = self._outputs(X)
        return outputs.ravel() if len(self.classes_) == 2 else outputs

    def predict_proba(self, X):
        """The probability of each class, n×c."""
        outputs = self._outputs(X)
        if len(self.classes_) == 2:
            outputs = np.hstack([np.zeros_like(outputs), outputs])
        shares = np.exp(outputs - outputs.max(axis=1, keepdims=True))
        return shares / shares.sum(axis=1, keepdims=True)

    def predict(self, X):
        """The label of each sample."""
        outputs = self._outputs(X)
        places = (outputs.ravel() > 0).astype(int) if len(self.classes_) == 2 else outputs.argmax(axis=1)
        return self.classes_[places]

    def _targets(self, y):
        places = np.searchsorted(self.classes_, y)
        return places.reshape(-1, 1).astype(np.float64)


class _CrossValidated:
    """Estimators whose β the command chooses by cross-validation."""

    def _arguments(self):
        line = ["cv", "--folds", str(int(self.folds)), "--score", self.score_by, "--choose", self.choose]
        return line + [
            "--betas",
            str(int(self.betas)),
            "--beta-min-ratio",
            _number(self.beta_min_ratio),
        ]

    def _keep(self, report):
        curve = report["curves"][0]
        points = curve["points"]
        self.cv_results_ = {
            "beta": np.array([point["beta"] for point in points]),
            "mean": np.array([point["mean"] for point in points]),
            "standard_error": np.array([point["standardError"] for point in points]),
            "folds": np.array([point["folds"] for point in points]),
            "best": curve["min"],
            "one_standard_error": curve["oneStandardError"],
        }
        return report["network"]


class ReLURegressorCV(_CrossValidated, ReLURegressor):
    """ReLURegressor whose β is chosen by cross-validation.

    Parameters, beside those of ReLURegressor: `folds`, `betas` values down to `beta_min_ratio` of β_max, `score_by` as the command's --score,
    `choose` '1se' or 'min'. β itself and the method play no part. `cv_results_` has the curve.
    """

    def __init__(
        self,
        *,
        folds=5,
        betas=20,
        beta_min_ratio=0.01,
        score_by="mse",
        choose="1se",
        gap=1e-4,
        bias=True,
        standardize=True,
        intercept=True,
        loss="squared",
        loss_parameter=None,
        architecture="two-layer",
        time_limit=60.0,
        seed=0,
        threads=1,
        options=(),
    ):
        super().__init__(
            gap=gap,
            bias=bias,
            standardize=standardize,
            intercept=intercept,
            loss=loss,
            loss_parameter=loss_parameter,
            architecture=architecture,
            time_limit=time_limit,
            seed=seed,
            threads=threads,
            options=options,
        )
        self.folds = folds
        self.betas = betas
        self.beta_min_ratio = beta_min_ratio
        self.score_by = score_by
        self.choose = choose


class ReLUClassifierCV(_CrossValidated, ReLUClassifier):
    """ReLUClassifier whose β is chosen by cross-validation; parameters as for ReLURegressorCV."""

    def __init__(
        self,
        *,
        folds=5,
        betas=20,
        beta_min_ratio=0.01,
        score_by="log-loss",
        choose="1se",
        gap=1e-4,
        bias=True,
        standardize=True,
        intercept=True,
        architecture="two-layer",
        time_limit=60.0,
        seed=0,
        threads=1,
        options=(),
    ):
        super().__init__(
            gap=gap,
            bias=bias,
            standardize=standardize,
            intercept=intercept,
            architecture=architecture,
            time_limit=time_limit,
            seed=seed,
            threads=threads,
            options=options,
        )
        self.folds = folds
        self.betas = betas
        self.beta_min_ratio = beta_min_ratio
        self.score_by = score_by
        self.choose = choose


def _number(value) -> str:
    """A number as the command reads it, to the last digit."""
    return repr(float(value))


def _given(option: str, value) -> list[str]:
    if value is None:
        return []
    return [option, str(int(value)) if option == "--width" else _number(value)]
