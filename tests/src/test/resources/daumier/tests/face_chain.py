"""Detect, landmarks, fit and identity as Python people would run them, for timing beside Java.

python face_chain.py CONFIG.json    (numpy, opencv, onnx, onnxruntime)

CONFIG: yunet, arcface (ONNX files), landmarks (the pack's .safetensors; its .json beside it), model
(mean, identity, expression, reference, camera), pictures (PNG files), threads. For each line on the
standard input all pictures are measured once; the answer is one line of JSON: seconds, and at the
first time the 68 landmarks of each picture and its embedding.
"""
import json
import struct
import sys
import time
from concurrent.futures import ThreadPoolExecutor

import cv2
import numpy as np
import onnx
import onnxruntime
from onnx import TensorProto, helper, numpy_helper

SIDE = 128
TEMPLATE = np.array([[38.2946, 51.6963], [73.5318, 51.5014], [56.0252, 71.7366],
                     [41.5493, 92.3655], [70.7299, 92.2041]])
VIEWS = ((1.0, 0.0, 0, 0), (1.04, 0.04, 2, 1), (0.96, -0.04, -2, -1))
CONTOUR = np.arange(17)
BELIEVED = 0.25


def safetensors(path):
    with open(path, "rb") as f:
        header = json.loads(f.read(struct.unpack("<Q", f.read(8))[0]))
        body = f.read()
    kinds = {"F32": "<f4", "F16": "<f2"}
    return {k: np.frombuffer(body[slice(*v["data_offsets"])], kinds[v["dtype"]]).astype(np.float32)
            .reshape(v["shape"]) for k, v in header.items() if k != "__metadata__"}


def session(layers, prefix, tensors, height, width):
    """The network of a card as an ONNX graph, norms folded into the convolutions."""
    nodes, weights = [], {}

    def constant(name, value):
        weights[name] = np.ascontiguousarray(value, np.float32)
        return name

    def convolve(x, key, stride, out):
        t = {n: tensors[key + "." + n] for n in ("weight", "gamma", "beta", "mean", "variance")}
        scale = t["gamma"] / np.sqrt(t["variance"] + 1e-5)
        w = constant(key + ".w", t["weight"] * scale[:, None, None, None])
        b = constant(key + ".b", t["beta"] - t["mean"] * scale)
        k = t["weight"].shape[2]
        nodes.append(helper.make_node("Conv", [x, w, b], [out], kernel_shape=[k, k],
                                      strides=[stride, stride], pads=[k // 2] * 4))
        return out

    def relu(x, out):
        nodes.append(helper.make_node("Relu", [x], [out]))
        return out

    x = "x"
    for i, text in enumerate(layers):
        kind, *numbers = text.split()
        key = "%s.%d" % (prefix, i)
        if kind == "block":
            x = relu(convolve(x, key, int(numbers[2]), key + "c"), key + "r")
        elif kind == "residual":
            a = relu(convolve(x, key + ".first", 1, key + "f"), key + "g")
            a = convolve(a, key + ".second", 1, key + "s")
            nodes.append(helper.make_node("Add", [x, a], [key + "a"]))
            x = relu(key + "a", key + "r")
        elif kind == "halve":
            nodes.append(helper.make_node("AveragePool", [x], [key], kernel_shape=[2, 2], strides=[2, 2]))
            x = key
        elif kind == "flatten":
            nodes.append(helper.make_node("Flatten", [x], [key]))
            x = key
        elif kind == "relu":
            x = relu(x, key)
        elif kind == "linear":
            w, b = constant(key + "w", tensors[key + ".weight"]), constant(key + "b", tensors[key + ".bias"])
            nodes.append(helper.make_node("Gemm", [x, w, b], [key], transB=1))
            x = key
        elif kind != "dropout":
            raise ValueError(text)
    graph = helper.make_graph(
        nodes, prefix,
        [helper.make_tensor_value_info("x", TensorProto.FLOAT, ["n", 3, height, width])],
        [helper.make_tensor_value_info(x, TensorProto.FLOAT, ["n", None])],
        [numpy_helper.from_array(v, k) for k, v in weights.items()])
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)])
    model.ir_version = 8
    return onnx_session(model.SerializeToString())


