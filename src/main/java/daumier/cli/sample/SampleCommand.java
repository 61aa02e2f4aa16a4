package daumier.cli.sample;

import ai.djl.Device;
import ai.djl.ndarray.NDManager;
import daumier.cli.EmbeddedPack;
import daumier.cli.Outputs;
import daumier.cli.PackedWeights;
import daumier.cli.Torch;
import daumier.cli.console.Progress;
import daumier.cli.picture.PictureFile;
import daumier.cli.run.AtomicFiles;
import daumier.diffusion.sample.Generated;
import daumier.diffusion.sample.Generation;
import daumier.diffusion.sample.GenerationRequest;
import daumier.diffusion.sample.Pack;
import daumier.diffusion.sample.Sampler;
import daumier.diffusion.sample.Timings;
import daumier.diffusion.weights.Dtype;
import daumier.diffusion.weights.SafetensorsWriter;
import daumier.faces.Picture;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code daumier sample}: text-to-image and image-to-image from a pack. */
@Command(
        name = "sample",
        sortOptions = false,
        description = {
            "Draws with plain diffusion, without a controller: text-to-image and image-to-image, "
                    + "LoRAs whose weight follows a schedule, an adapter."
        },
        footer = {
            "",
            "Examples:",
            "  daumier sample --prompt \"a portrait of a woman\" --seed 7 --out a.png",
            "  daumier sample --like a.png --guidance 5 --out b.png",
            "  daumier sample --pack ~/models/sd15 --prompt \"a portrait\" \\",
            "      --lora style.safetensors=0.3@0,0.7@1 --scheduler dpm++2m --steps 20"
        })
public final class SampleCommand implements Callable<Integer> {
    @Spec private CommandSpec spec;

    @Mixin private SampleOptions options;

    @Override
    public Integer call() throws IOException {
        Likeness likeness = options.like == null ? null : Likeness.of(options.like);
        if (likeness != null) {
            likeness.fillIn(options);
        }
        options.check();
        for (Path file :
                new Path[] {
                    options.out, options.saveLatents, options.timings, options.plotSchedule
                }) {
            if (file != null) {
                Outputs.check(file);
            }
        }
        notesOfHighRes();
        Path folder = EmbeddedPack.orElse(options.pack);
        long start = System.nanoTime();
        Device place = Torch.start(options.device);
        try (Pack opened = Pack.open(folder, place, options.dtype, PackedWeights.cache())) {
            if (likeness != null) {
                likeness.note(opened).ifPresent(spec.commandLine().getErr()::println);
            }
            if (options.scheduler == null) {
                Sampler.unknownClass(opened.schedulerConfig()).ifPresent(this::noteUnknown);
            }
            Torch.threads(options.threads, opened.pictureSize());
            draw(opened, start);
        }
        return 0;
    }

    private void draw(Pack opened, long start) throws IOException {
        options.embeddings.forEach(opened::addEmbedding);
        try (NDManager inputs = opened.manager().newSubManager();
                Progress progress = Progress.start("drawing", 0)) {
            GenerationRequest request = SampleRequest.of(options, opened, inputs);
            progress.total(options.steps);
            Generation generation = new Generation(opened);
            plot(generation, request);
            try (Generated generated =
                    generation.run(
                            request,
                            step -> {
                                progress.total(step.steps());
                                progress.at(step.index() + 1L);
                            })) {
                write(opened, generated, start);
            }
        }
    }

    private void plot(Generation generation, GenerationRequest request) throws IOException {
        if (options.plotSchedule != null) {
            ScheduleChart.write(
                    options.plotSchedule,
                    options.loras,
                    options.composition,
                    generation.timeline(request));
            spec.commandLine().getOut().println(options.plotSchedule);
        }
    }

    private void noteUnknown(String scheduler) {
        spec.commandLine()
                .getErr()
                .println(
                        "Note: the pack names the scheduler %s, which is not known here; ddim draws instead."
                                .formatted(Quoted.of(scheduler)));
    }

    /** loractl's weights for a second pass are read, and would be lost without a word. */
    private void notesOfHighRes() {
        for (LoraArgument lora : options.loras) {
            if (!lora.schedule().highRes().isEmpty()) {
                spec.commandLine()
                        .getErr()
                        .println(
                                "Note: the LoRA %s has weights for a high-res pass (%s), which sample does not make."
                                        .formatted(
                                                lora.name(),
                                                String.join(
                                                        ", ", lora.schedule().highRes().keySet())));
            }
        }
    }

    private void write(Pack opened, Generated generated, long start) throws IOException {
        long[] shape = generated.pictures().getShape().getShape();
        float[] pixels = generated.pictures().toDevice(Device.cpu(), false).toFloatArray();
        int w = (int) shape[3];
        int h = (int) shape[2];
        for (int i = 0; i < options.seeds.size(); i++) {
            Picture picture = Picture.fromChw(pixels, 3 * w * h * i, w, h);
            Path file =
                    options.seeds.size() == 1
                            ? options.out
                            : Outputs.numbered(options.out, options.seeds.get(i));
            PictureFile.write(
                    file,
                    picture,
                    SampleProvenance.of(options, opened, options.seeds.get(i), w, h));
            spec.commandLine().getOut().println(file);
        }
        if (options.saveLatents != null) {
            Files.createDirectories(options.saveLatents.toAbsolutePath().getParent());
            SafetensorsWriter.write(
                    options.saveLatents,
                    Map.of("latents", generated.latents()),
                    Map.of("prompt", options.prompt),
                    Dtype.F32);
        }
        if (options.timings != null) {
            Timings taken = generated.timings();
            Timings whole =
                    new Timings(
                            taken.loadSeconds(),
                            taken.stepSeconds(),
                            taken.decodeSeconds(),
                            (System.nanoTime() - start) / 1e9,
                            taken.peakRssBytes());
            AtomicFiles.write(options.timings, whole.toJson() + "\n");
        }
    }
}
