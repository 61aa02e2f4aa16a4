"""Makes the small networks and the numbers that onnxruntime computes with them.

python make_goldens.py [mobilefacenet.onnx]    (numpy, onnx, onnxruntime)

tiny-identity.onnx: (n,3,112,112) -> (n,128). tiny-landmarks.onnx: (1,3,112,112) -> (1,136) in [0,1].
tiny-heatmaps.onnx: (1,3,64,64) -> (1,68,16,16).
goldens.json: outputs on the picture of value(x, y, c) = (3x + 5y + 40c + (x*y)//7) mod 256.
"""
import json
import os
import sys

import numpy as np
import onnx
import onnxruntime
from onnx import TensorProto, helper, numpy_helper

HERE = os.path.dirname(os.path.abspath(__file__))


def picture(side):
    y, x, c = np.meshgrid(np.arange(side), np.arange(side), np.arange(3), indexing="ij")
    return ((3 * x + 5 * y + 40 * c + (x * y) // 7) % 256).astype(np.uint8)


def save(name, nodes, weights, shape_in, shape_out):
    graph = helper.make_graph(
        nodes, name,
        [helper.make_tensor_value_info("input", TensorProto.FLOAT, shape_in)],
        [helper.make_tensor_value_info("output", TensorProto.FLOAT, shape_out)],
        [numpy_helper.from_array(v.astype(np.float32), k) for k, v in weights.items()])
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)])
    model.ir_version = 8
    onnx.checker.check_model(model)
    onnx.save(model, os.path.join(HERE, name + ".onnx"))


def regression(name, out, rng, batch, bias):
    weights = {
        "w1": rng.normal(0, 0.2, (4, 3, 7, 7)), "b1": rng.normal(0, 0.1, 4),
        "w2": rng.normal(0, 0.2, (8, 4, 7, 7)), "b2": rng.normal(0, 0.1, 8),
        "w3": rng.normal(0, 0.05 if out == 128 else 0.002, (out, 8)), "b3": bias,
    }
    nodes = [
        helper.make_node("Conv", ["input", "w1", "b1"], ["a"], kernel_shape=[7, 7], strides=[7, 7]),
        helper.make_node("Relu", ["a"], ["b"]),
        helper.make_node("Conv", ["b", "w2", "b2"], ["c"], kernel_shape=[7, 7], strides=[7, 7]),
        helper.make_node("GlobalAveragePool", ["c"], ["d"]),
        helper.make_node("Flatten", ["d"], ["e"]),
        helper.make_node("Gemm", ["e", "w3", "b3"], ["output"], transB=1),
    ]
    save(name, nodes, weights, [batch, 3, 112, 112], [batch, out])


def heatmaps(rng):
    weights = {"w1": rng.normal(0, 0.1, (68, 3, 4, 4)), "b1": rng.normal(0, 0.1, 68)}
    nodes = [helper.make_node("Conv", ["input", "w1", "b1"], ["output"], kernel_shape=[4, 4], strides=[4, 4])]
    save("tiny-heatmaps", nodes, weights, [1, 3, 64, 64], [1, 68, 16, 16])


def run(path, rgb, mean, std):
    x = ((rgb.astype(np.float32) - mean) / std).astype(np.float32).transpose(2, 0, 1)[None]
    session = onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])
    return session.run(None, {session.get_inputs()[0].name: x})[0][0]


def unit(v):
    return (v / np.linalg.norm(v)).tolist()


rng = np.random.default_rng(5)
regression("tiny-identity", 128, rng, "n", rng.normal(0, 0.1, 128))
regression("tiny-landmarks", 136, rng, 1, rng.uniform(0.2, 0.8, 136))
heatmaps(rng)
tiny = os.path.join(HERE, "tiny-")
goldens = {
    "tiny_identity": unit(run(tiny + "identity.onnx", picture(112), 127.5, 127.5)),
    "tiny_landmarks": run(tiny + "landmarks.onnx", picture(112), 0, 255).tolist(),
}
maps = run(tiny + "heatmaps.onnx", picture(64), 0, 255)
goldens["tiny_heatmaps_argmax"] = [int(m.argmax()) for m in maps]
if len(sys.argv) > 1:
    mean = np.array([0.485, 0.456, 0.406]) * 255
    std = np.array([0.229, 0.224, 0.225]) * 255
    goldens["mobilefacenet"] = unit(run(sys.argv[1], picture(112), mean, std))
with open(os.path.join(HERE, "goldens.json"), "w") as f:
    json.dump(goldens, f)
    f.write("\n")
