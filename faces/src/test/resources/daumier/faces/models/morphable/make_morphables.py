"""Makes small face models in the forms that people have, and the landmarks they should give.

python make_morphables.py    (numpy, scipy, h5py)

Every model is a mesh of 90 points of which 68, scattered by a fixed permutation, are the landmarks
of one made-up face; the other points are noise. basel2009.mat: 3 modes. basel2017.h5: 3 identity and
2 expression modes, one basis in compressed chunks. FaceXModel/: 2 identities, 2 expressions, one
that moves nothing. threeddfa/: 3 and 2 modes. goldens.json: mean, identity and expression
landmarks, one standard deviation a mode, as computed here in float64.
"""
import json
import os

import h5py
import numpy as np
import scipy.io

HERE = os.path.dirname(os.path.abspath(__file__))
POINTS = 90


def face():
    """68 iBUG landmarks of a plain face: x to the right, y up, z towards the viewer."""
    p = []
    for a in np.linspace(0, np.pi, 17):
        p.append((-np.cos(a), 0.3 - 1.5 * np.sin(a), -0.6 + 0.6 * np.sin(a)))
    for side in (-1, 1):
        xs = np.linspace(-0.75, -0.2, 5) if side < 0 else np.linspace(0.2, 0.75, 5)
        p += [(x, 0.75 - 0.25 * (abs(x) - 0.45) ** 2, 0.35 - 0.3 * abs(x)) for x in xs]
    p += [(0, y, z) for y, z in zip(np.linspace(0.5, -0.1, 4), np.linspace(0.3, 0.7, 4))]
    p += [(x, -0.25, 0.45 - 0.5 * abs(x)) for x in np.linspace(-0.25, 0.25, 5)]
    for side in (-1, 1):
        a = np.deg2rad([180, 120, 60, 0, -60, -120])
        p += [(side * 0.45 + 0.18 * np.cos(t), 0.45 + 0.07 * np.sin(t), 0.2) for t in a]
    for w, h, n in ((0.4, 0.16, 12), (0.32, 0.05, 8)):
        a = np.pi - 2 * np.pi * np.arange(n) / n
        p += [(w * np.cos(t), -0.65 + h * np.sin(t), 0.35 - 0.3 * abs(w * np.cos(t))) for t in a]
    return np.array(p)


def mesh(landmarks, where, rng):
    v = rng.normal(0, 1, (POINTS, 3))
    v[where] = landmarks
    return v


def modes(count, rng):
    return rng.normal(0, 0.03, (count, 68, 3))


def basis(landmark_modes, where, rng):
    return np.stack([mesh(m, where, rng).reshape(-1) for m in landmark_modes], axis=1)


def write_obj(path, vertices):
    with open(path, "w") as out:
        out.write("# made up\n")
        for v in vertices:
            out.write("v %.9f %.9f %.9f\n" % tuple(v))
        out.write("vt 0 0\nf 1 2 3\n")


def main():
    rng = np.random.default_rng(7)
    where = rng.permutation(POINTS)[:68]
    mean = face()
    golden = {}

    def remember(name, mean_points, identity, expression):
        golden[name] = {
            "mean": mean_points.reshape(-1).tolist(),
            "identity": [m.reshape(-1).tolist() for m in identity],
            "expression": [m.reshape(-1).tolist() for m in expression],
        }

    np.savetxt(os.path.join(HERE, "vertices.txt"), where[None], fmt="%d")
    with open(os.path.join(HERE, "pairs.txt"), "w") as out:
        out.write("# landmark = vertex\n[landmarks]\n")
        out.writelines("%d = %d\n" % (i + 1, v) for i, v in enumerate(where))

    sd = np.array([3.0, 2.0, 0.5])
    identity = modes(3, rng)
    scipy.io.savemat(
        os.path.join(HERE, "basel2009.mat"),
        {
            "shapeMU": (1e5 * mesh(mean, where, rng)).reshape(-1, 1).astype(np.float32),
            "shapePC": basis(identity, where, rng).astype(np.float32),
            "shapeEV": (1e5 * sd).reshape(-1, 1).astype(np.float32),
            "texMU": np.zeros((30, 1), np.float32),
        },
        do_compression=True)
    remember("basel2009", 1e5 * mean, 1e5 * sd[:, None, None] * identity, [])

    identity, expression = modes(3, rng), modes(2, rng)
    esd = np.array([1.5, 0.7])
    shift = rng.normal(0, 0.01, (68, 3))
    with h5py.File(os.path.join(HERE, "basel2017.h5"), "w") as f:
        b = basis(identity, where, rng).astype(np.float32)
        f.create_dataset("shape/model/pcaBasis", data=b, chunks=(100, 2), compression="gzip")
        f["shape/model/mean"] = (100 * mesh(mean, where, rng)).reshape(-1).astype(np.float32)
        f["shape/model/pcaVariance"] = ((100 * sd) ** 2).astype(np.float32)
        f["expression/model/pcaBasis"] = basis(expression, where, rng).astype(np.float32)
        f["expression/model/mean"] = (100 * mesh(shift, where, rng)).reshape(-1).astype(np.float32)
        f["expression/model/pcaVariance"] = (100 * esd) ** 2
        f["color/model/mean"] = np.zeros(3 * POINTS, np.float32)
    remember("basel2017", 100 * (mean + shift), 100 * sd[:, None, None] * identity,
             100 * esd[:, None, None] * expression)

    folder = os.path.join(HERE, "FaceXModel")
    os.makedirs(folder, exist_ok=True)
    neutral = mesh(mean, where, rng)
    identity, expression = modes(2, rng), modes(1, rng)
    write_obj(os.path.join(folder, "generic_neutral_mesh.obj"), neutral)
    for name, mode in (("identity000", identity[0]), ("identity001", identity[1]),
                       ("jawOpen", expression[0]), ("PupilDilate_L", 0 * identity[0])):
        moved = neutral.copy()
        moved[where] += mode
        write_obj(os.path.join(folder, name + ".obj"), moved)
    with open(os.path.join(folder, "vertex_indices.json"), "w") as out:
        json.dump({"idx_to_landmark_verts": where.tolist(), "expressions": ["jawOpen"]}, out)
    # A blend shape of full strength is four standard deviations.
    remember("FaceXModel", mean, identity, 0.25 * expression)

    folder = os.path.join(HERE, "threeddfa")
    os.makedirs(folder, exist_ok=True)
    identity, expression = modes(3, rng), modes(2, rng)
    keys = np.stack([3 * where, 3 * where + 1, 3 * where + 2], axis=1).reshape(-1)
    for name, value in (
            ("u_shp", mesh(mean, where, rng).reshape(-1, 1)),
            ("u_exp", mesh(shift, where, rng).reshape(-1, 1)),
            ("w_shp_sim", basis(identity, where, rng)),
            ("w_exp_sim", basis(expression, where, rng)),
            ("param_std", np.concatenate([np.ones(12), sd, esd]))):
        np.save(os.path.join(folder, name + ".npy"), value.astype(np.float32))
    np.save(os.path.join(folder, "keypoints_sim.npy"), keys)
    remember("threeddfa", mean + shift, sd[:, None, None] * identity, esd[:, None, None] * expression)

    with open(os.path.join(HERE, "goldens.json"), "w") as out:
        json.dump(golden, out)


main()
