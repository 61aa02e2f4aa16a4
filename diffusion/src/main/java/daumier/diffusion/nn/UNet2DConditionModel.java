package daumier.diffusion.nn;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import daumier.diffusion.lora.LoraTarget;
import daumier.diffusion.weights.Weights;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.SortedMap;

/**
 * The U-Net of Stable Diffusion (diffusers' UNet2DConditionModel): predicts noise, velocity or
 * picture from noisy latents, a timestep and a text. Differentiable with respect to inputs,
 * parameters and LoRAs while gradients are recorded.
 */
public final class UNet2DConditionModel {
    /**
     * Points of latents that a large network takes at once: those of two pictures of 512x512, which
     * is a guided one. With more the layers' results no longer fit into a processor's caches.
     */
    private static final long POINTS = 2 * 64 * 64;

    private final UNetConfig config;
    private final boolean packed;
    private final Kernels kernels;
    private final Weights weights;
    private final Conv2d convIn;
    private final Linear timeLinear1;
    private final Linear timeLinear2;
    private final List<DownBlock2D> downBlocks = new ArrayList<>();
    private final MidBlock2D midBlock;
    private final List<UpBlock2D> upBlocks = new ArrayList<>();
    private final Norm convNormOut;
    private final Conv2d convOut;
    private final List<Layer> layers;
    private final LoraStack lora;

    private UNet2DConditionModel(UNetConfig c, Weights weights, Kernels kernels, Packer packer) {
        this.config = c;
        this.packed = packer != null;
        this.kernels = kernels;
        this.weights = weights;
        Builder w = Builder.root(weights, packer);
        int first = c.blockOutChannels().get(0);
        convIn = w.conv("conv_in", c.inChannels(), first, 3);
        timeLinear1 = w.linear("time_embedding.linear_1", first, c.timeEmbedDim(), true);
        timeLinear2 = w.linear("time_embedding.linear_2", c.timeEmbedDim(), c.timeEmbedDim(), true);
        for (int i = 0; i < c.blockOutChannels().size(); i++) {
            downBlocks.add(new DownBlock2D(w.at("down_blocks").at(i), c, i));
        }
        midBlock = new MidBlock2D(w.at("mid_block"), c);
        for (int i = 0; i < c.blockOutChannels().size(); i++) {
            upBlocks.add(new UpBlock2D(w.at("up_blocks").at(i), c, i));
        }
        convNormOut = w.norm("conv_norm_out", first);
        convOut = w.conv("conv_out", first, c.outChannels(), 3);
        layers = w.layers();
        lora = new LoraStack(layers, weights.manager());
    }

    /**
     * Builds the model.
     *
     * @throws daumier.diffusion.weights.WeightsException if a tensor is missing or has another
     *     shape
     */
    public static UNet2DConditionModel create(UNetConfig config, Weights weights, Kernels kernels) {
        return new UNet2DConditionModel(config, weights, kernels, null);
    }

    /**
     * Builds the model for drawing in one precision: where the device gains by it, the weights of
     * layers are kept only in the type and order that its passes read. They are no {@link
     * #parameters} then. Passes that record gradients give right results, but unpack each weight.
     *
     * @throws daumier.diffusion.weights.WeightsException if a tensor is missing or has another
     *     shape
     */
    public static UNet2DConditionModel forDrawing(
            UNetConfig config, Weights weights, Kernels kernels, Precision precision) {
        return forDrawing(config, weights, kernels, precision, null);
    }

    /**
     * The same, with packed weights taken from a cache or put into it.
     *
     * @param cache closed before the weights' manager is; or null
     */
    public static UNet2DConditionModel forDrawing(
            UNetConfig config,
            Weights weights,
            Kernels kernels,
            Precision precision,
            PackedCache cache) {
        if (!kernels.isPacking()) {
            return create(config, weights, kernels);
        }
        try (Packer packer = Packer.of(kernels, precision, weights, "unet", cache)) {
            UNet2DConditionModel whole = new UNet2DConditionModel(config, weights, kernels, packer);
            packer.keep();
            return whole;
        }
    }

    /**
     * One prediction.
     *
     * @param sample noisy latents (rows, inChannels, h, w) in the variance-preserving scale
     * @param timesteps (rows) float32, in training steps
     * @param encoderHiddenStates text states (rows, tokens, crossAttentionDim)
     * @return (rows, outChannels, h, w) float32, owned by the manager of {@code sample}
     */
    public NDArray forward(
            NDArray sample, NDArray timesteps, NDArray encoderHiddenStates, Forward f) {
        long rows = sample.getShape().get(0);
        lora.check(f.scales(), rows);
        if (f.shared() != null) {
            int references = f.shared().references();
            if (rows <= references || rows % references != 0) {
                throw new IllegalArgumentException(
                        "%d rows cannot be shared out over %d references among them."
                                .formatted(rows, references));
            }
        }
        int most = mostRows(sample, f);
        return rows <= most
                ? pass(sample, timesteps, encoderHiddenStates, f)
                : inParts(sample, timesteps, encoderHiddenStates, f, most);
    }