def onnx_session(source):
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    return onnxruntime.InferenceSession(source, options, providers=["CPUExecutionProvider"])


def similarity(a, b):
    ma, mb = a.mean(0), b.mean(0)
    p, q = a - ma, b - mb
    d = (p ** 2).sum()
    c = (p * q).sum() / d
    s = (p[:, 0] * q[:, 1] - p[:, 1] * q[:, 0]).sum() / d
    r = np.array([[c, -s], [s, c]])
    return np.column_stack([r, mb - r @ ma])


def then(first, second):
    r = second[:, :2] @ first[:, :2]
    return np.column_stack([r, second[:, :2] @ first[:, 2] + second[:, 2]])


def inverse(m):
    r = np.linalg.inv(m[:, :2])
    return np.column_stack([r, -r @ m[:, 2]])


def move(m, points):
    return points @ m[:, :2].T + m[:, 2]


def mirror_partners():
    p = list(range(68))
    for i in range(17):
        p[i] = 16 - i
    for i in range(17, 27):
        p[i] = 43 - i
    for i in range(31, 36):
        p[i] = 66 - i
    for a, b in ((36, 45), (37, 44), (38, 43), (39, 42), (40, 47), (41, 46), (48, 54), (49, 53), (50, 52),
                 (55, 59), (56, 58), (60, 64), (61, 63), (65, 67)):
        p[a], p[b] = b, a
    return np.array(p)


PARTNER = mirror_partners()


class Landmarks:
    def __init__(self, file):
        tensors = safetensors(file)
        with open(file.replace(".safetensors", ".json")) as f:
            card = json.load(f)
        self.mean = np.array(card["mean"], np.float32).reshape(68, 2)
        self.coarse = session(card["design"]["coarse"], "coarse", tensors, SIDE, SIDE)
        self.patches = []
        for p in card["design"]["patches"]:
            net = session(p["layers"], p["name"], tensors, p["height"], p["width"])
            sides = [np.array(p["points"])]
            if p["mirrored"]:
                sides.append(PARTNER[sides[0]])
            self.patches.append((net, sides, p["height"], p["width"]))

    @staticmethod
    def both(crops):
        x = np.stack(crops)[..., ::-1].transpose(0, 3, 1, 2).astype(np.float32) / 127.5 - 1
        return np.ascontiguousarray(np.concatenate([x, x[..., ::-1]]))

    def __call__(self, crops):
        x = self.both(crops)
        return self.refine(x, self.mean + 8 * self.coarse.run(None, {"x": x})[0].reshape(-1, 68, 2), 2)

    def again(self, crops, expected):
        """One look where the landmarks are expected."""
        there = np.stack(expected)
        other = there[:, PARTNER]
        other[..., 0] = SIDE - 1 - other[..., 0]
        return self.refine(self.both(crops), np.concatenate([there, other]).astype(np.float32), 1)

    def refine(self, x, points, passes):
        for _ in range(passes):
            total, votes = np.zeros_like(points), np.zeros(68)
            for net, sides, h, w in self.patches:
                windows, corners = [], []
                for side, ids in enumerate(sides):
                    middle = np.clip(points[:, ids].mean(1), 0, SIDE - 1)
                    corner = np.floor(middle - [(w - 1) / 2, (h - 1) / 2] + 0.5).astype(int)
                    corners.append(corner)
                    for i, (cx, cy) in enumerate(corner):
                        xs = np.clip(np.arange(cx, cx + w), 0, SIDE - 1)
                        ys = np.clip(np.arange(cy, cy + h), 0, SIDE - 1)
                        window = x[i][:, ys][:, :, xs]
                        windows.append(window[..., ::-1] if side else window)
                out = 8 * net.run(None, {"x": np.stack(windows)})[0].reshape(len(sides), len(x), -1, 2)
                for side, ids in enumerate(sides):
                    o = out[side] * ([-1, 1] if side else [1, 1])
                    total[:, ids] += o + corners[side][:, None] + [(w - 1) / 2, (h - 1) / 2]
                    votes[ids] += 1
            points = (total / votes[:, None]).astype(np.float32)
        n = len(x) // 2
        other = points[n:].copy()
        other[..., 0] = SIDE - 1 - other[..., 0]
        mirrored = np.empty_like(other)
        mirrored[:, PARTNER] = other
        return (points[:n] + mirrored) / 2


