package daumier.diffusion.sample;

import daumier.diffusion.nn.AutoencoderKL;
import daumier.diffusion.nn.ClipTextConfig;
import daumier.diffusion.nn.ClipTextModel;
import daumier.diffusion.nn.Kernels;
import daumier.diffusion.nn.UNet2DConditionModel;
import daumier.diffusion.nn.UNetConfig;
import daumier.diffusion.nn.VaeConfig;
import daumier.diffusion.text.ClipTokenizer;
import daumier.diffusion.weights.SafetensorsFile;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A Stable Diffusion 1.x checkpoint in one safetensors file, as Stability's own code and the web
 * UIs keep it. It holds no tokenizer: a folder {@code tokenizer} beside it is taken, or the
 * scheduler's configuration from a folder {@code scheduler} if there is one.
 */
final class PackCheckpoint extends PackSource {
    private final String unet;
    private final String vae;
    private final String text;

    PackCheckpoint(Path path) {
        super(path);
        String[] configs =
                timed(
                        path,
                        file -> {
                            try (SafetensorsFile open = SafetensorsFile.open(file)) {
                                LdmConfigs all = new LdmConfigs(open);
                                all.check();
                                return new String[] {all.unet(), all.vae(), all.text()};
                            }
                        });
        unet = configs[0];
        vae = configs[1];
        text = configs[2];
    }

    @Override
    SchedulerConfig schedulerConfig() {
        Path own = folder("scheduler").resolve("scheduler_config.json");
        return Files.isRegularFile(own)
                ? timed(own, SchedulerConfig::read)
                : SchedulerConfig.parse(LdmConfigs.SCHEDULER, path().toString());
    }

    @Override
    Path folder(String component) {
        return path().resolveSibling(component);
    }

    @Override
    UNetConfig unetConfig() {
        return UNetConfig.parse(unet);
    }

    @Override
    VaeConfig vaeConfig() {
        return VaeConfig.parse(vae);
    }

    @Override
    UNet2DConditionModel unet(Opener opener, UNetMaker maker) {
        UNetConfig config = unetConfig();
        LdmUnetNames names =
                new LdmUnetNames(
                        config.layersPerBlock().get(0),
                        config.upBlockTypes().stream().map(t -> t.startsWith("Cross")).toList());
        return timed(path(), file -> maker.make(config, opener.open(file).renamed(names)));
    }

    @Override
    AutoencoderKL vae(Opener opener, Kernels kernels) {
        VaeConfig config = vaeConfig();
        LdmVaeNames names = new LdmVaeNames(config.blockOutChannels().size());
        return timed(
                path(),
                file -> AutoencoderKL.create(config, opener.open(file).renamed(names), kernels));
    }

    @Override
    ClipTextModel textEncoder(Opener opener, TextMaker maker) {
        ClipTextConfig config = ClipTextConfig.parse(text);
        return timed(
                path(),
                file ->
                        maker.make(
                                config,
                                opener.open(file).renamed(key -> LdmConfigs.TEXT_PREFIX + key)));
    }

    @Override
    ClipTokenizer tokenizer() {
        Path folder = folder("tokenizer");
        if (!Files.isDirectory(folder)) {
            throw new PackException(
                    "The checkpoint %s holds no tokenizer; put CLIP's vocab.json and merges.txt into the folder %s."
                            .formatted(path(), folder));
        }
        return timed(folder, ClipTokenizer::open);
    }
}