    /**
     * How many rows go through the network at once. References must be among the rows that look at
     * them; small networks, whose weights are not packed, gain by every row.
     */
    private int mostRows(NDArray sample, Forward f) {
        if (!packed || f.shared() != null) {
            return Integer.MAX_VALUE;
        }
        Shape shape = sample.getShape();
        return (int) Math.max(2, POINTS / (shape.get(2) * shape.get(3)));
    }

    private NDArray inParts(
            NDArray sample, NDArray timesteps, NDArray states, Forward f, int most) {
        NDManager outside = sample.getManager();
        int rows = Math.toIntExact(sample.getShape().get(0));
        try (NDManager scratch = outside.newSubManager()) {
            NDList parts = new NDList();
            for (int from = 0; from < rows; from += most) {
                int to = Math.min(rows, from + most);
                try (NDManager part = scratch.newSubManager()) {
                    LoraScales scales = f.scales() == null ? null : f.scales().rows(from, to, part);
                    List<NDArray> residuals = null;
                    if (f.adapterResiduals() != null) {
                        residuals = new ArrayList<>();
                        for (NDArray residual : f.adapterResiduals()) {
                            residuals.add(rows(residual, from, to, part));
                        }
                    }
                    NDArray out =
                            pass(
                                    rows(sample, from, to, part),
                                    rows(timesteps, from, to, part),
                                    rows(states, from, to, part),
                                    new Forward(f.precision(), residuals, scales));
                    out.attach(scratch);
                    parts.add(out);
                }
            }
            NDArray all = NDArrays.concat(parts);
            all.attach(outside);
            return all;
        }
    }

    /** Some rows of an array; one that has a single row for all stays as it is. */
    private static NDArray rows(NDArray array, int from, int to, NDManager owner) {
        NDArray part = array.getShape().get(0) == 1 ? array.get("0:1") : array.get(from + ":" + to);
        part.attach(owner);
        return part;
    }

    private NDArray pass(
            NDArray sample, NDArray timesteps, NDArray encoderHiddenStates, Forward f) {
        try (Pass pass = new Pass(kernels, f, sample)) {
            // 1. time
            NDArray time =
                    new Call(
                                    pass,
                                    config.blockOutChannels().get(0),
                                    config.flipSinToCos() ? 1 : 0,
                                    config.freqShift())
                            .add(timeLinear1)
                            .add(timeLinear2)
                            .run("time_embedding", timesteps);
            // 2. picture
            NDArray input = config.centerInputSample() ? pass.own(sample.mul(2).sub(1)) : sample;
            NDArray x = new Call(pass, 1, 1, 0).add(convIn).run("conv_in", input);
            Deque<NDArray> skips = new ArrayDeque<>();
            skips.add(x);
            // 3. down
            for (int i = 0; i < downBlocks.size(); i++) {
                NDArray residual =
                        f.adapterResiduals() == null ? null : f.adapterResiduals().get(i);
                x = downBlocks.get(i).forward(pass, x, time, encoderHiddenStates, residual, skips);
            }
            // 4. middle
            x = midBlock.forward(pass, x, time, encoderHiddenStates);
            // 5. up
            for (UpBlock2D block : upBlocks) {
                x = block.forward(pass, x, time, encoderHiddenStates, skips);
            }
            // 6. out
            NDArray out =
                    new Call(pass, config.normNumGroups(), config.normEps())
                            .add(convNormOut)
                            .add(convOut)
                            .run("norm_silu_conv_out", x);
            return pass.leave(out);
        }
    }

    /**
     * Keeps bfloat16 copies of the weights (half as much memory again), so that passes in {@link
     * Precision#BF16} need not round them each time; results stay the same to the bit. For drawing:
     * copies do not follow weights that change. A model made {@link #forDrawing} has better ones.
     */
    public void keepRounded(boolean keep) {
        layers.forEach(layer -> layer.keepRounded(kernels, keep));
    }

    /** The configuration it was built from. */
    public UNetConfig config() {
        return config;
    }

    /** All parameters by their key in the checkpoint. */
    public SortedMap<String, NDArray> parameters() {
        return weights.parameters();
    }

    /** The layers where a LoRA can attach. */
    public List<LoraTarget> loraTargets() {
        return lora.targets();
    }

    /** The attached LoRAs. */
    public LoraStack lora() {
        return lora;
    }
}
