"""The body at rest, and its skinning: bones turn, skin follows.

The shape comes from Anny (PyPI package `anny`, code Apache-2.0, body data CC0); posing is done here, in the
world frame of the truth files: metres, x to the runner's left, y backwards, z up.
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from scipy.optimize import brentq
from scipy.spatial.transform import Rotation

from .spec import Shape

# From (forward, left, up) to (left, backward, up).
TO_WORLD = np.array([[0.0, 1.0, 0.0], [-1.0, 0.0, 0.0], [0.0, 0.0, 1.0]])
SPINE_SHARE = {"spine05": 0.15, "spine04": 0.35, "spine03": 0.6, "spine02": 0.8, "spine01": 1.0}
NECK_SHARE = {"neck01": 0.3, "neck02": 0.55, "neck03": 0.8, "head": 1.0}


@dataclass(frozen=True)
class RestBody:
    """A body standing in its rest pose.

    Attributes
    ----------
    vertices : ndarray of shape (n, 3)
    faces : ndarray of shape (m, 3)
    weights : ndarray of shape (n, b)
        Share of each bone in each vertex; rows sum to one.
    bones : list of str
    parents : list of int
        Index of each bone's parent, -1 for the root.
    heads : ndarray of shape (b, 3)
        Joint at which each bone starts (m).
    """

    vertices: np.ndarray
    faces: np.ndarray
    weights: np.ndarray
    bones: list[str]
    parents: list[int]
    heads: np.ndarray

    def head_of(self, bone: str) -> np.ndarray:
        """Rest position of a bone's starting joint (m)."""
        return self.heads[self.bones.index(bone)]

    def weight_of(self, *prefixes: str) -> np.ndarray:
        """Summed weight, per vertex, of all bones whose names begin with one of the prefixes."""
        columns = [i for i, name in enumerate(self.bones) if name.startswith(prefixes)]
        return self.weights[:, columns].sum(axis=1)


def load_rest_body(stature_m: float, shape: Shape, cache: Path | None = None) -> RestBody:
    """Shape Anny to a stature.

    Parameters
    ----------
    stature_m : float
        Barefoot height (m).
    shape : Shape
    cache : Path, optional
        File that keeps the result, since loading the model takes a while.

    Returns
    -------
    RestBody
    """
    dials = np.array([stature_m, *vars(shape).values()])
    if cache is not None and cache.exists():
        stored = np.load(cache)
        if np.array_equal(stored["dials"], dials):
            names, parents = stored["bones"].tolist(), stored["parents"].tolist()
            return RestBody(stored["vertices"], stored["faces"], stored["weights"], names, parents, stored["heads"])
    body = _shape_anny(stature_m, shape)
    if cache is not None:
        arrays = {key: np.asarray(value) for key, value in vars(body).items()}
        np.savez_compressed(cache, dials=dials, **arrays)
    return body


def _shape_anny(stature_m: float, shape: Shape) -> RestBody:
    """Build the rest body with the `anny` package."""
    import anny
    import torch

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        model = anny.Anny(rig="makehuman", topology="anny", skinning_method="lbs").to(dtype=torch.float32)

    def rest(height: float) -> dict[str, torch.Tensor]:
        with torch.no_grad():
            return model(phenotype_kwargs={**vars(shape), "height": height}, return_bone_ends=True)

    def excess(height: float) -> float:
        return float(np.ptp(rest(height)["rest_vertices"][0, :, 2].numpy())) - stature_m

    shaped = rest(brentq(excess, 0.05, 0.95, xtol=1e-4))
    vertices = shaped["rest_vertices"][0].numpy().astype(float)
    heads = shaped["rest_bone_heads"][0].numpy().astype(float)
    weights = np.zeros((len(vertices), model.bone_count))
    indices, values = model.vertex_bone_indices.numpy(), model.vertex_bone_weights.numpy()
    np.add.at(weights, (np.arange(len(vertices))[:, None], indices), values)
    weights /= weights.sum(axis=1, keepdims=True)
    lowest = vertices[:, 2].min()
    vertices[:, 2] -= lowest
    heads[:, 2] -= lowest
    faces = model.get_triangular_faces().numpy()
    return RestBody(vertices, faces, weights, list(model.bone_labels), list(model.bone_parents), heads)


def frame(along: np.ndarray, side: np.ndarray) -> np.ndarray:
    """Right-handed axes (..., 3, 3), columns: `side` made perpendicular, then `along`, then their product."""
    along = along / np.linalg.norm(along, axis=-1, keepdims=True)
    side = side - (side * along).sum(-1, keepdims=True) * along
    side = side / np.linalg.norm(side, axis=-1, keepdims=True)
    return np.stack([side, along, np.cross(side, along)], axis=-1)


def turn_between(rest: np.ndarray, posed: np.ndarray) -> np.ndarray:
    """Rotation matrices (..., 3, 3) that carry the rest axes to the posed axes."""
    return posed @ np.swapaxes(rest, -1, -2)


def world_turn(rotation: Rotation) -> np.ndarray:
    """A rotation in runner axes as matrices (n, 3, 3) in world axes."""
    return TO_WORLD @ rotation.as_matrix() @ TO_WORLD.T


def blend_turns(first: np.ndarray, second: np.ndarray, share: float) -> np.ndarray:
    """Rotation part of the way from `first` to `second`, matrices (n, 3, 3)."""
    relative = Rotation.from_matrix(second @ np.swapaxes(first, -1, -2)).as_rotvec()
    return Rotation.from_rotvec(share * relative).as_matrix() @ first


def chain(body: RestBody, turns: dict[str, np.ndarray], root_at: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Follow the bones from the root outwards.

    Parameters
    ----------
    body : RestBody
    turns : dict of str to ndarray of shape (n, 3, 3)
        World rotation of a bone from its rest; a bone not named turns with its parent.
    root_at : ndarray of shape (n, 3)
        Where the root joint is (m).

    Returns
    -------
    tuple of ndarray
        Rotations (n, b, 3, 3) and translations (n, b, 3): a rest point p of bone b goes to R p + t.
    """
    count, bones = len(root_at), len(body.bones)
    rotation, shift = np.zeros((count, bones, 3, 3)), np.zeros((count, bones, 3))
    for index, name in enumerate(body.bones):
        parent, head = body.parents[index], body.heads[index]
        if parent < 0:
            rotation[:, index] = turns.get(name, np.eye(3))
            joint = root_at
        else:
            rotation[:, index] = turns.get(name, rotation[:, parent])
            joint = np.einsum("nij,j->ni", rotation[:, parent], head) + shift[:, parent]
        shift[:, index] = joint - np.einsum("nij,j->ni", rotation[:, index], head)
    return rotation, shift


def skin(vertices: np.ndarray, weights: np.ndarray, rotation: np.ndarray, shift: np.ndarray) -> np.ndarray:
    """Linear blend skinning of one instant.

    Parameters
    ----------
    vertices : ndarray of shape (n, 3)
    weights : ndarray of shape (n, b)
    rotation : ndarray of shape (b, 3, 3)
    shift : ndarray of shape (b, 3)
    """
    transform = np.concatenate([rotation.reshape(-1, 9), shift], axis=1)
    mixed = weights @ transform
    return np.einsum("nij,nj->ni", mixed[:, :9].reshape(-1, 3, 3), vertices) + mixed[:, 9:]
