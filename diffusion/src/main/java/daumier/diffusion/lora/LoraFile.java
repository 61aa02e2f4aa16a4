package daumier.diffusion.lora;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import daumier.diffusion.lora.LoraKey.Role;
import daumier.diffusion.weights.Dtype;
import daumier.diffusion.weights.SafetensorsFile;
import daumier.diffusion.weights.SafetensorsWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** Reads LoRA files of every common family, and writes kohya's. */
public final class LoraFile {

    private static final Pattern OTHER_FORM =
            Pattern.compile(".*\\.(oft_|boft_|glora|a1\\.weight|on_input|w_norm).*");

    private LoraFile() {}

    /**
     * Reads a LoRA and matches it to the layers of a model. Families: kohya (linear, LoCon
     * convolutions, Tucker cores), LyCORIS (LoHa, LoKr, whole differences), diffusers (attention
     * processors, lora.down/up, lora_A/B), PEFT (base_model.model..., with adapter_config.json
     * beside it), cloneofsimo's numbered layers; each of them also as a DoRA.
     *
     * <p>Without an alpha, or with alpha 0, alpha is the rank. Ranks and alphas may differ by
     * layer. Keys of no layer given are listed in the result, not refused.
     *
     * @param file the file, or a folder with adapter_model.safetensors or
     *     pytorch_lora_weights.safetensors
     * @param manager owner of the arrays
     * @param targets layers of the U-Net, of the text encoder, or of both
     * @throws LoraException if the file is for another base model, fits no layer, or has other
     *     shapes, with the reason
     * @throws IOException if the file is not sound safetensors, or cannot be read
     */
    public static LoraWeights read(Path file, NDManager manager, Collection<LoraTarget> targets)
            throws IOException {
        try (SafetensorsFile open = SafetensorsFile.open(resolve(file))) {
            BaseModel.check(open, targets);
            AdapterConfig config = AdapterConfig.read(open.path(), open.metadata());
            List<String> unmatched = new ArrayList<>();
            Map<LoraTarget, Map<Role, String>> layers = match(open, targets, unmatched);
            TreeMap<String, LoraPair> pairs = new TreeMap<>();
            try (NDManager scratch = manager.newSubManager()) {
                PairReader reader = new PairReader(open, config, scratch);
                for (Map.Entry<LoraTarget, Map<Role, String>> layer : layers.entrySet()) {
                    pairs.put(layer.getKey().path(), reader.read(layer.getKey(), layer.getValue()));
                }
                // Only a file that is sound to its end leaves anything behind.
                for (LoraPair pair : pairs.values()) {
                    pair.down().attach(manager);
                    pair.up().attach(manager);
                    if (pair.magnitude() != null) {
                        pair.magnitude().values().attach(manager);
                    }
                }
            }
            int all = open.names().size();
            double fraction = (all - unmatched.size()) / (double) all;
            return new LoraWeights(name(file), pairs, open.metadata(), unmatched, fraction);
        }
    }

    /**
     * For which base model a LoRA file was made, told by its names and shapes alone; empty where
     * they do not tell.
     */
    public static Optional<String> baseModel(SafetensorsFile file) {
        return BaseModel.of(file);
    }

    /**
     * Writes a LoRA in kohya's form, with one alpha for each layer. The metadata other programs
     * read ({@code ss_network_dim}, {@code modelspec.title}, ...) is filled in where it is not
     * given.
     *
     * @param floatType F32, F16 or BF16
     */
    public static void write(
            Path file, LoraWeights lora, Map<String, String> metadata, Dtype floatType)
            throws IOException {
        if (lora.pairs().isEmpty()) {
            throw new IllegalArgumentException("A LoRA without layers is not written");
        }
        try (NDManager scratch = NDManager.newBaseManager()) {
            Map<String, NDArray> tensors = new LinkedHashMap<>();
            lora.pairs()
                    .forEach(
                            (path, pair) -> {
                                String key = LayerSpellings.kohya(path);
                                tensors.put(key + ".alpha", scratch.create((float) pair.alpha()));
                                tensors.put(key + ".lora_down.weight", pair.down());
                                tensors.put(key + ".lora_up.weight", pair.up());
                                if (pair.magnitude() != null) {
                                    tensors.put(key + ".dora_scale", doraScale(pair));
                                }
                            });
            SafetensorsWriter.write(
                    file, tensors, LoraMetadata.completed(lora, metadata), floatType);
        }
    }