class Fit:
    """Gauss-Newton on pose, identity and expression with their priors, stray points weighted down."""

    def __init__(self, model):
        self.mean = np.array(model["mean"]).reshape(68, 3)
        self.basis = np.array(model["identity"] + model["expression"]).reshape(-1, 68, 3)
        self.ppu, self.per, self.cx, self.cy = model["camera"]
        self.reference = np.array(model["reference"]).reshape(68, 2)

    def parts(self, th):
        cy, sy, cp, sp, cr, sr = (f(a) for a in th[:3] for f in (np.cos, np.sin))
        r = np.array([[cr, -sr, 0], [sr, cr, 0], [0, 0, 1]]) @ np.array(
            [[cy, 0, sy], [sp * sy, cp, -sp * cy], [-cp * sy, sp, cp * cy]])
        return r, (self.mean + np.tensordot(th[6:], self.basis, 1)) @ r.T

    def project(self, th):
        q = self.parts(th)[1]
        k = self.ppu * np.exp(th[3]) * (1 + self.per * q[:, 2])
        return (q[:, :2] * k[:, None] + [self.cx + th[4], self.cy + th[5]]).reshape(-1)

    def jacobian(self, th):
        j = np.empty((136, len(th)))
        for k in range(6):
            t = np.zeros(len(th))
            t[k] = 1e-4
            j[:, k] = (self.project(th + t) - self.project(th - t)) / 2e-4
        r, q = self.parts(th)
        d = self.basis @ r.T
        f = self.ppu * np.exp(th[3])
        near = 1 + self.per * q[:, 2]
        j[:, 6:] = (f * (d[:, :, :2] * near[:, None] + q[None, :, :2] * (self.per * d[:, :, 2:]))
                    ).reshape(len(self.basis), -1).T
        return j

    def __call__(self, points):
        s = similarity(self.reference, points)
        th = np.zeros(6 + len(self.basis))
        th[2], th[3] = np.arctan2(s[1, 0], s[0, 0]), np.log(np.hypot(s[0, 0], s[1, 0]))
        th[4:6] = move(s, np.array([[self.cx, self.cy]]))[0] - [self.cx, self.cy]
        prior = np.ones(len(th))
        prior[:6] = 1 / np.radians(15) ** 2, 1 / np.radians(6) ** 2, 1e-9, 1e-9, 1e-9, 1e-9
        weight = np.ones(68)
        for _ in range(4):
            w = np.repeat(weight, 2) / 1.2 ** 2
            for _ in range(12):
                j = self.jacobian(th)
                residual = points.reshape(-1) - self.project(th)
                step = np.linalg.solve(j.T @ (w[:, None] * j) + np.diag(prior), j.T @ (w * residual) - prior * th)
                th = th + step
                if np.abs(step).max() < 1e-3:
                    break
            square = ((points.reshape(-1) - self.project(th)).reshape(-1, 2) ** 2).sum(1)
            yaw = th[0]
            weight = 7 / (5 + square / max(1e-4, np.median(square) / 1.386))
            weight /= 1 + (0.2 * self.ppu * np.sin(yaw) / 1.2) ** 2
            slide = abs(np.degrees(yaw)) / 12 * np.maximum(0.25, (CONTOUR - 8) / 8 * np.sign(yaw))
            weight[:17] /= 1 + slide ** 2
        return th


