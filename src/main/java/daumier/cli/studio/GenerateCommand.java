package daumier.cli.studio;

import com.google.gson.GsonBuilder;
import com.google.gson.JsonObject;
import daumier.cli.Outputs;
import daumier.cli.picture.PictureFile;
import daumier.cli.picture.Provenance;
import daumier.cli.picture.Sheet;
import daumier.cli.run.AtomicFiles;
import daumier.cli.sample.ReferenceOptions;
import daumier.env.caricature.EpisodeSpec;
import daumier.env.caricature.Outcome;
import daumier.env.caricature.PortraitReference;
import daumier.env.caricature.Settings;
import daumier.env.caricature.Split;
import daumier.env.caricature.Studio;
import daumier.env.caricature.Terms;
import daumier.faces.MeterTarget;
import daumier.faces.Picture;
import daumier.faces.measure.FaceAnalysis;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code daumier generate}: a caricature of a person, drawn under a policy. */
@Command(
        name = "generate",
        sortOptions = false,
        description = {
            "Draws caricatures of photographed people, or of made-up ones, under a policy. Writes "
                    + "the picture, a sheet of before, on the way and after, and the schedule that "
                    + "was chosen, as picture and as text."
        },
        footer = {
            "",
            "Examples:",
            "  daumier generate me.jpg",
            "  daumier generate me.jpg --intent nose=1.5,jaw=0 --seed 7 --out drawings",
            "  daumier generate me.jpg --intent artist --artist artist.json",
            "  daumier generate me.jpg --explain",
            "  daumier generate me.jpg --reference me.jpg --reference-timesteps 200-700",
            "  daumier generate --procedural 42 --policy training-runs/mine/policy.zip"
        })
public final class GenerateCommand implements Callable<Integer> {
    private static final double MOST_STRENGTH = 3;
    private static final int SIDE = 192;

    @Spec private CommandSpec spec;

    @Parameters(
            arity = "0..*",
            paramLabel = "PORTRAIT",
            description = "Photographs that show a face, PNG or JPEG.")
    private List<Path> portraits = List.of();

    @Option(
            names = "--procedural",
            split = ",",
            paramLabel = "SEED",
            description = "Made-up faces by seed instead of, or beside, photographs.")
    private List<Long> procedural = List.of();

    @Option(
            names = "--intent",
            paramLabel = "INTENT",
            converter = Intent.Converter.class,
            description = {
                "What to exaggerate. REGION=GAIN,...: jaw, chin, eyes, brows, nose, mouth or all, "
                        + "each with a gain from -1 to 2.5; 0 leaves it as it is.",
                "distinctive (default): 1 where this face is distinctive.",
                "artist: what artists would do, as far as it lies along this face's own "
                        + "deviations, from coefficients that were fitted to their warps "
                        + "(--artist). It is their habit more than this person's likeness: most "
                        + "of what they do they do to every face.",
                "Regions may follow either word: artist,nose=0."
            })
    private Intent intent;

    @Option(
            names = "--artist",
            paramLabel = "FILE",
            description = "Coefficients for --intent artist, fitted to a folder of artists' warps.")
    private Path artist;

    @Option(
            names = "--strength",
            defaultValue = "1",
            description = "Factor on all gains (default: ${DEFAULT-VALUE}).")
    private double strength;

    @Option(
            names = "--adapter-scale",
            defaultValue = "1",
            description =
                    "How strictly the geometry map is followed, 0 to 2; below 1 the LoRA has a say "
                            + "in shapes (default: ${DEFAULT-VALUE}).")
    private double adapterScale;

    @Option(
            names = "--policy",
            paramLabel = "FILE",
            description =
                    "A policy.zip, a run's folder, or the word rule for the hand-written "
                            + "closed-loop rule (default: the reference run's policy).")
    private Path policy;

    @Option(
            names = "--face",
            defaultValue = "0",
            description = "Which of several faces, 1 for the largest (default: the largest).")
    private int face;

    @Option(names = "--prompt", description = "Other words than those found for the person.")
    private String prompt;

    @Option(
            names = "--seed",
            split = ",",
            defaultValue = "0",
            description = "Seed of the noise; several, divided by commas, draw several pictures.")
    private List<Long> seeds;

    @Option(
            names = "--out",
            paramLabel = "FOLDER",
            defaultValue = "caricatures",
            description = "Where the pictures go (default: ${DEFAULT-VALUE}).")
    private Path out;

    @Option(
            names = "--explain",
            description =
                    "Also draws what the policy did and why, beside what the best static schedule "
                            + "that was recorded with the policy makes of the same portrait.")
    private boolean explain;

    @Mixin private ReferenceOptions reference;

