package daumier.tests.fuzz;

import ai.djl.ndarray.NDManager;
import daumier.diffusion.lora.LoraFile;
import daumier.diffusion.lora.LoraPair;
import daumier.diffusion.lora.LoraTarget;
import daumier.tests.fuzz.TensorFile.Entry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * LoRA files of every family: tensors that are missing, of other shapes and types, or called as in
 * another family. What is accepted must fit its layer.
 */
public final class LoraFileTarget implements FuzzTarget {
    private static final LoraTarget LINEAR =
            LoraTarget.linear("down_blocks.0.attentions.0.transformer_blocks.0.attn1.to_q", 6, 8);
    private static final LoraTarget CONV =
            LoraTarget.conv("down_blocks.0.resnets.0.conv1", 4, 6, 3);
    private static final LoraTarget TEXT =
            LoraTarget.linear("text_model.encoder.layers.0.self_attn.q_proj", 6, 6);
    private static final List<LoraTarget> LAYERS = List.of(LINEAR, CONV, TEXT);

    private static final String KOHYA =
            "lora_unet_down_blocks_0_attentions_0_transformer_blocks_0_attn1_to_q";
    private static final String KOHYA_CONV = "lora_unet_down_blocks_0_resnets_0_conv1";
    private static final String KOHYA_TEXT = "lora_te_text_model_encoder_layers_0_self_attn_q_proj";
    private static final String DIFFUSERS = "unet." + LINEAR.path();

    /** Ends of names by which a tensor may be called instead. */
    private static final List<String> ROLES =
            List.of(
                    ".lora_down.weight",
                    ".lora_up.weight",
                    ".lora_mid.weight",
                    ".alpha",
                    ".dora_scale",
                    ".hada_w1_a",
                    ".hada_w1_b",
                    ".hada_w2_a",
                    ".hada_w2_b",
                    ".hada_t1",
                    ".hada_t2",
                    ".lokr_w1",
                    ".lokr_w2",
                    ".lokr_w1_a",
                    ".lokr_w2_b",
                    ".lokr_t2",
                    ".diff",
                    ".lora_A.weight",
                    ".lora_B.weight",
                    ".w_norm");

    private static final List<String> DTYPES =
            List.of(
                    "F64", "F32", "F16", "BF16", "I64", "I32", "I16", "I8", "U8", "BOOL",
                    "F8_E4M3");

    private static final List<List<Entry>> FAMILIES =
            List.of(
                    List.of(
                            entry(KOHYA + ".lora_down.weight", 2, 6),
                            entry(KOHYA + ".lora_up.weight", 8, 2),
                            entry(KOHYA + ".alpha"),
                            entry(KOHYA_TEXT + ".lora_down.weight", 1, 6),
                            entry(KOHYA_TEXT + ".lora_up.weight", 6, 1)),
                    List.of(
                            entry(KOHYA_CONV + ".lora_down.weight", 2, 4, 3, 3),
                            entry(KOHYA_CONV + ".lora_up.weight", 6, 2, 1, 1),
                            entry(KOHYA_CONV + ".alpha")),
                    List.of(
                            entry(KOHYA_CONV + ".lora_down.weight", 2, 4, 1, 1),
                            entry(KOHYA_CONV + ".lora_mid.weight", 2, 2, 3, 3),
                            entry(KOHYA_CONV + ".lora_up.weight", 6, 2, 1, 1)),
                    List.of(
                            entry(KOHYA + ".hada_w1_a", 8, 2),
                            entry(KOHYA + ".hada_w1_b", 2, 6),
                            entry(KOHYA + ".hada_w2_a", 8, 2),
                            entry(KOHYA + ".hada_w2_b", 2, 6),
                            entry(KOHYA + ".alpha")),
                    List.of(
                            entry(KOHYA + ".lokr_w1", 2, 2),
                            entry(KOHYA + ".lokr_w2_a", 4, 1),
                            entry(KOHYA + ".lokr_w2_b", 1, 3),
                            entry(KOHYA + ".alpha")),
                    List.of(
                            entry(KOHYA + ".lora_down.weight", 2, 6),
                            entry(KOHYA + ".lora_up.weight", 8, 2),
                            entry(KOHYA + ".dora_scale", 8, 1)),
                    List.of(entry(KOHYA + ".diff", 8, 6)),
                    List.of(
                            entry(DIFFUSERS + ".lora_A.weight", 2, 6),
                            entry(DIFFUSERS + ".lora_B.weight", 8, 2),
                            entry(DIFFUSERS + ".lora_magnitude_vector", 8)));

