"""A program that speaks the protocol without drawing: each lane counts to three."""

import base64
import json
import sys

END = 3


def info(count: int) -> dict:
    found = {"terms": {"composite": 0.5 * count}, "composite": 0.5 * count}
    if count == END:
        names = ("alignment", "identity", "style", "plausibility")
        reward = {"composite": 0.5 * count} | {name: 0.1 for name in names}
        found["outcome"] = {"reward": reward, "unet_calls": 2 * count, "decisions": count}
    return found


def main() -> None:
    lanes = int(sys.argv[sys.argv.index("--lanes") + 1])
    if "--refuse" in sys.argv:
        print("daumier: this pack has no style LoRA.", file=sys.stderr)
        sys.exit(2)
    counts = [0] * lanes
    seeds = [0] * lanes

    def observations():
        return [[count / END, seed % 1000 / 1000] for count, seed in zip(counts, seeds)]

    for line in sys.stdin:
        request = json.loads(line)
        method = request["method"]
        reply = {"id": request["id"]}
        if method == "hello":
            reply |= {
                "protocol": 1,
                "version": "test",
                "lanes": lanes,
                "observation_space": {
                    "low": [0, 0],
                    "high": [1, 1],
                    "parts": {"count": 1, "seed": 1},
                },
                "action_space": {"low": [-1], "high": [1], "parts": {"push": 1}},
            }
        elif method == "reset":
            for reset in request["lanes"]:
                counts[reset["lane"]] = 0
                if reset["seed"] is not None:
                    seeds[reset["lane"]] = reset["seed"]
                else:
                    seeds[reset["lane"]] += 7
            begun = {reset["lane"] for reset in request["lanes"]}
            infos = [{"episode": {"lora": "ink"}} if i in begun else {} for i in range(lanes)]
            reply |= {"observations": observations(), "infos": infos}
        elif method == "step":
            if any(action == [-1.0] for action in request["actions"]):
                sys.exit(3)
            if any(action == [-0.5] for action in request["actions"]):
                reply["error"] = {"type": "contract", "message": "not so."}
            else:
                active = [count < END for count in counts]
                counts = [count + 1 if on else count for count, on in zip(counts, active)]
                reply |= {
                    "observations": observations(),
                    "rewards": [float(on) for on in active],
                    "terminated": [on and c == END for on, c in zip(active, counts)],
                    "truncated": [False] * lanes,
                    "infos": [info(c) if on else {} for on, c in zip(active, counts)],
                }
        elif method == "render":
            pixels = bytes([counts[request["lane"]]] * 12)
            reply |= {"width": 2, "height": 2, "rgb": base64.b64encode(pixels).decode()}
        print(json.dumps(reply), flush=True)


main()
