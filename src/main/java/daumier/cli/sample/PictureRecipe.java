package daumier.cli.sample;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import daumier.cli.UserException;
import daumier.cli.picture.PngText;
import daumier.diffusion.schedule.Composition;
import daumier.diffusion.schedule.LoraSchedule;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How a picture was drawn, as far as its own metadata tells: that of {@code daumier sample}, which
 * is exact, or the {@code parameters} text of the web UIs.
 */
final class PictureRecipe {
    private static final Pattern LORA = Pattern.compile("<lora:([^:<>]+):([^<>]+)>");

    private final Path picture;
    private final boolean exact;
    private final String prompt;
    private final String negativePrompt;
    private final List<LoraArgument> loras;
    private final Map<String, String> values;
    private final RecipeJson json;

    private PictureRecipe(
            Path picture,
            RecipeJson json,
            String prompt,
            String negativePrompt,
            List<LoraArgument> loras,
            Map<String, String> values) {
        this.picture = picture;
        this.exact = json != null;
        this.json = json == null ? new RecipeJson(picture, new JsonObject()) : json;
        this.prompt = prompt;
        this.negativePrompt = negativePrompt;
        this.loras = List.copyOf(loras);
        this.values = values;
    }

    /**
     * Reads a picture's metadata.
     *
     * @throws UserException if it has none that can be drawn from
     * @throws IOException if it cannot be read
     */
    static PictureRecipe read(Path picture) throws IOException {
        if (!Files.exists(picture)) {
            throw new NoSuchFileException(picture.toString());
        }
        Map<String, String> texts = PngText.read(picture);
        Optional<RecipeJson> own = own(picture, texts);
        if (own.isPresent()) {
            return ofOwn(picture, own.get());
        }
        String parameters = texts.get("parameters");
        if (parameters == null) {
            throw new UserException(
                    picture
                            + " says nothing of how it was drawn: only PNG files of daumier sample"
                            + " or of the web UIs do.");
        }
        return ofWeb(picture, PictureParameters.parse(parameters));
    }

    private static Optional<RecipeJson> own(Path picture, Map<String, String> texts) {
        if (!texts.containsKey("daumier")) {
            return Optional.empty();
        }
        JsonElement json;
        try {
            json = JsonParser.parseString(texts.get("daumier"));
        } catch (JsonParseException e) {
            throw new UserException(
                    picture + " has damaged metadata: it is not the JSON that sample writes.", e);
        }
        if (!json.isJsonObject() || !json.getAsJsonObject().has("command")) {
            return Optional.empty();
        }
        RecipeJson own = new RecipeJson(picture, json.getAsJsonObject());
        String command = own.demanded("command");
        if (!command.equals("sample")) {
            throw new UserException(
                    "%s was drawn by daumier %s, which sample cannot draw again: use that command."
                            .formatted(picture, Quoted.of(command)));
        }
        return Optional.of(own);
    }

    private static PictureRecipe ofOwn(Path picture, RecipeJson json) {
        List<LoraArgument> loras = new ArrayList<>();
        for (RecipeJson entry : json.objects("loras")) {
            loras.add(lora(picture, entry.demanded("name"), entry.demanded("weight")));
        }
        return new PictureRecipe(
                picture,
                json,
                json.text("prompt").orElse(""),
                json.text("negative_prompt").orElse(""),
                loras,
                Map.of());
    }

    private static PictureRecipe ofWeb(Path picture, PictureParameters parameters) {
        List<LoraArgument> loras = new ArrayList<>();
        Matcher matcher = LORA.matcher(parameters.prompt());
        while (matcher.find()) {
            loras.add(lora(picture, matcher.group(1), matcher.group(2)));
        }
        String prompt =
                loras.isEmpty()
                        ? parameters.prompt()
                        : matcher.replaceAll("").replaceAll(" {2,}", " ").strip();
        return new PictureRecipe(
                picture, null, prompt, parameters.negativePrompt(), loras, parameters.settings());
    }

    /** Unlike the command line, a picture's text names no file of a schedule or mask to read. */
    private static LoraArgument lora(Path picture, String name, String weight) {
        requirePath(picture, name);
        try {
            return new LoraArgument(name, LoraSchedule.parse(weight), Optional.empty());
        } catch (IllegalArgumentException e) {
            throw new UserException(
                    "%s gives the LoRA %s the weight '%s', which is no schedule; name it with --lora."
                            .formatted(picture, Quoted.of(name), Quoted.of(weight)),
                    e);
        }
    }

    private static void requirePath(Path picture, String name) {
        try {
            if (Path.of(name).getFileName() != null) {
                return;
            }
        } catch (InvalidPathException e) {
            // the same mistake
        }
        throw new UserException(
                "%s names a LoRA '%s', which can be no file; name it with --lora."
                        .formatted(picture, Quoted.of(name)));
    }

    /** Whether the same program wrote it, so that the picture can be the same to the bit. */
    boolean exact() {
        return exact;
    }

    String prompt() {
        return prompt;
    }

    String negativePrompt() {
        return negativePrompt;
    }

    List<LoraArgument> loras() {
        return loras;
    }

    /** How its LoRAs act together; the web UIs add them up. */
    Optional<Composition> composition() {
        return value("compose", "LoRA composition")
                .map(text -> parsed("compose", text, Composition::parse));
    }