    private final Path file;
    private final NDManager manager = NDManager.newBaseManager();

    /** Files are written into a folder, one over the other. */
    public LoraFileTarget(Path folder) {
        this.file = folder.resolve("lora.safetensors");
    }

    private static Entry entry(String name, long... shape) {
        return new Entry(name, "F32", shape);
    }

    @Override
    public String name() {
        return "LoRA files";
    }

    @Override
    public void attempt(SplittableRandom random) throws Exception {
        Files.write(file, input(random));
        try (NDManager scratch = manager.newSubManager()) {
            Map<String, LoraPair> pairs = LoraFile.read(file, scratch, LAYERS).pairs();
            for (LoraTarget layer : LAYERS) {
                LoraPair pair = pairs.get(layer.path());
                if (pair != null) {
                    check(layer, pair);
                }
            }
        } catch (IOException e) {
            throw Refusal.of(e.getMessage());
        }
    }

    private static void check(LoraTarget layer, LoraPair pair) {
        long[] down = pair.down().getShape().getShape();
        long[] up = pair.up().getShape().getShape();
        if (!Arrays.equals(down, layer.downShape(pair.rank()))
                || !Arrays.equals(up, layer.upShape(pair.rank()))
                || !Double.isFinite(pair.scale())) {
            throw new AssertionError(
                    "%s does not fit: down %s, up %s, alpha %s, rank %d"
                            .formatted(
                                    layer.path(),
                                    Arrays.toString(down),
                                    Arrays.toString(up),
                                    pair.alpha(),
                                    pair.rank()));
        }
        pair.down().toFloatArray();
        pair.up().toFloatArray();
    }

    private static byte[] input(SplittableRandom random) {
        List<Entry> entries = new ArrayList<>();
        int families = random.nextInt(5) == 0 ? 2 : 1;
        for (int i = 0; i < families; i++) {
            entries.addAll(FAMILIES.get(random.nextInt(FAMILIES.size())));
        }
        for (int edits = random.nextInt(4); edits > 0 && !entries.isEmpty(); edits--) {
            int at = random.nextInt(entries.size());
            Entry old = entries.remove(at);
            if (random.nextInt(5) > 0) {
                entries.add(at, changed(old, random));
            }
        }
        byte[] bytes = TensorFile.of(entries, metadata(random), random);
        return random.nextInt(10) == 0 ? Mutation.of(bytes, random) : bytes;
    }

    private static String metadata(SplittableRandom random) {
        String sound = "\"ss_network_dim\":\"2\",\"lora_adapter_metadata\":\"{\\\"unet.r\\\": 2}\"";
        return random.nextInt(10) == 0 ? Mutation.of(sound, random) : sound;
    }

    private static Entry changed(Entry old, SplittableRandom random) {
        long[] shape = old.shape().clone();
        switch (random.nextInt(5)) {
            case 0 -> {
                String dtype = DTYPES.get(random.nextInt(DTYPES.size()));
                return new Entry(old.name(), dtype, shape);
            }
            case 1 -> {
                String stem = old.name().replaceFirst("\\.(?!.*_blocks)[a-z].*$", "");
                String role = ROLES.get(random.nextInt(ROLES.size()));
                return new Entry(stem + role, old.dtype(), shape);
            }
            case 2 -> shape = Arrays.copyOf(shape, random.nextInt(6));
            default -> {
                long[] sizes = {0, 1, 2, 3, 4, 6, 8, 9, 1L << 31, Long.MAX_VALUE, -1};
                if (shape.length > 0) {
                    shape[random.nextInt(shape.length)] = sizes[random.nextInt(sizes.length)];
                }
            }
        }
        return new Entry(old.name(), old.dtype(), shape);
    }

    @Override
    public void close() throws IOException {
        manager.close();
        Files.deleteIfExists(file);
    }
}
