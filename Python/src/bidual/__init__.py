"""ReLU networks trained to a proven global optimum, as scikit-learn estimators."""

from ._command import BidualError, command_path
from .estimators import ReLUClassifier, ReLUClassifierCV, ReLURegressor, ReLURegressorCV

__all__ = [
    "BidualError",
    "ReLUClassifier",
    "ReLUClassifierCV",
    "ReLURegressor",
    "ReLURegressorCV",
    "command_path",
]
__version__ = "0.1.0"
