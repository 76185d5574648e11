"""Predictions from a model file, in NumPy."""

from __future__ import annotations

import numpy as np


def predictions(model: dict, features: np.ndarray) -> np.ndarray:
    """The network's outputs, a row a sample: n×c."""
    inputs = features
    if standardization := model.get("standardization"):
        inputs = (inputs - np.asarray(standardization["means"])) / np.asarray(standardization["scales"])
    if whitening := model.get("whitening"):
        inputs = inputs @ np.asarray(whitening["matrix"])
    if model["bias"]:
        inputs = np.hstack([inputs, np.ones((len(inputs), 1))])
    heads = np.asarray(model["outputs"]) if "outputs" in model else np.asarray(model["output"]).reshape(-1, 1)
    offsets = np.asarray(model.get("offsets") or [model.get("offset") or 0.0])
    outputs = max(heads.shape[1] if heads.ndim == 2 and len(heads) else 1, len(offsets), _outputs(model))
    if not model["hidden"]:
        return np.zeros((len(inputs), outputs)) + offsets
    return _responses(model, inputs) @ heads.reshape(-1, outputs) + offsets


def _outputs(model: dict) -> int:
    if one_hot := (model.get("classes") or {}).get("oneHot"):
        return len(one_hot)
    return len(model.get("targets") or [0])


def _responses(model: dict, inputs: np.ndarray) -> np.ndarray:
    """What each neuron, or each sub-network, responds to each sample."""
    heights = inputs @ np.asarray(model["hidden"]).T
    match model["architecture"]:
        case "two-layer":
            return np.maximum(heights, 0)
        case "linear":
            return heights
        case "gated":
            gates = np.asarray(model["gates"])[model["gateOfNeuron"]]
            return np.where(inputs @ gates.T > 0, heights, 0)
        case "three-layer":
            inner = np.asarray(model["inner"])
            units = np.maximum(heights, 0).reshape(len(inputs), *inner.shape)
            return np.maximum(np.einsum("nkj,kj->nk", units, inner), 0)
        case other:
            raise ValueError(f"predictions of '{other}' networks are made by the command, not here")