    /** The LoRAs' masks by the LoRAs' names: pictures that the metadata does not hold. */
    Map<String, String> masks() {
        Map<String, String> masks = new LinkedHashMap<>();
        for (RecipeJson entry : json.objects("loras")) {
            entry.text("mask").ifPresent(mask -> masks.put(entry.demanded("name"), mask));
        }
        return masks;
    }

    /** The name of what it was drawn with, if it is known. */
    Optional<String> pack() {
        return value("pack", "Model");
    }

    /** Our name of its sampler. */
    Optional<String> scheduler() {
        Optional<String> named = value("scheduler", "Sampler");
        if (named.isEmpty() || exact) {
            return named;
        }
        String schedule = values.getOrDefault("Schedule type", "");
        Optional<String> ours = SamplerNames.ours(named.get(), schedule);
        if (ours.isEmpty()) {
            throw new UserException(
                    "%s was drawn by the sampler %s, which is not known here; name another one with --scheduler."
                            .formatted(picture, Quoted.of(named.get())));
        }
        return ours;
    }

    Optional<Integer> steps() {
        return number("num_inference_steps", "Steps").map(Double::intValue);
    }

    Optional<Double> guidance() {
        return number("guidance_scale", "CFG scale");
    }

    Optional<Long> seed() {
        return value("seed", "Seed").map(text -> parsed("seed", text, Long::valueOf));
    }

    Optional<Integer> clipSkip() {
        return number("clip_skip", "Clip skip").map(Double::intValue);
    }

    /** The web UIs take one setting for both prompts. */
    Optional<Integer> negativeClipSkip() {
        return exact ? number("negative_clip_skip", "").map(Double::intValue) : clipSkip();
    }

    Optional<Double> eta() {
        return number("eta", "Eta DDIM");
    }

    Optional<Double> detailPhase() {
        return number("detail_phase", "Detail phase");
    }

    Optional<Double> strength() {
        return number("strength", "Denoising strength");
    }

    Optional<Double> adapterScale() {
        return number("adapter_scale", "");
    }

    Optional<String> dtype() {
        return value("dtype", "");
    }

    /** Width and height in pixels. */
    Optional<int[]> size() {
        return value("size", "Size")
                .map(
                        text -> {
                            String[] sides = text.split("x", -1);
                            if (sides.length != 2) {
                                throw damaged("size", text, null);
                            }
                            return new int[] {
                                parsed("size", sides[0], Integer::valueOf),
                                parsed("size", sides[1], Integer::valueOf)
                            };
                        });
    }

    /** The name of a file that it was drawn from, under a key of {@code daumier sample}. */
    Optional<String> file(String key) {
        return value(key, "");
    }

    Optional<Double> referenceStrength() {
        return number("reference_strength", "");
    }

    Optional<Long> referenceSeed() {
        return value("reference_seed", "")
                .map(text -> parsed("reference_seed", text, Long::valueOf));
    }

    Optional<TimestepRange> referenceTimesteps() {
        return timesteps("reference_timesteps");
    }

    /** What its previews were led by, with weights. */
    Map<GuideOptions.Kind, Double> guides() {
        Map<GuideOptions.Kind, Double> guides = new EnumMap<>(GuideOptions.Kind.class);
        value("guide", "")
                .ifPresent(
                        text -> {
                            for (String term : text.split(",", -1)) {
                                String[] parts = (term + "=").split("=", -1);
                                guides.put(
                                        parsed(
                                                "guide",
                                                parts[0].toUpperCase(Locale.ROOT),
                                                GuideOptions.Kind::valueOf),
                                        parsed("guide", parts[1], Double::valueOf));
                            }
                        });
        return guides;
    }

    Optional<TimestepRange> guideTimesteps() {
        return timesteps("guide_timesteps");
    }

    Optional<Integer> guideEvery() {
        return number("guide_every", "").map(Double::intValue);
    }

    Optional<GuideOptions.Jacobian> guideJacobian() {
        return value("guide_jacobian", "")
                .map(text -> parsed("guide_jacobian", text, GuideOptions.Jacobian::valueOf));
    }

    /** The names of the files of the LPIPS that guided. */
    List<String> guideLpips() {
        return json.texts("guide_lpips");
    }

    private Optional<TimestepRange> timesteps(String key) {
        return value(key, "").map(text -> parsed(key, text, TimestepRange::parse));
    }

    /** The names of the textual-inversion embeddings that its prompt used. */
    List<String> embeddings() {
        return json.texts("embeddings");
    }

    private Optional<Double> number(String key, String label) {
        return value(key, label).map(text -> parsed(key, text, Double::valueOf));
    }

    private Optional<String> value(String key, String label) {
        return exact ? json.text(key) : Optional.ofNullable(values.get(label));
    }

    private interface Reading<T> {
        T of(String text);
    }

    private <T> T parsed(String what, String text, Reading<T> reading) {
        try {
            return reading.of(text.strip());
        } catch (IllegalArgumentException e) {
            throw damaged(what, text, e);
        }
    }

    private UserException damaged(String what, String text, Exception cause) {
        return new UserException(
                "%s has metadata that cannot be read: its %s is '%s'."
                        .formatted(picture, what.replace('_', ' '), Quoted.of(text)),
                cause);
    }
}