class Chain:
    def __init__(self, config):
        self.yunet = cv2.FaceDetectorYN.create(config["yunet"], "", (320, 320), 0.6, 0.3, 100)
        self.landmarks = Landmarks(config["landmarks"])
        self.fit = Fit(config["model"])
        self.arcface = onnx_session(config["arcface"])
        self.mean = np.array(config["pixels"]["mean"], np.float32)[:, None, None]
        self.std = np.array(config["pixels"]["std"], np.float32)[:, None, None]
        ref = self.fit.reference
        self.five = np.array([ref[36:42].mean(0), ref[42:48].mean(0), ref[30], ref[48], ref[54]])

    @staticmethod
    def crop(picture, frame):
        scale = 1 / np.hypot(frame[0, 0], frame[1, 0])
        fine = max(1, min(16, int(np.ceil(scale))))
        m = fine * frame + [[0, 0, (fine - 1) / 2]] * 2
        out = cv2.warpAffine(picture, m, (fine * SIDE, fine * SIDE), flags=cv2.INTER_LINEAR,
                             borderMode=cv2.BORDER_REPLICATE)
        return out if fine == 1 else cv2.resize(out, (SIDE, SIDE), interpolation=cv2.INTER_AREA)

    def refined(self, frame, th):
        r, s = th[2], np.exp(th[3])
        m = s * np.array([[np.cos(r), -np.sin(r)], [np.sin(r), np.cos(r)]])
        c = np.array([self.fit.cx, self.fit.cy])
        return then(frame, inverse(np.column_stack([m, c + th[4:6] - m @ c])))

    def __call__(self, picture):
        self.yunet.setInputSize(picture.shape[1::-1])
        faces = self.yunet.detect(picture)[1]
        five = max(faces, key=lambda f: f[2] * f[3])[4:14].reshape(5, 2).astype(float)
        rough = similarity(five, self.five)
        th = self.fit(self.landmarks([self.crop(picture, rough)])[0].astype(float))
        frame = self.refined(rough, th)
        expected = move(frame, move(inverse(rough), self.fit.project(th).reshape(68, 2)))
        c = (SIDE - 1) / 2
        jitters = []
        for scale, turn, x, y in VIEWS:
            m = scale * np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]])
            jitters.append(np.column_stack([m, np.array([c + x, c + y]) - m @ [c, c]]))
        views = [self.crop(picture, then(frame, j)) for j in jitters]
        seen = self.landmarks.again(views, [move(j, expected) for j in jitters])
        points = np.mean([move(inverse(j), p) for j, p in zip(jitters, seen)], axis=0)
        fitted = self.fit.project(self.fit(points)).reshape(68, 2)
        points = fitted + BELIEVED * (points - fitted)
        face = cv2.warpAffine(picture, similarity(five, TEMPLATE), (112, 112), flags=cv2.INTER_LINEAR)
        face = (face[..., ::-1].transpose(2, 0, 1).astype(np.float32) - self.mean) / self.std
        v = self.arcface.run(None, {self.arcface.get_inputs()[0].name: face[None]})[0][0]
        return move(inverse(frame), points), v / np.linalg.norm(v)


def main():
    with open(sys.argv[1]) as f:
        config = json.load(f)
    cv2.setNumThreads(1)
    pictures = [cv2.imread(p) for p in config["pictures"]]
    chains = [Chain(config) for _ in range(config["threads"])]

    def share(k):
        return [chains[k](p) for p in pictures[k::len(chains)]]

    first = True
    with ThreadPoolExecutor(len(chains)) as pool:
        for _ in sys.stdin:
            start = time.perf_counter()
            found = list(pool.map(share, range(len(chains))))
            answer = {"seconds": time.perf_counter() - start}
            if first:
                order = [found[i % len(chains)][i // len(chains)] for i in range(len(pictures))]
                answer["landmarks"] = [np.round(p, 3).reshape(-1).tolist() for p, _ in order]
                answer["identity"] = [v.tolist() for _, v in order]
                first = False
            print(json.dumps(answer), flush=True)


main()