    @Mixin private StudioOptions options;

    @Mixin private ModelOptions models;

    @Override
    public Integer call() throws IOException {
        if (portraits.isEmpty() && procedural.isEmpty()) {
            throw new ParameterException(
                    spec.commandLine(), "Name a PORTRAIT to draw, or give --procedural SEED.");
        }
        if (!(strength > 0 && strength <= MOST_STRENGTH)) {
            throw new ParameterException(
                    spec.commandLine(), "--strength must be above 0 and at most 3.");
        }
        if (face < 0) {
            throw new ParameterException(spec.commandLine(), "--face counts from 1.");
        }
        if (!(adapterScale >= 0 && adapterScale <= 2)) {
            throw new ParameterException(
                    spec.commandLine(), "--adapter-scale must lie between 0 and 2.");
        }
        reference.check();
        Optional<PortraitReference> seen = reference.portrait();
        Map<Path, Picture> photographs = new LinkedHashMap<>();
        for (Path portrait : portraits) {
            photographs.put(portrait, PictureFile.read(portrait));
        }
        boolean asked = intent != null && intent.base() == Intent.Base.ARTIST;
        if (artist != null && !asked) {
            throw new ParameterException(
                    spec.commandLine(), "--artist goes with --intent artist: give both.");
        }
        Optional<ArtistGains> habits =
                asked ? Optional.of(ArtistGains.open(artist)) : Optional.empty();
        Outputs.check(out.resolve("picture.png"));
        try (Studio studio = options.open(false)) {
            String style = DefaultStyle.of(studio, options.loras());
            Settings plain = options.settings(studio).withPictures();
            Settings settings = seen.map(plain::with).orElse(plain);
            try (Trials trials = new Trials(studio, settings, studio.episodes(Split.TEST), 1)) {
                ChosenPolicy chosen =
                        ChosenPolicy.of(policy, trials.observationSpace(), trials.actionSpace());
                say(chosen.description());
                for (Sitting sitting : sittings(studio, photographs)) {
                    for (long seed : seeds) {
                        draw(studio, trials, chosen, sitting, habits, style, seed);
                    }
                }
            }
        }
        return 0;
    }

    private void say(String line) {
        PrintWriter writer = spec.commandLine().getOut();
        writer.println(line);
        writer.flush();
    }

    /** All faces are found before the first is drawn, so that a bad photograph is told at once. */
    private List<Sitting> sittings(Studio studio, Map<Path, Picture> photographs)
            throws IOException {
        List<Sitting> sittings = new ArrayList<>();
        if (!photographs.isEmpty()) {
            try (FaceDoor door = FaceDoor.open(studio, models.folder())) {
                say("faces found by " + door.detector());
                for (Map.Entry<Path, Picture> photograph : photographs.entrySet()) {
                    Path portrait = photograph.getKey();
                    FaceAnalysis found =
                            door.read(portrait, photograph.getValue(), Math.max(1, face));
                    if (found.faces() > 1 && face == 0) {
                        say(
                                "%s shows %d faces; the largest is drawn, --face N takes another."
                                        .formatted(portrait, found.faces()));
                    }
                    String name = Outputs.name(portrait).replaceFirst("\\.[A-Za-z]+$", "");
                    String own = face > 1 ? name + "-face" + face : name;
                    sittings.add(Sitting.of(own, found, door.detector()));
                }
            }
        }
        procedural.forEach(seed -> sittings.add(Sitting.procedural(seed)));
        return sittings;
    }

    private void draw(
            Studio studio,
            Trials trials,
            ChosenPolicy chosen,
            Sitting sitting,
            Optional<ArtistGains> habits,
            String style,
            long seed)
            throws IOException {
        EpisodeSpec episode =
                sitting.episode(
                                studio,
                                intent == null ? Intent.NONE : intent,
                                habits,
                                strength,
                                style,
                                prompt,
                                seed)
                        .withAdapterScale(adapterScale);
        boolean[] measured = studio.nets().meter().trusted();
        for (int r = 0; r < measured.length; r++) {
            if (episode.intent()[r] != 0 && !measured[r]) {
                say(
                        "%s: the pack's meter cannot read this region well enough, so it is pushed as asked, but not steered."
                                .formatted(Intent.name(MeterTarget.REGIONS.get(r))));
            }
        }
        Drawing drawing = Drawing.draw(trials.environment(), chosen.policy(), episode);
        String name = sitting.name() + (seeds.size() > 1 ? "-" + seed : "");
        write(studio, chosen, sitting, drawing, name);
        if (explain) {
            explain(trials, chosen, sitting, drawing, out.resolve(name + "-explained.png"));
        }
    }

