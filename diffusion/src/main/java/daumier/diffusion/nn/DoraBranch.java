package daumier.diffusion.nn;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import daumier.diffusion.lora.LoraPair;

/**
 * A DoRA of one layer as a side branch. With V = W + scale · up · down and g = m / |V|, fixed once
 * for the full weight, the changed weight is
 *
 * <ul>
 *   <li>by output: diag(g) V = W + diag(g - 1) W + (scale · diag(g) up) down: a stretch of the
 *       layer's own product, and a product of the same rank;
 *   <li>by input: V diag(g), whose difference to W is of full rank: itself and an identity.
 * </ul>
 *
 * <p>Both are exact at weight 1 (as PEFT and LyCORIS), and linear in the weight like any LoRA here:
 * W + weight · (W' - W), ComfyUI's reading. Weight 0 is the model without it.
 *
 * @param down (r, in), or (r, in, k, k)
 * @param up (out, r), or (out, r, 1, 1), with the pair's scale in it
 * @param diagonal g - 1 as (out, 1) or (out, 1, 1, 1), or null where there is no such part
 */
record DoraBranch(NDArray down, NDArray up, NDArray diagonal) {

    static DoraBranch of(Layer layer, LoraPair pair, NDManager owner) {
        try (NDManager scratch = owner.newSubManager()) {
            NDArray w = layer.copyOfWeight(scratch);
            long out = layer.out();
            long in = layer.in();
            NDArray flat = w.reshape(out, -1);
            NDArray up = scaledUp(pair, scratch);
            NDArray v = flat.add(up.matMul(pair.down().reshape(pair.rank(), -1)));
            NDArray m = pair.magnitude().values().duplicate();
            m.attach(scratch);
            Shape upShape = pair.up().getShape();
            if (pair.magnitude().byOutput()) {
                NDArray g = m.reshape(out, 1).div(v.square().sum(new int[] {1}, true).sqrt());
                long[] column = upShape.getShape().clone();
                column[1] = 1;
                return new DoraBranch(
                        pair.down(),
                        kept(up.mul(g).reshape(upShape), owner),
                        kept(g.sub(1).reshape(new Shape(column)), owner));
            }
            NDArray cube = v.reshape(out, in, -1);
            NDArray g = m.reshape(1, in, 1).div(cube.square().sum(new int[] {0, 2}, true).sqrt());
            NDArray change = cube.mul(g).sub(flat.reshape(out, in, -1));
            long[] downShape = w.getShape().getShape().clone();
            long[] identityShape = upShape.getShape().clone();
            identityShape[1] = out;
            return new DoraBranch(
                    kept(change.reshape(new Shape(downShape)), owner),
                    kept(scratch.eye((int) out).reshape(new Shape(identityShape)), owner),
                    null);
        }
    }

    private static NDArray scaledUp(LoraPair pair, NDManager scratch) {
        NDArray up = pair.up().duplicate();
        up.attach(scratch);
        return up.reshape(up.getShape().get(0), pair.rank()).mul((float) pair.scale());
    }

    private static NDArray kept(NDArray array, NDManager owner) {
        array.attach(owner);
        return array;
    }
}
