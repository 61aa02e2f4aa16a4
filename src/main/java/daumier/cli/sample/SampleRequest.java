package daumier.cli.sample;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import daumier.cli.UserException;
import daumier.diffusion.nn.T2IAdapter;
import daumier.diffusion.sample.GenerationRequest;
import daumier.diffusion.sample.LoraUse;
import daumier.diffusion.sample.Pack;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** What the options of {@code daumier sample} ask of a pack, with the files they name read. */
final class SampleRequest {
    private SampleRequest() {}

    /**
     * The request.
     *
     * @param inputs owner of the arrays that are read
     */
    static GenerationRequest of(SampleOptions options, Pack opened, NDManager inputs)
            throws IOException {
        List<LoraUse> uses = new ArrayList<>();
        for (LoraArgument lora : options.loras) {
            NDArray mask = lora.mask().isEmpty() ? null : Inputs.mask(inputs, lora.mask().get());
            uses.add(new LoraUse(lora.resolve(opened.loraFiles()), lora.schedule(), mask));
        }
        GenerationRequest.Builder builder =
                GenerationRequest.of(options.prompt)
                        .negativePrompt(options.negativePrompt)
                        .sampler(options.scheduler)
                        .eta(options.eta)
                        .steps(options.steps)
                        .guidance(options.guidance)
                        .seeds(options.seeds)
                        .width(options.width)
                        .height(options.height)
                        .clipSkip(options.clipSkip)
                        .negativeClipSkip(options.negativeClipSkip)
                        .loras(uses)
                        .composition(options.composition)
                        .strength(options.strength)
                        .adapterFolder(options.adapter)
                        .adapterScale(options.adapterScale);
        options.phase.ask(builder);
        if (options.initImage != null) {
            builder.initImage(
                    Inputs.initialPicture(
                            inputs,
                            options.initImage,
                            options.width,
                            options.height,
                            opened.pictureUnit(),
                            opened.pictureSize()));
        }
        if (options.latents != null) {
            builder.latents(Inputs.tensor(inputs, options.latents, "latents"));
        }
        if (options.adapterImage != null) {
            T2IAdapter network =
                    options.adapter != null
                            ? opened.adapter(options.adapter)
                            : opened.adapter()
                                    .orElseThrow(
                                            () ->
                                                    new UserException(
                                                            "The pack has no adapter of its own;"
                                                                    + " name one with"
                                                                    + " --adapter."));
            boolean follow = options.initImage != null || options.latents != null;
            builder.condition(
                    Inputs.condition(
                            inputs,
                            options.adapterImage,
                            network.config().inChannels(),
                            options.width > 0 || follow ? options.width : opened.pictureSize(),
                            options.height > 0 || follow ? options.height : opened.pictureSize()));
        }
        int[] size = size(options, opened, builder.build());
        options.reference.ask(builder, inputs, size[0], size[1], opened);
        options.guide.ask(builder, inputs, size[0], size[1], opened);
        return builder.build();
    }

    /** Width and height of what will be drawn. */
    private static int[] size(SampleOptions options, Pack opened, GenerationRequest request) {
        int width = opened.pictureSize();
        int height = width;
        if (request.initImage() != null) {
            width = (int) request.initImage().getShape().get(3);
            height = (int) request.initImage().getShape().get(2);
        } else if (request.latents() != null) {
            int down = opened.downscale();
            width = (int) request.latents().getShape().get(3) * down;
            height = (int) request.latents().getShape().get(2) * down;
        }
        return new int[] {
            options.width > 0 ? options.width : width, options.height > 0 ? options.height : height
        };
    }
}