    private void write(
            Studio studio, ChosenPolicy chosen, Sitting sitting, Drawing drawing, String name)
            throws IOException {
        Outcome outcome = drawing.outcome();
        JsonObject trace = Schedules.trace(outcome);
        trace.addProperty("policy", chosen.name());
        sitting.detector().ifPresent(found -> trace.addProperty("detector", found));
        Path picture = out.resolve(name + ".png");
        PictureFile.write(
                picture,
                outcome.picture(),
                provenance(studio, chosen, sitting, outcome, trace).texts());
        Path sheet = out.resolve(name + "-sheet.png");
        PictureFile.write(sheet, sheet(sitting, drawing), Map.of());
        Schedules.chart(outcome, "How " + chosen.name() + " drew " + name)
                .writePng(out.resolve(name + "-schedule.png"));
        AtomicFiles.write(
                out.resolve(name + "-schedule.json"),
                new GsonBuilder().setPrettyPrinting().disableHtmlEscaping().create().toJson(trace)
                        + "\n");
        Terms terms = outcome.reward();
        say(
                String.format(
                        Locale.ROOT,
                        "%s  %s by %s; alignment %.2f, identity %.2f, style %.2f, %d U-Net calls",
                        picture,
                        Intent.text(outcome.spec().intent()),
                        outcome.spec().lora(),
                        terms.alignment(),
                        terms.identity(),
                        terms.style(),
                        outcome.unetCalls()));
        drawing.unanswered().ifPresent(why -> say("  " + why));
        say(
                "  <lora:%s:%s>"
                        .formatted(outcome.spec().lora(), Schedules.loractl(outcome.decisions())));
        say("  " + sheet);
    }

    private void explain(
            Trials trials, ChosenPolicy chosen, Sitting sitting, Drawing drawing, Path file)
            throws IOException {
        Rivals rivals = chosen.rivals().orElseGet(Rivals::untuned);
        Drawing fixed =
                Drawing.draw(
                        trials.environment(),
                        rivals.fixed(trials.observationSpace()),
                        drawing.outcome().spec());
        new Explanation(
                        sitting.photo().orElseGet(sitting::likeness),
                        sitting.photo().isPresent() ? "photograph" : "the person",
                        chosen.name(),
                        drawing,
                        chosen.rivals().isPresent()
                                ? "best static schedule"
                                : "static schedule (standard, not tuned)",
                        fixed)
                .figure()
                .writePng(file);
        say("  " + file);
        say("  static schedule: " + rivals.descriptions().get(Rivals.STATIC));
    }

    private Provenance provenance(
            Studio studio,
            ChosenPolicy chosen,
            Sitting sitting,
            Outcome outcome,
            JsonObject trace) {
        EpisodeSpec episode = outcome.spec();
        Provenance provenance =
                new Provenance("generate", episode.prompt(), "")
                        .put("Steps", "num_inference_steps", outcome.unetCalls())
                        .put("Sampler", "scheduler", "ddim")
                        .put("Seed", "seed", episode.noiseSeed())
                        .put(
                                "Size",
                                "size",
                                outcome.picture().width() + "x" + outcome.picture().height())
                        .put("Model", "pack", Outputs.name(studio.pack().folder()))
                        .put("LoRA", "lora", episode.lora())
                        .put("Intent", "intent_text", Intent.text(episode.intent()))
                        .put("Policy", "policy", chosen.name());
        provenance.json().addProperty("portrait", sitting.name());
        reference.tell(provenance);
        provenance.json().add("schedule", trace);
        return provenance;
    }

    private static Picture sheet(Sitting sitting, Drawing drawing) {
        List<Picture> pictures = new ArrayList<>();
        List<String> captions = new ArrayList<>();
        sitting.photo()
                .ifPresent(
                        photo -> {
                            pictures.add(photo);
                            captions.add("photograph");
                        });
        pictures.add(sitting.likeness());
        captions.add("as the world draws them");
        List<Picture> previews = drawing.previews();
        for (int i = 0; i < previews.size() - 1; i++) {
            pictures.add(previews.get(i));
            captions.add(
                    String.format(
                            Locale.ROOT,
                            "%.0f%%, LoRA %.2f",
                            100 * drawing.outcome().decisions().get(i).progress(),
                            drawing.outcome().decisions().get(i).loraWeight()));
        }
        pictures.add(drawing.outcome().picture());
        captions.add("finished");
        int columns = pictures.size() > 5 ? (pictures.size() + 1) / 2 : pictures.size();
        Sheet sheet = new Sheet(columns, SIDE, List.of());
        for (int i = 0; i < pictures.size(); i++) {
            sheet.add(pictures.get(i), captions.get(i));
        }
        return sheet.draw();
    }
}