    /** LyCORIS keeps magnitudes as a column or a row of the weight. */
    private static NDArray doraScale(LoraPair pair) {
        NDArray values = pair.magnitude().values();
        long[] shape = pair.up().getShape().getShape().clone();
        Arrays.fill(shape, 1);
        shape[pair.magnitude().byOutput() ? 0 : 1] = values.size();
        return values.reshape(new Shape(shape));
    }

    /** Writes a LoRA in kohya's form as F16, as most are kept. */
    public static void write(Path file, LoraWeights lora, Map<String, String> metadata)
            throws IOException {
        write(file, lora, metadata, Dtype.F16);
    }

    private static Map<LoraTarget, Map<Role, String>> match(
            SafetensorsFile file, Collection<LoraTarget> targets, List<String> unmatched)
            throws LoraException {
        LayerSpellings spellings = new LayerSpellings(targets);
        Map<LoraTarget, Map<Role, String>> layers = new LinkedHashMap<>();
        for (String name : file.names()) {
            Optional<LoraKey> key = LoraKey.parse(name);
            Optional<LoraTarget> target = key.flatMap(k -> spellings.target(k.layer()));
            if (target.isEmpty()) {
                unmatched.add(name);
                continue;
            }
            Map<Role, String> roles =
                    layers.computeIfAbsent(target.get(), t -> new EnumMap<>(Role.class));
            String earlier = roles.put(key.get().role(), name);
            if (earlier != null) {
                throw new LoraException(
                        "%s holds two LoRAs: '%s' and '%s' change the same layer."
                                .formatted(file, earlier, name));
            }
        }
        forgetLoneAlphas(layers, unmatched);
        if (layers.isEmpty()) {
            throw new LoraException(noLayer(file));
        }
        return layers;
    }

    /** LoHa and LoKr layers carry an alpha too; without matrices it is nobody's. */
    private static void forgetLoneAlphas(
            Map<LoraTarget, Map<Role, String>> layers, List<String> unmatched) {
        layers.values()
                .removeIf(
                        roles -> {
                            boolean lone = roles.size() == 1 && roles.containsKey(Role.ALPHA);
                            if (lone) {
                                unmatched.add(roles.get(Role.ALPHA));
                            }
                            return lone;
                        });
    }

    private static String noLayer(SafetensorsFile file) {
        if (file.names().stream().anyMatch(OTHER_FORM.asMatchPredicate())) {
            return file
                    + " is of a form that is not supported (OFT, GLoRA, IA3 and changes of norms"
                    + " only): extract it to a plain LoRA first.";
        }
        return "%s changes no layer of this model: it is no LoRA, or one for another model."
                .formatted(file);
    }

    private static Path resolve(Path file) throws LoraException {
        if (!Files.isDirectory(file)) {
            return file;
        }
        for (String name :
                List.of("adapter_model.safetensors", "pytorch_lora_weights.safetensors")) {
            if (Files.isRegularFile(file.resolve(name))) {
                return file.resolve(name);
            }
        }
        throw new LoraException(
                file
                        + " holds no LoRA: adapter_model.safetensors or"
                        + " pytorch_lora_weights.safetensors is expected there.");
    }

    private static String name(Path file) {
        String name = String.valueOf(file.toAbsolutePath().normalize().getFileName());
        return name.endsWith(".safetensors")
                ? name.substring(0, name.length() - ".safetensors".length())
                : name;
    }
}
